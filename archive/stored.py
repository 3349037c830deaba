"""A capture as it lies in the file: which column holds what, and the seal over all of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any

from parsers.model import Kind, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCapture:
    """A capture as stored: the fields of `Capture`, the digest in place of the body."""

    id: int
    crawl: int
    url: str
    method: str
    request_head: bytes
    request_body: bytes
    fetched_at: str
    outcome: Outcome
    status: int | None
    response_head: bytes
    head_is_wire: bool
    body_sha256: str | None
    body_size: int | None
    decoded: bool
    wire_encoding: str
    wire_length: int | None
    wire_sha1: str
    redirect_to: str
    revisit_of: int | None
    portal: str
    kind: Kind
    found_on: str
    link_text: str
    ip: str
    protocol: str
    verified: bool | None
    elapsed_ms: int | None
    error: str
    agency: str
    handler: str
    tls: str


FIELDS = tuple(field.name for field in fields(StoredCapture))
SEALED = tuple(name for name in FIELDS if name != "id")
BOOLEANS = ("head_is_wire", "decoded", "verified")
# Columns of `captures` that take a field as it is; the others hold keys of other tables.
PLAIN = tuple(
    name
    for name in FIELDS
    if name not in ("id", "crawl", "url", "found_on", "body_sha256", "body_size")
)
INSERT = (
    f"INSERT INTO captures (crawl, url, found_on, body, seal, {', '.join(PLAIN)}) "
    f"VALUES ({', '.join('?' * (len(PLAIN) + 5))})"
)


def stored(row: Sequence[Any]) -> StoredCapture:
    """From a row of FIELDS; SQLite has no booleans and no types that mypy could see."""
    values = dict(zip(FIELDS, row, strict=True))
    for name in BOOLEANS:
        values[name] = None if values[name] is None else bool(values[name])
    return StoredCapture(**values)


def seal(values: Mapping[str, object]) -> bytes:
    """SHA-256 over every field but the id: a flipped byte in a head or an address shows.

    Empty fields are left out, so that a column added later does not break older seals.
    """
    kept = {
        name: value.hex() if isinstance(value, bytes) else value
        for name, value in values.items()
        if name in SEALED and value not in (None, "", b"")
    }
    return sha256(json.dumps(kept, sort_keys=True).encode()).digest()


def storable(text: str) -> str:
    """Lone surrogates cannot be stored as UTF-8; they become visible escapes, nothing is lost."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
