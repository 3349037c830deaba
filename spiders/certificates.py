"""Certificates that do not verify: Twisted names no reason and shows none, so each is noted as it
is judged. What was refused, and why, is a fact about the portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from OpenSSL import SSL, crypto
from scrapy.core.downloader.contextfactory import _get_creator_context, _ScrapyClientContextFactory
from twisted.internet._sslverify import _verifyCB
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from zope.interface import implementer  # type: ignore[import-untyped]

from .tls import described

if TYPE_CHECKING:
    from twisted.internet._sslverify import ClientTLSOptions
    from twisted.protocols.tls import TLSMemoryBIOProtocol

# X509_V_ERR of OpenSSL's x509_vfy.h; others are told by their number.
REASONS = {
    0: "the name is another one",  # the chain holds, service_identity objects
    9: "not yet valid",
    10: "expired",
    18: "self-signed",
    19: "signed by an unknown authority",
    20: "signed by an unknown authority",
    21: "signed by an unknown authority",
    23: "revoked",
    66: "its key is too weak",
    67: "an authority's key is too weak",
    68: "its digest is too weak",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate that a host showed, as one line, and what OpenSSL thinks of its chain."""

    line: str
    code: int

    @property
    def reason(self) -> str:
        return REASONS.get(self.code, f"refused by OpenSSL, reason {self.code}")


# By host name; the one crawl of this process asks a host one thing at a time.
SHOWN: dict[str, Shown] = {}


@implementer(IOpenSSLClientConnectionCreator)
class _Noting:
    """Twisted's own judge, heard."""

    def __init__(self, creator: ClientTLSOptions) -> None:
        self._creator = creator

    def clientConnectionForTLS(self, protocol: TLSMemoryBIOProtocol) -> SSL.Connection:
        connection = self._creator.clientConnectionForTLS(protocol)
        host = self._creator._hostnameASCII
        judge = _verifyCB(protocol, self._creator._hostnameIsDnsName, host)

        def noted(
            conn: SSL.Connection, certificate: crypto.X509, code: int, depth: int, ok: int
        ) -> bool:
            SHOWN[host.lower()] = Shown(described(certificate), code)
            return judge(conn, certificate, code, depth, bool(ok))

        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, noted)
        return connection


class NotingFactory(_ScrapyClientContextFactory):
    """The strict factory; what it refuses is remembered."""

    def creatorForNetloc(  # type: ignore[override]
        self, hostname: bytes, port: int
    ) -> ClientTLSOptions:
        creator = super().creatorForNetloc(hostname, port)
        self.limit(_get_creator_context(creator))
        return _Noting(creator)  # type: ignore[return-value]

    def limit(self, context: SSL.Context) -> None:
        """For a leg that offers less than all."""
