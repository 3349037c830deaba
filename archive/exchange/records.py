"""Records of a WARC file, one after another; damage costs the record it lies in and is said."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from archive.coding import LIMIT
from archive.sqlite import plain_errors
from parsers.errors import ArchiveError

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

MEMBER = b"\x1f\x8b\x08"
PLAIN = b"WARC/1."
STEP = 1 << 20
HEXADECIMAL = {"md5": 32, "sha1": 40, "sha256": 64}


@dataclass(frozen=True, slots=True)
class Record:
    """A record with its whole block; `offset` is where it lies in the file."""

    kind: str
    headers: Mapping[str, str]
    block: bytes
    offset: int

    @property
    def id(self) -> str:
        return self.headers.get("warc-record-id", "")

    @property
    def url(self) -> str:
        """Some writers put the address in angle brackets, as WARC 1.0 printed it."""
        return self.headers.get("warc-target-uri", "").strip("<>")


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a file that could not be read, or a record that is not what its digest says."""

    offset: int
    why: str


@contextmanager
def opened(path: Path) -> Iterator[list[tuple[str, IO[bytes]]]]:
    """The WARC files behind a path: the file itself, or the archives inside a WACZ."""
    with plain_errors(path), ExitStack() as stack:
        if not path.is_file():
            raise ArchiveError(f"there is no file {path}")
        if not zipfile.is_zipfile(path):
            yield [(path.name, stack.enter_context(path.open("rb")))]
            return
        yield list(_unpacked(path, stack))


def _unpacked(path: Path, stack: ExitStack) -> Iterator[tuple[str, IO[bytes]]]:
    try:
        packed = stack.enter_context(zipfile.ZipFile(path))
        names = [n for n in sorted(packed.namelist()) if n.startswith("archive/") and ".warc" in n]
        if not names:
            raise ArchiveError(f"{path} is no WACZ: it has no archive/*.warc.gz")
        for name in names:
            stream = stack.enter_context(packed.open(name))
            # The sum over the whole file would lose all its records for one byte; each record is
            # held against a sum of its own.
            stream._expected_crc = None  # type: ignore[attr-defined]
            yield f"{path.name}/{name}", stream
    except zipfile.BadZipFile as error:
        raise ArchiveError(f"{path} is a damaged WACZ: {error}") from error


def records(stream: IO[bytes]) -> Iterator[Record | Damage]:
    """All records that can be read; after damage it goes on at the next record."""
    magic = _magic(stream)
    if magic is None:
        yield Damage(0, "it is no WARC file")
        return
    start: int | None = 0
    resumed = found = False
    while start is not None:
        last = start
        try:
            for record in _walk(stream, start):
                last, resumed, found = record.offset, False, True
                yield record
            if not found:
                yield Damage(0, "it holds no record")
            return
        except OSError as error:  # what FastWARC raises for bad gzip and bad headers
            if not resumed:  # what looks like the next record may be a chance of the same damage
                found = True
                yield Damage(
                    last, f"{error}, in or after this record; the next sound one is looked for"
                )
            start, resumed = _next(stream, last + 1, magic), True
        except _Cut as cut:
            yield Damage(cut.offset, "the file breaks off inside this record")
            return


class _Cut(Exception):
    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def _magic(stream: IO[bytes]) -> bytes | None:
    start = stream.read(8)
    return next((known for known in (MEMBER, PLAIN) if start.startswith(known)), None)


def _walk(stream: IO[bytes], start: int) -> Iterator[Record]:
    from fastwarc.warc import ArchiveIterator

    stream.seek(start)
    found: WarcRecord
    for found in ArchiveIterator(stream, parse_http=False):
        offset = found.stream_pos if found.stream_pos >= start else start + found.stream_pos
        headers = _headers(found)
        length = found.content_length
        if length > LIMIT:
            found.reader.consume()
            yield Record("too-large", headers, b"", offset)
            continue
        block = found.reader.read()
        if len(block) < length:
            raise _Cut(offset)
        yield Record(headers.get("warc-type", "unknown"), headers, block, offset)


def _headers(found: WarcRecord) -> dict[str, str]:
    """Names in lower case; a repeated WARC-Concurrent-To keeps all its values."""
    headers: dict[str, str] = {}
    for name, value in found.headers.astuples():
        key = name.lower()
        headers[key] = f"{headers[key]} {value}" if key in headers else value
    return headers


def _next(stream: IO[bytes], start: int, magic: bytes) -> int | None:
    """Where the next record may begin."""
    at = start
    while True:
        stream.seek(at)
        piece = stream.read(STEP + len(magic))
        if (found := piece.find(magic)) >= 0:
            return at + found
        if len(piece) <= STEP:
            return None
        at += STEP


def digest_differs(record: Record) -> bool:
    """Whether the block is not what its digest says; an algorithm we do not know proves nothing."""
    name, _, printed = record.headers.get("warc-block-digest", "").partition(":")
    name = name.lower().replace("-", "")
    if name not in HEXADECIMAL:
        return False
    found = hashlib.new(name, record.block, usedforsecurity=False)
    if len(printed) == HEXADECIMAL[name]:
        return printed.lower() != found.hexdigest()
    return printed.rstrip("=").upper() != base64.b32encode(found.digest()).decode().rstrip("=")


def sha1_of(printed: str) -> str:
    """A SHA-1 as hexadecimal digits; empty when it is another digest, or none."""
    name, _, digits = printed.strip().partition(":")
    if name.lower().replace("-", "") != "sha1":
        return ""
    if len(digits) == HEXADECIMAL["sha1"]:
        return digits.lower()
    try:
        return base64.b32decode(digits.upper()).hex()
    except binascii.Error:
        return ""


def fields(block: bytes) -> dict[str, str]:
    """The lines of an application/warc-fields block."""
    pairs = (line.partition(":") for line in io.StringIO(block.decode("utf-8", "replace")))
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}
