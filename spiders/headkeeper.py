"""Keeps status line and header block exactly as sent; neither Scrapy nor Twisted offers that.

It replaces private classes, so it works with the versions it was tried with and no others: with
others the head is rebuilt, and marked so.
"""

from __future__ import annotations

from importlib.metadata import version

from scrapy import Request
from scrapy.core.downloader.handlers import http11
from twisted.internet.defer import Deferred
from twisted.web import _newclient
from twisted.web.client import Response as TxResponse

from .tls import of_transport

META = "raw_head"
_TRIED = ("2.19.",)
_Parser = http11._LenientHTTPClientParser
_Agent = http11._ScrapyAgent


class HeadKeeper(_Parser):
    """Scrapy's parser, which also remembers the lines it read."""

    _raw: list[bytes]

    def lineReceived(self, line: bytes) -> None:
        if self.state == _newclient.STATUS:
            self._raw = []  # a head of 1xx may have come before
        if self.state in (_newclient.STATUS, _newclient.HEADER):
            self._raw.append(line + b"\n")
        super().lineReceived(line)

    def allHeadersReceived(self) -> None:
        self.response._raw_head = b"".join(self._raw)
        super().allHeadersReceived()  # type: ignore[no-untyped-call]


class KeepingAgent(_Agent):
    """Scrapy's agent, which hands the kept head on."""

    def _cb_bodyready(
        self, txresponse: TxResponse, request: Request
    ) -> http11._ResultT | Deferred[http11._ResultT]:
        request.meta[META] = getattr(txresponse, "_raw_head", None)
        request.meta["tls"] = of_transport(txresponse)
        return super()._cb_bodyready(txresponse, request)


def install() -> bool:
    """Whether heads are kept from now on."""
    if not version("scrapy").startswith(_TRIED):
        return False
    http11._LenientHTTPClientParser = HeadKeeper  # type: ignore[misc]
    http11._ScrapyAgent = KeepingAgent  # type: ignore[misc]
    return True
