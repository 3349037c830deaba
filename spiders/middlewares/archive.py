"""Position 950, next to the wire: every exchange is kept before anything else sees it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from archive.stored import StoredCapture
from archive.visits import UNSENT
from parsers.errors import ArchiveError, DigestMismatch, MissingCapture
from parsers.model import RENDER, Capture
from spiders import exchange
from spiders.addresses import address, host_of, is_loopback, is_private
from spiders.outcomes import HostBlocked, Needless, Postponed, Refused
from spiders.room import MB, Room
from spiders.sameness import same_text
from spiders.session import Session, session_of
from spiders.standing import note_answer, note_failure

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

GOOD = ("ok", "not-modified")


class ArchiveMiddleware:
    """Redirects, retries, 304, robots.txt, failures and refusals: all become captures."""

    def __init__(self, session: Session, room: Room) -> None:
        self.session = session
        self.room = room

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        session, settings = session_of(crawler), crawler.settings
        size, free = settings.getint("GONGKAI_MAX_SIZE"), settings.getint("GONGKAI_MIN_FREE")
        return cls(session, Room(session.store.path, size * MB, free * MB))

    def process_response(self, request: Request, response: Response) -> Response:
        try:
            return self._received(request, response)
        finally:
            self._release(request)

    def _received(self, request: Request, response: Response) -> Response:
        if request.method == RENDER:
            self._keep(request, exchange.drawn(request, response))
            return response
        if response.ip_address and is_private(response.ip_address) and not _may(request):
            capture = exchange.misled(request, response)
            self._keep(request, capture)
            raise Refused("off-portal", capture.error)
        capture = exchange.answered(request, response)
        self._keep(request, capture)
        note_answer(self.session.hosts, capture, response)
        if capture.body is None:
            return response
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)  # the body below is the entity itself
        kind = responsetypes.from_args(headers=headers, url=response.url, body=capture.body)
        return response.replace(cls=kind, headers=headers, body=capture.body)

    def process_exception(self, request: Request, exception: Exception) -> None:
        try:
            self._missed(request, exception)
        finally:
            self._release(request)

    def _release(self, request: Request) -> None:
        """Only now that it is judged may the next request to this host go out."""
        if host := request.meta.pop("turn", ""):
            self.session.pace.answered(host)
            self.session.hosts.release(host)

    def _missed(self, request: Request, exception: Exception) -> None:
        request.meta["outcome"] = None
        if isinstance(exception, HostBlocked | Needless | Postponed | ArchiveError):
            return  # nothing was sent, and nothing learnt
        if isinstance(exception, IgnoreRequest) and not isinstance(exception, Refused):
            return
        capture = exchange.failed(request, exception)
        self._keep(request, capture)
        note_failure(self.session.hosts, capture)

    def _keep(self, request: Request, capture: Capture) -> None:
        if self.session.error:
            raise self.session.error
        task = exchange.task_of(request)
        leaf = task is not None and task.kind == "attachment" and capture.outcome in GOOD
        try:
            self.room.check()
            self.session.store.record(
                capture,
                crawl=self.session.crawl,
                task=task.id if task is not None and leaf else None,
            )
        except ArchiveError as error:
            self.session.error = error
            raise
        request.meta["outcome"] = capture.outcome
        request.meta["error"] = capture.error
        request.meta["moved_to"] = capture.redirect_to
        tally = self.session.tallies[capture.portal]
        tally.asked += int(capture.outcome not in UNSENT and capture.method != RENDER)
        tally.wire += capture.wire_length or 0
        if task is not None and task.kind != "listing" and capture.outcome in GOOD:
            self._count(capture, request.meta.get("last_good"))

    def _count(self, capture: Capture, before: object) -> None:
        tally = self.session.tallies[capture.portal]
        tally.fetched += 1
        if not isinstance(before, StoredCapture) or self._was_list(capture, before):
            tally.new += 1
        elif self._is_same(capture, before):
            tally.unchanged += 1
            return
        tally.changed += 1

    def _was_list(self, capture: Capture, before: StoredCapture) -> bool:
        """Whether this report was so far only seen when it was taken for a list."""
        told = (before.url, capture.kind)
        count = self.session.store.count
        return before.kind == "listing" and count("url = ? AND kind = ?", told) < 2

    def _is_same(self, capture: Capture, before: StoredCapture) -> bool:
        """304, the same bytes, or other bytes around the same text: counters, dates, tokens."""
        if capture.body is None or _digest(capture.body) == before.body_sha256:
            return True
        try:
            stored = self.session.store.body(before.body_sha256 or "")
        except (DigestMismatch, MissingCapture):
            return False
        return same_text(stored, capture.body)


def _may(request: Request) -> bool:
    """A portal that itself lies on loopback may answer from there; bounds saw to its name."""
    host = host_of(request.url)
    return address(host) is not None or is_loopback(host)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
