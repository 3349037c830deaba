"""Content coding taken off a body, bounded; what cannot be taken off stays as received."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import brotli
import zstandard

from parsers.errors import TooLarge

LIMIT = 64 << 20
STEP = 1 << 16
IDENTITY = ("", "identity", "none")
Decoder = Callable[[bytes], bytes]


class _Broken(Exception):
    """The bytes are not what their coding says, or end too early."""


def decode_entity(wire: bytes, content_encoding: str = "") -> tuple[bytes, bool]:
    """The entity, and True; the bytes as received, and False, when a coding cannot be removed.

    A cut or damaged body stays whole: half a page decoded would look like a page. TooLarge stops
    a bomb before it is unpacked.
    """
    if len(wire) > LIMIT:
        raise _too_large()
    body = wire
    try:
        for name in reversed([part.strip().lower() for part in content_encoding.split(",")]):
            if name not in IDENTITY:
                body = _decoder(name)(body)
    except (_Broken, zlib.error, brotli.error, zstandard.ZstdError):
        return wire, False
    return body, True


def _decoder(name: str) -> Decoder:
    if name not in DECODERS:
        raise _Broken
    return DECODERS[name]


def _gzip(wire: bytes) -> bytes:
    """Members one after another, as gzip allows; zeros or rubbish after the last are ignored."""
    body, rest = _inflate(wire, 16 + zlib.MAX_WBITS, LIMIT)
    while rest.startswith(b"\x1f\x8b"):
        more, rest = _inflate(rest, 16 + zlib.MAX_WBITS, LIMIT - len(body))
        body += more
    return body


def _deflate(wire: bytes) -> bytes:
    """zlib as the standard says, or the raw stream that many servers send instead."""
    try:
        return _inflate(wire, zlib.MAX_WBITS, LIMIT)[0]
    except zlib.error:
        return _inflate(wire, -zlib.MAX_WBITS, LIMIT)[0]


def _inflate(wire: bytes, window: int, limit: int) -> tuple[bytes, bytes]:
    unpacker = zlib.decompressobj(window)
    body = unpacker.decompress(wire, limit + 1)
    if len(body) > limit:
        raise _too_large()
    if not unpacker.eof:
        raise _Broken
    return body, unpacker.unused_data


def _brotli(wire: bytes) -> bytes:
    """In small steps: the library has no bound of its own for one call on the whole."""
    unpacker = brotli.Decompressor()
    body = _bounded(unpacker.process(piece, output_buffer_limit=LIMIT + 1) for piece in _cut(wire))
    if not unpacker.is_finished():
        raise _Broken
    return body


def _zstd(wire: bytes) -> bytes:
    unpacker = zstandard.ZstdDecompressor(max_window_size=LIMIT).decompressobj()
    body = _bounded(unpacker.decompress(piece) for piece in _cut(wire))
    if not unpacker.eof:
        raise _Broken
    return body


def _cut(wire: bytes) -> Iterator[bytes]:
    return (wire[start : start + STEP] for start in range(0, len(wire), STEP))


def _bounded(pieces: Iterator[bytes]) -> bytes:
    kept: list[bytes] = []
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > LIMIT:
            raise _too_large()
        kept.append(piece)
    return b"".join(kept)


def _too_large() -> TooLarge:
    return TooLarge(f"the body is larger than {LIMIT >> 20} MiB")


DECODERS: dict[str, Decoder] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
