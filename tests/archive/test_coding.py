"""Content coding comes off exactly, or not at all, and never without bound."""

from __future__ import annotations

import gzip
import random
import zlib

import brotli
import pytest
import zstandard

from archive.coding import LIMIT, decode_entity
from parsers.errors import TooLarge

BODY = "公开".encode() * 5_000 + random.Random(1).randbytes(20_000)


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


CODED = {
    "gzip": gzip.compress(BODY, mtime=0),
    "X-GZip ": gzip.compress(BODY, mtime=0),
    "deflate": zlib.compress(BODY),
    "br": brotli.compress(BODY, quality=4),
    "zstd": zstandard.compress(BODY),
    "deflate, gzip": gzip.compress(zlib.compress(BODY)),
}


@pytest.mark.parametrize("coding", CODED)
def test_a_whole_body_is_decoded_and_a_cut_one_kept(coding: str) -> None:
    wire = CODED[coding]
    assert decode_entity(wire, coding) == (BODY, True)
    for cut in (1, 12, len(wire) // 2, len(wire) - 1):
        assert decode_entity(wire[:cut], coding) == (wire[:cut], False)


@pytest.mark.parametrize(
    ("wire", "coding", "expected"),
    [
        (BODY, "", (BODY, True)),
        (BODY, "identity", (BODY, True)),
        (b"", "gzip", (b"", True)),
        (raw_deflate(BODY), "deflate", (BODY, True)),
        (gzip.compress(b"a", mtime=0) + gzip.compress(b"b", mtime=0), "gzip", (b"ab", True)),
        (gzip.compress(b"a", mtime=0) + b"\0\0", "gzip", (b"a", True)),
        (b"<html>", "gzip", (b"<html>", False)),
        (b"<html>", "deflate", (b"<html>", False)),
        (b"<html>", "br", (b"<html>", False)),
        (b"<html>", "zstd", (b"<html>", False)),
        (b"<html>", "compress", (b"<html>", False)),
    ],
)
def test_odd_bodies(wire: bytes, coding: str, expected: tuple[bytes, bool]) -> None:
    assert decode_entity(wire, coding) == expected


def test_what_follows_a_frame_is_not_dropped() -> None:
    frame = zstandard.compress(b"a" * 3_000)
    for wire in (frame + b"rest", frame + b"x" * 3_000):
        assert decode_entity(wire, "zstd") == (wire, False)


def test_a_thousand_members_are_not_unpacked() -> None:
    wire = gzip.compress(b"", mtime=0) * 1_000
    assert decode_entity(wire, "gzip") == (wire, False)


ZEROS = bytes(LIMIT + 1)


@pytest.mark.parametrize(
    ("wire", "coding"),
    [
        (gzip.compress(ZEROS, 1, mtime=0), "gzip"),
        (zlib.compress(ZEROS, 1), "deflate"),
        (raw_deflate(ZEROS), "deflate"),
        (brotli.compress(ZEROS, quality=1), "br"),
        (zstandard.compress(ZEROS), "zstd"),
        (ZEROS, ""),
    ],
)
def test_a_bomb_is_refused(wire: bytes, coding: str) -> None:
    with pytest.raises(TooLarge, match="larger than 64 MiB"):
        decode_entity(wire, coding)
