"""One page through the parsers, in this process or in a worker."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from dataclasses import dataclass

from archive.fact_rows import Kept, canonical, kept, output_sha256
from archive.facts import Source
from parsers.model import Hints, Report

# body, url, content type, hints
Read = Callable[[bytes, str, str, Hints], Report]
CONTENT_TYPE = re.compile(rb"^content-type[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Engine:
    """What reads, and the fingerprint of everything that its answers depend on."""

    fingerprint: str
    read: Read
    ask: Callable[[], str] | None = None  # what another machine calls to tell its own fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A body to be read, with what the capture knows about it."""

    source: Source
    body: bytes
    content_type: str
    hints: Hints


@dataclass(frozen=True, slots=True)
class Output:
    """A reading on its way back: its identity, and its rows, opened only if they are news.

    The rows are made where the page is read: who writes has one process for all of them, and plain
    tuples travel in a sixth of the time of a report.
    """

    sha256: str
    pickled: bytes

    def kept(self) -> Kept:
        """The rows."""
        rows: Kept = pickle.loads(self.pickled)
        return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The bodies of one address that must be read together so that each change has one cause."""

    url: str
    pages: tuple[Page, ...]  # bodies held so far, then the newest one


@dataclass(frozen=True, slots=True)
class ReadPages:
    """Reads the pages of a job; picklable when `read` is a function of a module."""

    read: Read

    def __call__(self, job: Job) -> tuple[Output, ...]:
        return tuple(self._output(page) for page in job.pages)

    def _output(self, page: Page) -> Output:
        report = self.read(page.body, page.source.url, page.content_type, page.hints)
        spelled = canonical(report)
        return Output(output_sha256(spelled), pickle.dumps(kept(report, clean=_clean(spelled))))


def _clean(spelled: bytes) -> bool:
    """Whether all of a report is text that SQLite can store as it is."""
    try:
        spelled.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def parsers_engine() -> Engine:
    """Today's parsers."""
    from parsers import fingerprint

    return Engine(fingerprint(), read_page, fingerprint)


def read_page(body: bytes, url: str, content_type: str, hints: Hints) -> Report:
    """`parsers.read` as a Read."""
    from parsers import read

    return read(body, url=url, content_type=content_type, hints=hints)


def patience(job: Job) -> float:
    """Seconds after which a job hangs, by the kinds of its bodies."""
    from parsers.allowances import patience as of_body

    return sum(of_body(page.body, has_pictures=bool(page.hints.pictures)) for page in job.pages)


def content_type(head: bytes) -> str:
    """The declared type in a response head, as sent."""
    found = CONTENT_TYPE.search(head)
    return found[1].strip().decode("latin-1") if found else ""
