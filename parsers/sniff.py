"""What a body is, by its own bytes: names and Content-Types lie too often to be asked."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Literal

Kind = Literal[
    "empty",
    "html",
    "text",
    "csv",
    "mhtml",  # a page and its parts in one message: Word's "single file web page"
    "wordml",  # Word 2003 XML, and packages written as one XML file
    "excelml",  # Excel 2003 XML
    "pdf",
    "scan",  # a PDF whose pages are images: found by its reader, never here
    "pictures",  # several images that are one document: bundled by `readers`, never here
    "docx",
    "xlsx",
    "odt",
    "ods",
    "ofd",
    "zip",
    "doc",
    "xls",
    "ole",
    "rtf",
    "gzip",
    "png",
    "jpg",
    "gif",
    "bmp",
    "tiff",
    "webp",
    "unknown",
]
# what zipfile raises for a part that is no longer as it was written
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,  # NotImplementedError is one
    ValueError,
)
IMAGES: frozenset[Kind] = frozenset(["png", "jpg", "gif", "bmp", "tiff", "webp"])

_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"{\\rt", "rtf"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
)
_ZIP_HEADS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_MAIN_PARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"wordprocessingml.document.main+xml", "docx"),
    (b"ms-word.document.macroenabled.main+xml", "docx"),
    (b"spreadsheetml.sheet.main+xml", "xlsx"),
    (b"ms-excel.sheet.macroenabled.main+xml", "xlsx"),
)
_OPEN_PARTS = ("mimetype", "content.xml")
_OPEN_HEAD = 2**20  # bytes: in content.xml styles come first
_OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BLANKS = b"\x00\t\n\x0b\x0c\r \xef\xbb\xbf\xff\xfe"
_TAG = re.compile(rb"<(?:!doctype|!--|\?xml|[a-z][a-z0-9:]*)[\s>/]", re.IGNORECASE)
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|table|tr|td|div|p|span|br|script|style)[\s>/]",
    re.IGNORECASE,
)
# Office 2003 wrote whole documents as XML: their root elements, whatever the prefix
_XML_KINDS: tuple[tuple[bytes, Kind], ...] = (
    (b"http://schemas.microsoft.com/office/word/2003/wordml", "wordml"),
    (b"http://schemas.microsoft.com/office/2006/xmlPackage", "wordml"),
    (b'<?mso-application progid="Excel.Sheet"?>', "excelml"),
)
_WORKBOOK = re.compile(
    rb"<(?:\w+:)?Workbook\b[^>]{0,2000}[\"']urn:schemas-microsoft-com:office:spreadsheet[\"']"
)
_MESSAGE = re.compile(
    rb"\A\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?Content-Type:\s*(?:multipart/related|text/html)",
    re.IGNORECASE,
)
# UTF-16 names in an OLE directory; an OLE file without one of them is some other program's
_OLE_STREAMS: tuple[tuple[str, Kind], ...] = (
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
)


def sniff(body: bytes) -> Kind:
    """The kind of `body`; "text" when nothing says more, "unknown" for bytes of no known kind."""
    head = body[:1024]
    if not body.strip(_BLANKS):
        return "empty"
    if head.startswith(_ZIP_HEADS):
        return _zip_kind(body)
    if head.startswith(_OLE_HEAD):
        return _ole_kind(body)
    if b"%PDF-" in head and not _TAG.match(head.lstrip(_BLANKS)):  # anywhere in the first KiB
        return "pdf"
    return _magic_kind(head) or _text_kind(body)


def _magic_kind(head: bytes) -> Kind | None:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return "bmp"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    return None


def _zip_kind(body: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
            return _package_kind(archive, names)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return "zip"


def _package_kind(archive: zipfile.ZipFile, names: Mapping[str, str]) -> Kind:
    if "word/document.xml" in names or any(
        name.startswith("word/document") and name.endswith(".xml") for name in names
    ):
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return _open_document(archive, names)
    if "ofd.xml" in names:
        return "ofd"
    return _declared(archive, names.get("[content_types].xml"))


def _declared(archive: zipfile.ZipFile, name: str | None) -> Kind:
    """Of a package whose main part has a name of its own."""
    said = _head(archive, name).lower() if name else b""
    return next((kind for mark, kind in _MAIN_PARTS if mark in said), "zip")


def _open_document(archive: zipfile.ZipFile, names: Mapping[str, str]) -> Kind:
    """By its media type, or without one by what content.xml holds."""
    said = b"".join(_head(archive, names[each]) for each in _OPEN_PARTS if each in names)
    if b"opendocument.spreadsheet" in said or b"<office:spreadsheet" in said:
        return "ods"
    return "odt" if b"opendocument.text" in said or b"<office:text" in said else "zip"


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as file:
            return file.read(_OPEN_HEAD)
    except UNREADABLE:
        return b""


def _ole_kind(body: bytes) -> Kind:
    for name, kind in _OLE_STREAMS:
        if name.encode("utf-16-le") + b"\0\0" in body:
            return kind
    return "ole"


def _text_kind(body: bytes) -> Kind:
    head = _plain(body[:4096])
    for mark, kind in _XML_KINDS:
        if mark in head:
            return kind
    if _WORKBOOK.search(head):
        return "excelml"
    if _MESSAGE.search(head):
        return "mhtml"
    if _TAG.match(head.lstrip(_BLANKS)) or _HTML.search(_plain(body[:65536])):
        return "html"
    if _is_binary(body[:4096]):
        return "unknown"
    return "csv" if _is_separated(_plain(body[:65536])) else "text"


def _plain(head: bytes) -> bytes:
    """UTF-16 as UTF-8, or with its NULs out, so that ASCII patterns match."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace").encode("utf-8", "replace")
    return head.replace(b"\0", b"") if head.count(b"\0") * 4 > len(head) else head


def _is_binary(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    plain = _plain(head)
    controls = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in plain)
    return controls * 50 > len(plain)


def _is_separated(head: bytes) -> bool:
    """Whether most lines have the same count, at least two, of one separator."""
    lines = [line for line in head.splitlines()[:50] if line.strip()]
    if len(lines) < 3 or head.lstrip()[:1] in (b"{", b"["):  # JSON has commas too
        return False
    return any(_is_regular([line.count(mark) for line in lines]) for mark in (b",", b"\t", b";"))


def _is_regular(counts: list[int]) -> bool:
    usual = max(set(counts), key=counts.count)
    return usual >= 1 and counts.count(usual) * 10 >= len(counts) * 8
