"""The last gate before the wire: a request that waited for its turn is judged once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Response

from .addresses import host_of
from .session import session_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class GatedHandler(BaseDownloadHandler):
    """Up to a batch of requests waits behind the delay of its host; a challenge stops them all."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.session = session_of(crawler)
        self._inner = _inner(crawler)

    async def download_request(self, request: Request) -> Response:
        host, hosts = host_of(request.url), self.session.hosts
        await hosts.turn(host)
        try:
            hosts.check(host)
            return await self._inner.download_request(request)
        except BaseException:  # with an answer, the archive releases the host
            hosts.release(host)
            raise

    async def close(self) -> None:
        await self._inner.close()


def _inner(crawler: Crawler) -> BaseDownloadHandler:
    """Twisted's handler, the only one that keeps heads; without a reactor the other one."""
    if not crawler.settings.getbool("TWISTED_REACTOR_ENABLED"):
        from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler

        return AiohttpDownloadHandler(crawler)
    from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

    from .headkeeper import install

    install()
    return HTTP11DownloadHandler(crawler)
