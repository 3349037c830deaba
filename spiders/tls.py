"""What a connection over TLS was: version, cipher, whose certificate until when."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256

from OpenSSL import SSL, crypto
from twisted.web.client import Response as TxResponse


def of_transport(txresponse: TxResponse) -> str:
    """One line; "" for plain HTTP."""
    with suppress(AttributeError):
        handle = txresponse._transport._producer.getHandle()
        if isinstance(handle, SSL.Connection):
            return _line(handle)
    return ""


def _line(connection: SSL.Connection) -> str:
    parts = [connection.get_protocol_version_name(), connection.get_cipher_name() or ""]
    certificate = connection.get_peer_certificate()
    if certificate is not None:
        parts.append(described(certificate))
    return " ".join(filter(None, parts))


def described(certificate: crypto.X509) -> str:
    """Which certificate it is, who signed it, until when it holds."""
    der = crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate)
    issuer = (certificate.get_issuer().CN or "").replace(" ", "_")
    until = (certificate.get_notAfter() or b"").decode("ascii", "replace")
    return f"sha256={sha256(der).hexdigest()} issuer={issuer} until={until}"
