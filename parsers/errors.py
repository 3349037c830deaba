"""Errors by the action they call for.

GongkaiError
├─ RegistryError, FormError     a bad data file: refused at load, before any work
├─ FetchError                   NoBrowser, Unending (spiders.browser)
├─ ReadError                    Undecodable, Encrypted, TooLarge
└─ ArchiveError                 DigestMismatch, MissingCapture, SchemaTooNew, SchemaTooOld, Locked,
                               Unwritable

An error about one page becomes a row with the error's name and the run goes on. Anything that is
not in this tree is a bug and stops the run.
"""


class GongkaiError(Exception):
    """Root of all errors that a user can cause or cure; its text is one line."""


class RegistryError(GongkaiError):
    """A portal entry that cannot be used."""


class FormError(GongkaiError):
    """A form file that contradicts itself or the dictionary."""


class FetchError(GongkaiError):
    """A page that did not come, or not as itself."""


class ReadError(GongkaiError):
    """Bytes that hold no readable report; `code` is the problem recorded for them."""

    code = "not-a-report"


class Undecodable(ReadError):
    code = "undecodable"


class Encrypted(ReadError):
    code = "encrypted"


class TooLarge(ReadError):
    code = "too-large"


class ArchiveError(GongkaiError):
    """An archive that cannot be read or written safely."""


class DigestMismatch(ArchiveError):
    """A stored body whose SHA-256 is no longer its own."""


class MissingCapture(ArchiveError):
    """A reference to a capture that is not there."""


class SchemaTooNew(ArchiveError):
    """A file written by a newer release."""


class SchemaTooOld(ArchiveError):
    """A file written by an older release; a writer carries it over."""


class Locked(ArchiveError):
    """Another process is writing this file."""


class Unwritable(ArchiveError):
    """The data folder or its disk refuses to be written."""
