"""Bodies, each once: zstd against the first good page of the same host, verified on every read."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

import zstandard

from archive.sqlite import sqlite3
from parsers.errors import DigestMismatch, MissingCapture

LEVEL = 3
CACHED_HOSTS = 16
# Smaller pages are errors and frames; larger ones cost more to load than they save.
DICTIONARY_BYTES = range(20_000, 512_000)


@dataclass(frozen=True, slots=True)
class Packer:
    """The compressor of one host and the row of the dictionary it packs against."""

    compressor: zstandard.ZstdCompressor
    dictionary: int | None


class Bodies:
    """The tables `bodies` and `dictionaries`; writes belong to a transaction of the caller."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._plain = Packer(_compressor(None), None)
        self._packers: OrderedDict[str, Packer] = OrderedDict()
        self._unpackers: OrderedDict[int, zstandard.ZstdDecompressor] = OrderedDict()

    def offer_dictionary(self, host: str, page: bytes, made_at: str) -> None:
        """Makes a good page the dictionary of its host, unless it has one or the page is unfit."""
        if len(page) not in DICTIONARY_BYTES or not looks_like_html(page):
            return
        if self._packer(host).dictionary is not None:
            return
        self._connection.execute(
            "INSERT INTO dictionaries (sha256, host, size, made_at, data) VALUES (?, ?, ?, ?, ?)",
            (digest(page), host, len(page), made_at, self._plain.compressor.compress(page)),
        )
        self._packers.pop(host, None)

    def put(self, body: bytes, host: str) -> tuple[int, str]:
        """Row and SHA-256 of a body, stored only if it is new."""
        sha256 = digest(body)
        row = self._connection.execute(
            "SELECT id FROM bodies WHERE sha256 = ?", (sha256,)
        ).fetchone()
        if row is None:
            row = (self._insert(sha256, body, host),)
        return int(row[0]), sha256

    def get(self, sha256: str) -> bytes:
        """The body whose digest this is, or an error: never other bytes."""
        row = self._connection.execute(
            "SELECT size, codec, dictionary, data FROM bodies WHERE sha256 = ?", (sha256,)
        ).fetchone()
        if row is None:
            raise MissingCapture(f"there is no body {sha256}")
        size, codec, dictionary, data = row
        if codec != "raw":
            data = _unpacked(self._unpacker(dictionary), data, size, sha256)
        return _checked(data, sha256)

    def dictionary(self, key: int) -> bytes:
        """The page that a host's bodies are packed against, verified."""
        row = self._connection.execute(
            "SELECT sha256, size, data FROM dictionaries WHERE id = ?", (key,)
        ).fetchone()
        if row is None:
            raise DigestMismatch(f"dictionary {key} is gone")
        sha256, size, data = row
        return _checked(_unpacked(zstandard.ZstdDecompressor(), data, size, sha256), sha256)

    def forget(self) -> None:
        """After a rollback: a cached dictionary may be one that was never stored."""
        self._packers.clear()
        self._unpackers.clear()

    def _insert(self, sha256: str, body: bytes, host: str) -> int:
        packer = self._packer(host)
        codec, key = (
            ("zstd", None)
            if packer.dictionary is None
            else (
                "zstd-dictionary",
                packer.dictionary,
            )
        )
        data = packer.compressor.compress(body)
        if len(data) >= len(body):
            codec, key, data = "raw", None, body
        cursor = self._connection.execute(
            "INSERT INTO bodies (sha256, size, codec, dictionary, data) VALUES (?, ?, ?, ?, ?)",
            (sha256, len(body), codec, key, data),
        )
        return int(cursor.lastrowid or 0)

    def _packer(self, host: str) -> Packer:
        if host in self._packers:
            self._packers.move_to_end(host)
            return self._packers[host]
        row = self._connection.execute(
            "SELECT id FROM dictionaries WHERE host = ?", (host,)
        ).fetchone()
        if row is None:
            return self._plain
        self._packers[host] = Packer(_compressor(self.dictionary(row[0])), row[0])
        _trim(self._packers)
        return self._packers[host]

    def _unpacker(self, key: int | None) -> zstandard.ZstdDecompressor:
        if key is None:
            return zstandard.ZstdDecompressor()
        if key not in self._unpackers:
            self._unpackers[key] = zstandard.ZstdDecompressor(dict_data=_raw(self.dictionary(key)))
            _trim(self._unpackers)
        self._unpackers.move_to_end(key)
        return self._unpackers[key]


def digest(body: bytes) -> str:
    """The name of a body."""
    return hashlib.sha256(body).hexdigest()


def looks_like_html(page: bytes) -> bool:
    """Whatever the head declares; portals send pages as text/plain too."""
    start = page[:2048].lower()
    return b"<html" in start or b"<!doctype html" in start


def _raw(page: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(page, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def _compressor(page: bytes | None) -> zstandard.ZstdCompressor:
    """With a checksum: a raw dictionary has no id, and the wrong one would unpack silently."""
    dictionary = None if page is None else _raw(page)
    return zstandard.ZstdCompressor(level=LEVEL, dict_data=dictionary, write_checksum=True)


def _unpacked(
    decompressor: zstandard.ZstdDecompressor, data: bytes, size: int, sha256: str
) -> bytes:
    """The size is compared first, since a damaged frame may announce any number of bytes."""
    try:
        if zstandard.frame_content_size(data) != size:
            raise DigestMismatch(f"stored bytes of {sha256} are damaged: the size is wrong")
        return decompressor.decompress(data)
    except zstandard.ZstdError as error:
        raise DigestMismatch(f"stored bytes of {sha256} are damaged: {error}") from error


def _checked(body: bytes, sha256: str) -> bytes:
    if digest(body) != sha256:
        raise DigestMismatch(f"stored bytes of {sha256} are damaged: the digest differs")
    return body


def _trim(cache: OrderedDict[str, Packer] | OrderedDict[int, zstandard.ZstdDecompressor]) -> None:
    while len(cache) > CACHED_HOSTS:
        cache.popitem(last=False)
