"""One page in the browser: what it asks for, when it is done, and its list turned page by page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from playwright.async_api import Error, Page, Route
from playwright.async_api import Request as Wanted
from scrapy import Request
from scrapy.http.request import NO_CALLBACK
from scrapy_playwright.page import PageMethod

from archive.stored import StoredCapture
from parsers.errors import ArchiveError, DigestMismatch, MissingCapture
from spiders.addresses import host_of
from spiders.heads import field
from spiders.identity import identity
from spiders.outcomes import HostBlocked, Postponed, Refused, message
from spiders.pagers.clicks import MARK, NAMES, SIGNS, WORDS, number
from spiders.session import session_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# A list is drawn without any of these. Style sheets are answered empty: some loaders wait for them.
UNSEEN = ("image", "font", "media", "ping", "websocket", "eventsource", "manifest", "texttrack")
MOST = 60  # requests of one page
CLOSING = 10.0  # seconds that a page may take to close
QUIET = 0.7  # seconds without a request after which a page is taken for drawn
# Headers of the browser's own; what a page's script adds to its calls goes out with them.
_OWN = ("accept-", "sec-", "user-agent", "cookie", "host", "connection", "content-", "origin")
_KEPT = ("accept", "content-type")
_FIND_NEXT = Path(__file__).with_name("find_next.js").read_text("utf-8").partition("\n")[2]
_CLUES = [MARK, list(WORDS), list(SIGNS), list(NAMES)]
_Answer = tuple[int, str, bytes]  # status, Content-Type, body
Locks = WeakValueDictionary[str, asyncio.Lock]


class Drawing:
    """`stopped` is what ends it before its end: the day's budget, a block, the end of the crawl."""

    LONGEST: ClassVar[float] = 600.0  # seconds, most of them spent in waiting for turns

    def __init__(self, crawler: Crawler, request: Request, locks: Locks) -> None:
        self.crawler = crawler
        self._locks = locks
        self.session = session_of(crawler)
        self.request = request
        self.portal = str(request.meta["portal"])
        self.lost: dict[str, str] = {}
        self.stopped: Exception | None = None
        self._asked = 0
        self._pending = 0
        self._last = time.monotonic()
        self._end = self._last + self.LONGEST
        self._opened = False
        self._tab: Page | None = None
        parts = urlsplit(request.url)
        self._shared = {  # another host of the portal may answer; our own walls are elsewhere
            "access-control-allow-origin": f"{parts.scheme}://{parts.netloc}",
            "access-control-allow-credentials": "true",
        }

    def meta(self) -> dict[str, object]:
        limit = self.LONGEST * 1000
        return {
            "playwright": True,
            "playwright_page_init_callback": self.begin,
            "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded", "timeout": limit},
            "playwright_page_methods": [PageMethod(self.turn)],
        }

    def check(self) -> None:
        """Raises what stopped it; what the page did not get matters if its list stays empty."""
        if self.stopped is not None:
            raise self.stopped
        self.request.meta["lost"] = list(self.lost.values())

    async def begin(self, page: Page, request: Request) -> None:
        """This answer comes before scrapy-playwright's own, which would use a network."""
        self._tab = page
        self._end = time.monotonic() + self.LONGEST  # not before: the browser itself takes a while
        await page.route("**", self._answer)

    async def close(self) -> None:
        """Whatever became of the page: one that hangs would go on for ever."""
        if self._tab is not None and not self._tab.is_closed():
            with suppress(Error, TimeoutError):
                async with asyncio.timeout(CLOSING):
                    await self._tab.close()

    async def turn(self, page: Page) -> None:
        """Waits until the list is drawn, and turns it to the page that is wanted."""
        for _ in range(number(self.request.body) - 1):
            if not await self._next(page):
                break
            await page.evaluate(f"document.querySelector('[{MARK}]').click()")
        await self._next(page)
        self._end = 0.0

    async def _next(self, page: Page) -> bool:
        """Whether the drawn list has a next page; its control is marked."""
        await self._settled()
        while True:
            try:
                return bool(await page.evaluate(_FIND_NEXT, _CLUES))
            except Error:  # it is moving to another page
                if self._over:
                    raise
                await self._settled()

    async def _settled(self) -> None:
        self._last = time.monotonic()
        while not self._over and (self._pending or time.monotonic() - self._last < QUIET):
            await asyncio.sleep(0.05)

    @property
    def _over(self) -> bool:
        return self.stopped is not None or time.monotonic() > self._end

    async def _answer(self, route: Route, wanted: Wanted) -> None:
        self._pending += 1
        try:
            answer = await self._got(wanted)
            with suppress(Error):  # the page may be gone by now
                if answer is None:
                    await route.abort()
                else:
                    status, kind, body = answer
                    headers = {"content-type": kind, **self._shared}
                    await route.fulfill(status=status, headers=headers, body=body)
        finally:
            self._pending -= 1
            self._last = time.monotonic()

    async def _got(self, wanted: Wanted) -> _Answer | None:
        """None for what the page is not given."""
        if wanted.resource_type == "stylesheet":
            return 200, "text/css", b""
        if wanted.resource_type in UNSEEN or self._over:
            return None
        if wanted.is_navigation_request() and not self._opened:
            self._opened = True  # it came a moment ago: that capture is what is drawn
            return self._page()
        if wanted.is_navigation_request() and _is_framed(wanted):
            return None  # a frame's list is a page of its own
        body = wanted.post_data_buffer or b""
        key = f"{wanted.method} {identity(wanted.url)} {body!r}"
        lock = self._locks.get(key) or self._locks.setdefault(key, asyncio.Lock())
        async with lock:  # pages of one portal share their scripts
            return self._stored(wanted.url, wanted.method, body) or await self._asks(wanted, body)

    def _page(self) -> _Answer | None:
        """What the server sent last. The shell of a report is no good page by itself."""
        url, store = identity(self.request.url), self.session.store
        if self.request.meta["kind"] == "listing":
            good = store.last_good(url)
            return self._body_of(good) if good else None
        where = "url = ? AND method = 'GET' AND outcome = 'failed' AND body_sha256 IS NOT NULL"
        here = list(store.captures(f"crawl = ? AND {where}", (self.session.crawl, url)))
        found = here or list(store.captures(where, (url,)))
        return self._body_of(found[-1]) if found else None

    def _stored(self, url: str, method: str, body: bytes) -> _Answer | None:
        """What was asked in this crawl already."""
        good = self.session.store.last_good(identity(url), method, body)
        if good is None or good.crawl != self.session.crawl:
            return None
        return self._body_of(good)

    def _body_of(self, good: StoredCapture) -> _Answer | None:
        try:
            body = self.session.store.body(good.body_sha256 or "")
        except (DigestMismatch, MissingCapture):
            return None
        kind = field(good.response_head, "Content-Type").decode("latin-1")
        return 200, kind or "text/html", body

    async def _asks(self, wanted: Wanted, body: bytes) -> _Answer | None:
        self._asked += 1
        if self._asked > MOST:
            self.lost["more"] = f"its script asks for more than {MOST} answers"
            return None
        request = Request(
            wanted.url,
            method=wanted.method,
            body=body,
            headers=_sent_on(await wanted.all_headers()),
            meta={"portal": self.portal, "kind": "other"},
            priority=self.request.priority,
            callback=NO_CALLBACK,
            dont_filter=True,
        )
        try:
            async with asyncio.timeout(max(self._end - time.monotonic(), 0.0)):
                response = await self.crawler.engine.download_async(request)
        except (Postponed, HostBlocked, ArchiveError) as error:
            self.stopped = self.stopped or error
        except Refused as error:
            host = host_of(wanted.url)
            self.lost[f"{host} {error.outcome}"] = f"its script wants {host}: {error.reason}"
        except Exception as error:
            self.lost[wanted.url] = f"its script did not get {wanted.url}: {message(error)}"
        else:
            kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
            return response.status, kind, response.body
        return None


def _is_framed(wanted: Wanted) -> bool:
    try:
        return wanted.frame.parent_frame is not None
    except Error:  # a window that is only being opened
        return True


def _sent_on(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in headers.items()
        if name in _KEPT or not name.startswith((*_OWN, ":"))
    }
