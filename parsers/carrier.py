"""One entry for bytes of any kind: sniffed by content, opened, handed to the right reader."""

from __future__ import annotations

import gzip
import io
import zlib

from .decode import decode
from .document import parse
from .errors import ReadError, TooLarge, Undecodable
from .model import Document
from .office.flat import message_pages
from .office.package import PART_LIMIT, Package
from .office.separated import read_separated
from .problems import problem
from .readers import DOCUMENTS, reads_scans, refused
from .sandbox import SANDBOX
from .sniff import IMAGES, Kind, sniff

BODY_LIMIT = 128 * 2**20
_READABLE = DOCUMENTS | {"html", "mhtml", "csv", "zip"}
_REPORT_WORDS = ("年度报告", "年报", "信息公开")


def document(body: bytes, *, content_type: str = "", name: str = "") -> Document:
    """The document in `body`, whatever its kind; one that cannot be read has a problem.

    `content_type` only helps to decode text. `name` is never asked for the kind.
    """
    try:
        if len(body) > BODY_LIMIT:
            raise TooLarge(f"{len(body) >> 20} MiB, the limit is {BODY_LIMIT >> 20}")
        return _open(sniff(body), body, content_type, depth=0)
    except ReadError as error:
        return refused(error)


def _open(kind: Kind, body: bytes, content_type: str, *, depth: int) -> Document:
    if kind in DOCUMENTS:
        return _document(kind, body)
    if kind in IMAGES and reads_scans():
        return SANDBOX.read(kind, body)
    if kind in ("html", "text"):
        return parse(decode(body, content_type).text)
    if kind == "mhtml":
        return parse(message_pages(body))
    if kind == "csv":
        return read_separated(decode(body, content_type).text)
    if kind in ("zip", "gzip") and depth < 2:
        inner = _unzipped(body) if kind == "zip" else _gunzipped(body)
        return _open(sniff(inner), inner, "", depth=depth + 1)
    return _unread(kind)


def _document(kind: Kind, body: bytes) -> Document:
    """The document; a PDF with pages that are images is read once more where images can be."""
    found = SANDBOX.read(kind, body)
    is_scan = kind == "pdf" and any(each.code == "image-only" for each in found.problems)
    return SANDBOX.read("scan", body) if is_scan and reads_scans() else found


def _unread(kind: Kind) -> Document:
    if kind == "empty":
        raise Undecodable("an empty file")
    if kind in IMAGES:
        return Document(problems=(problem("image-only", reason=f"a {kind} file"),))
    return Document(problems=(problem("kind-unread", kind=kind),))


def _gunzipped(body: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
            inner = file.read(PART_LIMIT + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Undecodable(f"damaged gzip: {error}") from error
    if len(inner) > PART_LIMIT:
        raise TooLarge(f"more than {PART_LIMIT >> 20} MiB unpacked")
    return inner


class _NoSingleReport(ReadError):
    code = "archive-unread"


def _unzipped(body: bytes) -> bytes:
    """The one report in an archive; among several readable files the one named like a report."""
    package = Package(body)
    names = [name for name in package.names() if not name.endswith("/") and "__macosx" not in name]
    found = {name: inner for name in names if (inner := package.read(name)) is not None}
    kinds = {name: sniff(inner) for name, inner in found.items()}
    readable = [name for name, kind in kinds.items() if kind in _READABLE]
    readable = readable or [name for name, kind in kinds.items() if kind in IMAGES]
    titles = {name: package.display_name(name) for name in readable}
    named = [name for name in readable if any(word in titles[name] for word in _REPORT_WORDS)]
    chosen = readable if len(readable) == 1 else named
    if len(chosen) != 1:
        raise _NoSingleReport(f"{len(readable)} readable files: {', '.join(titles.values())[:200]}")
    return found[chosen[0]]
