"""The leg for requests of method RENDER."""

from __future__ import annotations

import asyncio
import copy
import logging
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from playwright.async_api import Browser, Error
from playwright.async_api import TimeoutError as Slow
from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import HtmlResponse, Response
from scrapy.settings import BaseSettings
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.provider import PlaywrightBrowserProvider

from parsers.errors import FetchError

from .drawing import Drawing, Locks

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

TYPE = "text/html; charset=utf-8"
GRACE = 30.0  # seconds for what comes after a page was drawn
SYSTEM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A proxy that is not there: what would slip past our own answers goes nowhere, also to addresses.
NOWHERE = {"server": "http://127.0.0.1:9", "bypass": "<-loopback>"}


class NoBrowser(FetchError):
    """Neither Playwright's own Chromium nor the system's is here."""


class Unending(FetchError):
    """A page whose script never gives the browser back."""


class Provider(PlaywrightBrowserProvider):  # type: ignore[misc]  # it is not typed
    """Playwright's Chromium where it was downloaded, else the system's."""

    async def launch_browser(self) -> Browser:
        own = self.browser_type.executable_path if self.browser_type else ""
        found = (
            own
            if own and Path(own).is_file()
            else next(filter(None, map(shutil.which, SYSTEM)), None)
        )
        if found is None:
            raise NoBrowser("no Chromium is here: install chromium, or run playwright install")
        self.config.launch_options["executable_path"] = found
        try:
            browser: Browser = await super().launch_browser()
        except Error as error:
            hint = ": GONGKAI_BROWSER=nosandbox goes without" if "sandbox" in str(error) else ""
            raise NoBrowser(f"{found} does not start{hint}") from error
        return browser


class BrowserHandler(BaseDownloadHandler):
    """Answers with the page as it stands once its scripts are done."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.crawler = crawler
        self._locks: Locks = WeakValueDictionary()
        self._starting: asyncio.Task[ScrapyPlaywrightDownloadHandler] | None = None

    async def download_request(self, request: Request) -> Response:
        self._starting = self._starting or asyncio.ensure_future(_started(self.crawler))
        inner = await asyncio.shield(self._starting)
        drawing = Drawing(self.crawler, request, self._locks)
        asked = Request(request.url, meta=drawing.meta(), dont_filter=True)
        response: Response | None = None
        try:
            with suppress(TimeoutError, Slow):  # of the page, and no fault of its host
                async with asyncio.timeout(Drawing.LONGEST + GRACE):
                    response = await inner.download_request(asked)
        finally:
            await drawing.close()
            drawing.check()
        if response is None:
            raise Unending(f"its script did not end in {Drawing.LONGEST:g} s")
        request.meta["download_latency"] = asked.meta.get("download_latency")
        body = response.text.encode("utf-8", "backslashreplace")
        return HtmlResponse(request.url, headers={"Content-Type": TYPE}, body=body, request=request)

    async def close(self) -> None:
        starting = self._starting
        if starting is not None and starting.done() and starting.exception() is None:
            await starting.result().close()


async def _started(crawler: Crawler) -> ScrapyPlaywrightDownloadHandler:
    """Scrapy starts a handler together with the engine; this one only when a page wants it."""
    # It warns, with a traceback, of what is an outcome here.
    logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)
    own = copy.copy(crawler)
    own.settings = crawler.settings.copy()
    own.settings.frozen = False
    for name, value in _settings(crawler.settings).items():
        own.settings.set(name, value, priority="cmdline")
    handler = ScrapyPlaywrightDownloadHandler(own)
    await handler._launch()
    return handler


def _settings(ours: BaseSettings) -> dict[str, object]:
    context = {"user_agent": ours["USER_AGENT"], "locale": "zh-CN", "service_workers": "block"}
    # Chromium has none for root.
    sandbox = os.geteuid() != 0 and ours.get("GONGKAI_BROWSER") != "nosandbox"
    return {
        "PLAYWRIGHT_BROWSER_PROVIDER": Provider,
        "PLAYWRIGHT_LAUNCH_OPTIONS": {"proxy": NOWHERE, "chromium_sandbox": sandbox},
        "PLAYWRIGHT_CONTEXTS": {"default": {**context, "accept_downloads": False}},
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": Drawing.LONGEST * 1000,
    }
