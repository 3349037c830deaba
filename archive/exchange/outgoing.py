"""Captures as WARC 1.1 with a CDXJ index, and as WACZ: what other archives read and replay."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING

from archive.capture import CaptureStore
from archive.placing import file_aside, folder_aside
from archive.sqlite import plain_errors, sqlite3
from archive.stored import StoredCapture, seal

from . import messages
from .extras import needs
from .remarks import remark

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

FILE_SIZE = 1 << 30  # a new WARC file is begun after this many bytes
BLOCK = 1024  # lines of a compressed block of the index
PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
SAME, NOT_MODIFIED = PROFILE + "identical-payload-digest", PROFILE + "server-not-modified"
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every entry of a WACZ, so that equal captures give equal files
INDEX = """
CREATE TABLE cdx (key TEXT, stamp TEXT, capture INTEGER, line TEXT,
    PRIMARY KEY (key, stamp, capture)) WITHOUT ROWID;
CREATE TABLE first (sha256 TEXT PRIMARY KEY, url TEXT, date TEXT, id TEXT) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcSummary:
    """What was written."""

    path: Path
    captures: int
    revisits: int
    bytes: int


def export_warc(data: Path, out: Path, where: str = "1") -> WarcSummary:
    """A folder with archive/*.warc.gz and indexes/index.cdxj."""
    needs("fastwarc", "surt")
    with CaptureStore.reader(data) as store, folder_aside(out, ("archive", "indexes")) as folder:
        writer = _Exporter(store, folder / "archive")
        writer.run(where)
        (folder / "indexes").mkdir()
        with (folder / "indexes" / "index.cdxj").open("w", encoding="utf-8") as file:
            file.writelines(writer.index())
    return WarcSummary(
        path=out, captures=writer.captures, revisits=writer.revisits, bytes=writer.bytes
    )


def export_wacz(data: Path, out: Path, where: str = "1") -> WarcSummary:
    """One file that ReplayWeb.page and pywb open."""
    needs("fastwarc", "surt")
    with CaptureStore.reader(data) as store, file_aside(out) as aside:
        parts = aside.with_name(aside.name + ".parts")
        with folder_aside(parts, ()) as folder:
            writer = _Exporter(store, folder / "archive")
            writer.run(where)
            _pack(aside, folder, writer)
        _remove(parts)
    return WarcSummary(
        path=out,
        captures=writer.captures,
        revisits=writer.revisits,
        bytes=out.stat().st_size,
    )


def _remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


class _Exporter:
    """Writes captures in the order of arrival; a body once, later visits as revisits."""

    def __init__(self, store: CaptureStore, folder: Path) -> None:
        self.captures = self.revisits = self.bytes = 0
        self.last = ""
        self._store = store
        self._folder = folder
        self._files = 0
        self._notes = sqlite3.connect("")  # on disk when it grows
        self._notes.executescript(INDEX)

    def run(self, where: str) -> None:
        self._folder.mkdir(parents=True)
        with plain_errors(self._folder):
            captures = self._store.captures(where)
            pending = next(captures, None)
            while pending is not None:
                pending = self._file(pending, captures)

    def _file(self, first: StoredCapture, rest: Iterator[StoredCapture]) -> StoredCapture | None:
        """One WARC file; gives back the capture that did not fit."""
        name = f"gongkai-{self._files:05}.warc.gz"
        self._files += 1
        with (self._folder / name).open("wb") as file:
            output = _Output(file, name)
            output.add("warcinfo", first, "info", _info(name), "application/warc-fields", {})
            capture: StoredCapture | None = first
            while capture is not None and file.tell() < FILE_SIZE:
                self._write(output, capture)
                capture = next(rest, None)
            self.bytes += file.tell()
        return capture

    def _write(self, output: _Output, capture: StoredCapture) -> None:
        self.captures += 1
        self.last = max(self.last, capture.fetched_at)
        body = self._store.body(capture.body_sha256) if capture.body_sha256 else None
        main = self._answer(output, capture, body)
        beside = {"WARC-Concurrent-To": main} if main else {}
        if capture.request_head:
            block = capture.request_head + capture.request_body
            kind = "application/http; msgtype=request"
            asked = output.add("request", capture, "request", block, kind, beside)
            beside = beside or {"WARC-Concurrent-To": asked.id}
        rewritten = main is not None and capture.response_head.startswith(b"HTTP/")
        said = remark(capture, rewritten=rewritten)
        output.add("metadata", capture, "metadata", said, "application/warc-fields", beside)

    def _answer(self, output: _Output, capture: StoredCapture, body: bytes | None) -> str | None:
        """The id of the response, revisit or resource; None for a visit that drew no answer."""
        if not capture.response_head.startswith(b"HTTP/"):
            return self._resource(output, capture, body)
        content = body or b""
        head = messages.for_decoded(capture.response_head, len(content))
        kind = "application/http; msgtype=response"
        more: dict[str, str] = {}
        first = self._first(capture)
        if capture.outcome == "not-modified" and first is None:
            content = b""  # its original is not among these captures
        if first is not None:
            profile = NOT_MODIFIED if capture.outcome == "not-modified" else SAME
            more = dict(zip(
                ("WARC-Refers-To-Target-URI", "WARC-Refers-To-Date", "WARC-Refers-To"), first,
                strict=True,
            )) | {"WARC-Profile": profile}  # fmt: skip
            self.revisits += 1
        block = head if first is not None else head + content
        name = "revisit" if first is not None else "response"
        written = output.add(name, capture, name, block, kind, more, content)
        self._note(capture, written, name, first is None and body is not None)
        return written.id

    def _resource(self, output: _Output, capture: StoredCapture, body: bytes | None) -> str | None:
        if body is None:
            return None
        kind = messages.field(capture.response_head, "content-type") or "application/octet-stream"
        written = output.add("resource", capture, "resource", body, kind, {}, body)
        self._note(capture, written, "resource", True)
        return written.id

    def _first(self, capture: StoredCapture) -> tuple[str, str, str] | None:
        sql = "SELECT url, date, id FROM first WHERE sha256 = ?"
        row: tuple[str, str, str] | None = self._notes.execute(
            sql, (capture.body_sha256,)
        ).fetchone()
        return row

    def _note(self, capture: StoredCapture, written: _Written, kind: str, first: bool) -> None:
        if first:
            self._notes.execute(
                "INSERT OR IGNORE INTO first VALUES (?, ?, ?, ?)",
                (capture.body_sha256, capture.url, capture.fetched_at, written.id),
            )
        if capture.method != "GET":
            return
        key, stamp = _key(capture.url), _stamp(capture.fetched_at)
        line = json.dumps(_entry(capture, written, kind), ensure_ascii=False)
        self._notes.execute("INSERT INTO cdx VALUES (?, ?, ?, ?)", (key, stamp, capture.id, line))

    def index(self) -> Iterator[str]:
        """The lines of the CDXJ index, sorted as bytes."""
        rows = self._notes.execute("SELECT key, stamp, line FROM cdx ORDER BY key, stamp, capture")
        return (f"{key} {stamp} {line}\n" for key, stamp, line in rows)


def _entry(capture: StoredCapture, written: _Written, kind: str) -> dict[str, str]:
    declared = messages.field(capture.response_head, "content-type").partition(";")[0].strip()
    return {
        "url": capture.url,
        "mime": "warc/revisit" if kind == "revisit" else declared or "application/octet-stream",
        "status": str(capture.status or 200),
        "digest": written.digest,
        "length": str(written.length),
        "offset": str(written.offset),
        "filename": written.file,
    }


@dataclass(frozen=True, slots=True)
class _Written:
    id: str
    digest: str
    file: str
    offset: int
    length: int


class _Output:
    """One WARC file being written, a gzip member a record."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        from fastwarc.stream_io import GzipWriter

        self._file = file
        self._name = name
        self._writer = GzipWriter(file)

    def add(
        self,
        kind: str,
        capture: StoredCapture,
        role: str,
        block: bytes,
        content_type: str,
        more: dict[str, str] | None = None,
        payload: bytes | None = None,
    ) -> _Written:
        """Writes a record; its id follows from the capture, so equal exports are equal bytes."""
        from fastwarc.warc import WarcRecord, WarcRecordType

        urn = uuid.uuid5(uuid.NAMESPACE_URL, f"{seal(asdict(capture)).hex()} {role}").urn
        record: WarcRecord = WarcRecord()
        record.init_headers(
            getattr(WarcRecordType, kind), record_urn=urn.removeprefix("urn:").encode()
        )
        record.headers["WARC-Date"] = capture.fetched_at
        if kind != "warcinfo":
            record.headers["WARC-Target-URI"] = capture.url
        if capture.ip and kind in ("response", "revisit", "request"):
            record.headers["WARC-IP-Address"] = capture.ip
        record.headers["Content-Type"] = content_type
        for name, value in (more or {}).items():
            record.headers[name] = value
        record.set_bytes_content(block)
        sha1 = hashlib.sha1(payload or b"", usedforsecurity=False).digest()
        start = self._file.tell()
        record.write(
            self._writer, checksum_data=True, payload_digest=None if payload is None else sha1
        )
        self._writer.finish()
        return _Written(
            f"<{urn}>",
            "sha1:" + base64.b32encode(sha1).decode(),
            self._name,
            start,
            self._file.tell() - start,
        )


def _info(name: str) -> bytes:
    lines = {
        "software": f"gongkai/{version('gongkai')}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "filename": name,
        "description": "Bodies are stored without transfer and content coding; the fields that "
        "told them are kept as X-Crawler-*. Heads are those of the wire where the metadata record "
        "says head_is_wire.",
    }
    return "".join(f"{key}: {value}\r\n" for key, value in lines.items()).encode()


def _key(url: str) -> str:
    from surt import surt

    return str(surt(url))


def _stamp(instant: str) -> str:
    return "".join(c for c in instant if c.isdigit())[:14]


def _pack(path: Path, folder: Path, writer: _Exporter) -> None:
    """Entries are stored, not deflated, so that a reader can seek in them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed:
        resources = [
            _copied(packed, f"archive/{file.name}", file)
            for file in sorted((folder / "archive").iterdir())
        ]
        compressed, blocks = _compressed(writer.index(), folder / "index.cdx.gz")
        resources.append(_copied(packed, "indexes/index.cdx.gz", compressed))
        resources.append(_added(packed, "indexes/index.idx", blocks))
        resources.append(_added(packed, "pages/pages.jsonl", _pages(writer)))
        package = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": "Annual disclosure reports as received",
            "software": f"gongkai/{version('gongkai')}",
            "created": writer.last,
            "resources": resources,
        }
        told = json.dumps(package, ensure_ascii=False, indent=2).encode()
        _added(packed, "datapackage.json", told)
        digest = {
            "path": "datapackage.json",
            "hash": "sha256:" + hashlib.sha256(told).hexdigest(),
        }
        _added(packed, "datapackage-digest.json", json.dumps(digest).encode())


def _compressed(lines: Iterable[str], path: Path) -> tuple[Path, bytes]:
    """The index in blocks of its own gzip member each, and the list of the blocks."""
    head = '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n'
    listed = [head]
    with path.open("wb") as file:
        for _, block in groupby(enumerate(lines), lambda pair: pair[0] // BLOCK):
            texts = [line for _, line in block]
            member = gzip.compress("".join(texts).encode(), mtime=0)
            key, stamp, _ = texts[0].split(" ", 2)
            about = {
                "offset": file.tell(),
                "length": len(member),
                "digest": "sha256:" + hashlib.sha256(member).hexdigest(),
                "filename": path.name,
            }
            listed.append(f"{key} {stamp} {json.dumps(about)}\n")
            file.write(member)
    return path, "".join(listed).encode()


def _pages(writer: _Exporter) -> bytes:
    lines: list[object] = [{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}]
    for line in writer.index():
        _, _, entry = line.split(" ", 2)
        told = json.loads(entry)
        if told["mime"] == "text/html" and told["status"] == "200":
            _, stamp, _ = line.split(" ", 2)
            lines.append({"id": told["digest"][-12:], "url": told["url"], "ts": _iso(stamp)})
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def _iso(stamp: str) -> str:
    date, time = stamp[:8], stamp[8:]
    return f"{date[:4]}-{date[4:6]}-{date[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}Z"


def _copied(packed: zipfile.ZipFile, name: str, path: Path) -> dict[str, object]:
    digest, size = hashlib.sha256(), 0
    entry = zipfile.ZipInfo(name, EPOCH)
    with packed.open(entry, "w", force_zip64=True) as target, path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
            size += len(piece)
            target.write(piece)
    return _resource_of(name, digest.hexdigest(), size)


def _added(packed: zipfile.ZipFile, name: str, content: bytes) -> dict[str, object]:
    packed.writestr(zipfile.ZipInfo(name, EPOCH), content)
    return _resource_of(name, hashlib.sha256(content).hexdigest(), len(content))


def _resource_of(path: str, sha256: str, size: int) -> dict[str, object]:
    name = path.rpartition("/")[2].lower()
    return {"name": name, "path": path, "hash": f"sha256:{sha256}", "bytes": size}
