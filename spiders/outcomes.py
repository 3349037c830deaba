"""What became of a request: an exception or an answer, as the outcome that the archive keeps."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator

from OpenSSL import SSL
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from service_identity import VerificationError

from parsers.model import Outcome

_EXCEPTIONS: tuple[tuple[type[BaseException], Outcome], ...] = (
    (ssl.SSLError, "tls"),
    (CannotResolveHostError, "dns"),
    (DownloadTimeoutError, "timeout"),
    (DownloadConnectionRefusedError, "connection"),
    (ResponseDataLossError, "truncated"),
    (DownloadCancelledError, "too-large"),
    (SSL.Error, "tls"),
    (VerificationError, "tls"),
    (TimeoutError, "timeout"),
    (OSError, "connection"),
)
_FAILURE = re.compile(r"<twisted\.python\.failure\.Failure (?:[\w.]+\.)?(\w+: .*?)>(?=,|\]|$)")
_REDIRECTS = (301, 302, 303, 307, 308)
_FAULTS: tuple[Outcome, ...] = ("truncated", "timeout", "dns", "tls", "connection", "too-large")
# Of the host, not of the page: three in a row and the host is left for another day.
HOST_FAULTS: frozenset[Outcome] = frozenset({"timeout", "dns", "tls", "connection"})


class Refused(IgnoreRequest):
    """A request that we do not make; the archive records it with its reason."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason


class Postponed(IgnoreRequest):
    """A request that must wait: nothing about it is known, so nothing is recorded."""

    def __init__(self, reason: str, until: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.until = until  # seconds since the epoch; None is the next crawl


class Needless(IgnoreRequest):
    """A request whose answer nobody needs any more."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class HostBlocked(IgnoreRequest):
    """A request to a host that has challenged us in this crawl."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def of_exception(error: BaseException) -> Outcome:
    """The outcome behind a download error, also when it is wrapped in others."""
    if isinstance(error, Refused):
        return error.outcome
    chain = list(causes(error))
    known = (
        outcome for kind, outcome in _EXCEPTIONS if any(isinstance(cause, kind) for cause in chain)
    )
    lost = any(type(cause).__module__.startswith("twisted.") for cause in chain)
    return next(known, "connection" if lost else "failed")


def of_exchange(request: Request, error: BaseException) -> Outcome:
    """What the archive wrote down, unless it was a good page that came to grief afterwards."""
    if isinstance(error, HostBlocked):
        return "blocked"
    written = request.meta.get("outcome")
    kept = next((known for known in _FAULTS if known == written), None)
    return kept or of_exception(error)


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what it was raised from, and what Twisted packed into its `reasons`."""
    seen: list[BaseException] = []
    queue = [error]
    while queue:
        found = queue.pop(0)
        if found is None or found in seen:
            continue
        seen.append(found)
        yield found
        queue += [found.__cause__, found.__context__]
        queue += [getattr(reason, "value", None) for reason in getattr(found, "reasons", ())]


def of_status(status: int, has_location: bool, cut: bool) -> Outcome:
    """The outcome of an answer that is no challenge."""
    if status == 304:
        return "not-modified"
    if status in _REDIRECTS and has_location:
        return "redirect"
    if cut or status == 206:  # a part that nobody asked for
        return "truncated"
    return "ok" if 200 <= status < 300 else "http-error"


def message(error: BaseException) -> str:
    """One line for the archive; never longer than a line should be."""
    text = " ".join(str(error).split()) or type(error).__name__
    return _FAILURE.sub(r"\1", text)[:300].strip("[]")
