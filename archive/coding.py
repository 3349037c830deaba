"""Content coding taken off a body, bounded; what cannot be taken off stays as received."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]  # ships no types
import zstandard

from parsers.errors import TooLarge

LIMIT = 64 << 20
STEP = 1 << 10  # of zstd input: 4 bytes may mean 128 KiB, so one step stays under 32 MiB
MEMBERS = 100  # each costs a copy of what follows it
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
    if not wire:  # redirects and 304 name a coding of nothing
        return b"", True
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
    for _ in range(MEMBERS):
        if not rest.startswith(b"\x1f\x8b"):
            return body
        more, rest = _inflate(rest, 16 + zlib.MAX_WBITS, LIMIT - len(body))
        body += more
    raise _Broken


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
    unpacker = brotli.Decompressor()
    body = bytes(unpacker.process(wire, output_buffer_limit=LIMIT + 1))
    if len(body) > LIMIT:
        raise _too_large()
    if not unpacker.is_finished():
        raise _Broken
    return body


def _zstd(wire: bytes) -> bytes:
    unpacker = zstandard.ZstdDecompressor(max_window_size=LIMIT).decompressobj()
    body = bytearray()
    for start in range(0, len(wire), STEP):
        if unpacker.eof:  # a second frame, or rubbish
            raise _Broken
        body += unpacker.decompress(wire[start : start + STEP])
        if len(body) > LIMIT:
            raise _too_large()
    if not unpacker.eof or unpacker.unused_data:
        raise _Broken
    return bytes(body)


def _too_large() -> TooLarge:
    return TooLarge(f"the body is larger than {LIMIT >> 20} MiB")


DECODERS: dict[str, Decoder] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
