"""Scrapy's own HTTP/1.1 handler, one connection a host; over TLS by the leg that each host needs.

Modern first, then curves limited to P-256 (some servers answer with a bad point on others), then
TLS of the last century through Python's ssl, which the bundled OpenSSL of Twisted cannot speak.
A certificate that does not verify is an outcome, not a reason to ask less: `unverified` is a leg
only where an entry says so.
"""

from __future__ import annotations

import copy
from collections.abc import Hashable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Response
from scrapy.http.headers import Headers
from service_identity import VerificationError
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.web.client import HTTPConnectionPool

from parsers.model import RENDER

from .addresses import host_of, party
from .certificates import SHOWN, NotingFactory
from .outcomes import causes, of_exception
from .registry import LEGS

if TYPE_CHECKING:
    from aiohttp import ClientResponse
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred
    from twisted.web._newclient import HTTP11ClientProtocol

PLAIN = "http"
TRIED = LEGS[:3]
LEGACY = {
    "DOWNLOADER_CLIENT_TLS_CIPHERS": "ALL:@SECLEVEL=0",
    "DOWNLOAD_TLS_MIN_VERSION": "TLSv1.0",
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
}


class OneAHost(HTTPConnectionPool):
    """Before a connection is made, the idle one to another port or scheme of the host ends. A
    request whose connection broke is not sent again unasked: that would come without a pause."""

    retryAutomatically = False

    def getConnection(
        self, key: Hashable, endpoint: IStreamClientEndpoint
    ) -> Deferred[HTTP11ClientProtocol]:
        for other in [one for one in self._connections if one != key and _host(one) == _host(key)]:
            for connection in list(self._connections[other]):
                self._timeouts[connection].cancel()
                self._removeConnection(other, connection)  # type: ignore[no-untyped-call]
        return super().getConnection(key, endpoint)


_POOLS: WeakKeyDictionary[Crawler, OneAHost] = WeakKeyDictionary()


class _Twisted(HTTP11DownloadHandler):
    """All legs of one crawl over Twisted share a pool, http and https alike."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        shared = _POOLS.get(crawler)
        if shared is None:
            from twisted.internet import reactor

            shared = OneAHost(reactor, persistent=True)  # type: ignore[no-untyped-call]
            shared.maxPersistentPerHost = 1
            shared._factory = self._pool._factory
            _POOLS[crawler] = shared
        self._pool = shared


class _Curves(NotingFactory):
    def limit(self, context: SSL.Context) -> None:
        context.set_tmp_ecdh(SECP256R1())


FACTORIES: dict[str, type[NotingFactory]] = {"modern": NotingFactory, "p256": _Curves}


class _Aiohttp(AiohttpDownloadHandler):
    """Heads from their bytes: old servers write file names in GBK, which no text can hold."""

    @staticmethod
    def _extract_headers(response: ClientResponse) -> Headers:
        return Headers([(name, value) for name, value in response.raw_headers])


class PoliteHandler(BaseDownloadHandler):
    """Picks the leg per host and remembers it while the crawl runs."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.crawler = crawler
        self._legs: dict[str, str] = {}
        self._handlers: dict[str, BaseDownloadHandler] = {}

    async def download_request(self, request: Request) -> Response:
        if request.method == RENDER:
            return await self._by("browser", request)
        if not self.crawler.settings.getbool("TWISTED_REACTOR_ENABLED"):
            return await self._by("aiohttp", request)
        if not request.url.startswith("https:"):
            return await self._by(PLAIN, request)
        return await self._over_tls(request)

    async def _over_tls(self, request: Request) -> Response:
        """Each leg is tried on a failed handshake only: nothing was asked of the host by then."""
        host = party(request.url)
        first = self._legs.get(host) or self._wanted(request)
        legs = (
            TRIED[TRIED.index(first) :] if first in TRIED and host not in self._legs else (first,)
        )
        SHOWN.pop(host_of(request.url), None)
        for leg in legs:
            try:
                response = await self._by(leg, request)
            except Exception as error:
                if leg == legs[-1] or not _is_handshake(error):
                    if _is_refused(error):
                        request.meta["shown"] = SHOWN.get(host_of(request.url))
                    raise
                continue
            self._legs[host] = leg
            return response
        raise AssertionError("no leg")

    def _wanted(self, request: Request) -> str:
        session = getattr(self.crawler.spider, "session", None)
        portal = session.portals.get(str(request.meta.get("portal"))) if session else None
        return (portal.tls if portal else "") or LEGS[0]

    async def _by(self, leg: str, request: Request) -> Response:
        request.meta["handler"] = leg
        if leg not in self._handlers:
            self._handlers[leg] = self._made(leg)
        return await self._handlers[leg].download_request(request)

    def _made(self, leg: str) -> BaseDownloadHandler:
        if leg == "browser":
            from .browser.handler import BrowserHandler

            return BrowserHandler(self.crawler)
        if leg == "aiohttp":
            return _Aiohttp(self.crawler)
        if leg == "legacy":
            return _Aiohttp(_with(self.crawler, LEGACY))
        if leg == "unverified":
            return _Twisted(_with(self.crawler, {"DOWNLOAD_VERIFY_CERTIFICATES": False}))
        handler = _Twisted(self.crawler)
        if leg in FACTORIES:
            handler._contextFactory = FACTORIES[leg].from_crawler(self.crawler)  # type: ignore[assignment]
        return handler

    async def close(self) -> None:
        for handler in self._handlers.values():
            await handler.close()


def _with(crawler: Crawler, changes: dict[str, object]) -> Crawler:
    """The same crawl under other settings of TLS."""
    other = copy.copy(crawler)
    other.settings = crawler.settings.copy()
    other.settings.frozen = False
    for name, value in changes.items():
        other.settings.set(name, value, priority="cmdline")
    return other


def _is_handshake(error: BaseException) -> bool:
    """A handshake that failed for another reason than the certificate."""
    return of_exception(error) == "tls" and not _is_refused(error)


def _is_refused(error: BaseException) -> bool:
    """The certificate did not verify."""
    chain = list(causes(error))
    named = any(isinstance(one, VerificationError) for one in chain)
    return named or "certificate" in " ".join(map(str, chain)).lower()


def _host(key: Hashable) -> object:
    return key[1] if isinstance(key, tuple) and len(key) > 1 else key
