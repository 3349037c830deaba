"""Certificates made when a test runs: good ones, and every kind that a browser warns of."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey
NOW = datetime.now(UTC)
DAY = timedelta(days=1)
SHA = hashes.SHA256()


class Authority:
    """Signs for addresses on loopback; `bundle` is the file that makes it trusted."""

    def __init__(self, folder: Path, name: str = "sample authority") -> None:
        self.folder = folder
        self.name = name
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._own = _built(name, name, self._key, 300 * DAY).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), True
        )
        self.bundle = folder / f"{name}.crt"
        signed = self._own.sign(self._key, SHA)
        self.bundle.write_bytes(signed.public_bytes(serialization.Encoding.PEM))

    def signed(self, host: str, *, holds: timedelta = 30 * DAY) -> Path:
        """Key and certificate of `host`; one that holds for less than nothing has expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
        built = _built("sample", self.name, key, holds).add_extension(names, False)
        return _kept(self.folder / f"{host} {holds.days}.pem", key, built.sign(self._key, SHA))


def self_signed(folder: Path, host: str) -> Path:
    """Nobody vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
    built = _built("sample", "sample", key, 30 * DAY).add_extension(names, False)
    return _kept(folder / f"{host} self-signed.pem", key, built.sign(key, SHA))


def _built(subject: str, issuer: str, key: Key, holds: timedelta) -> x509.CertificateBuilder:
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, n)]) for n in (subject, issuer)]
    serial = x509.random_serial_number()
    builder = x509.CertificateBuilder(names[1], names[0], key.public_key(), serial)
    return builder.not_valid_before(NOW - 100 * DAY).not_valid_after(NOW + holds)


def _kept(path: Path, key: Key, certificate: x509.Certificate) -> Path:
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(secret + certificate.public_bytes(pem))
    return path
