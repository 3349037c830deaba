"""Types by content: what a name or a header says is not even an argument."""

from __future__ import annotations

import gzip

import pytest

from parsers.sniff import sniff

from .office import docx, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\x00", "empty"),
        (b"<html><body>", "html"),
        (b"\xef\xbb\xbf\r\n<!-- x --><table>", "html"),
        ("<html><table>".encode("utf-16"), "html"),
        (b"some words, then <TABLE border=1><TR><TD>1", "html"),
        (b"<?xml version='1.0'?><html>", "html"),
        ("吉安市，报告".encode("gbk"), "text"),
        ("指标,单位,数\na,件,1\nb,件,2\nc,条,3\n".encode(), "csv"),
        ("指标\t数\na\t1\nb\t2\n".encode("gbk"), "csv"),
        (b"\n%PDF-1.7\n", "pdf"),
        (docx(""), "docx"),
        (zipped({"xl/workbook.xml": "x"}), "xlsx"),
        (zipped({"OFD.xml": "x"}), "ofd"),
        (zipped({"a.pdf": "%PDF-1.4"}), "zip"),
        (b"PK\x03\x04 cut off", "zip"),
        (OLE + "WordDocument".encode("utf-16-le") + bytes(9), "doc"),
        (OLE + "Workbook".encode("utf-16-le") + bytes(9), "xls"),
        (OLE + "Book".encode("utf-16-le") + bytes(9), "xls"),
        (OLE, "ole"),
        (b"{\\rtf1\\ansi x}", "rtf"),
        (gzip.compress(b"<html>", mtime=0), "gzip"),
        (b"\x89PNG\r\n\x1a\n....", "png"),
        (b"\xff\xd8\xff\xe0..JFIF", "jpg"),
        (b"GIF89a...", "gif"),
        (b"II*\x00....", "tiff"),
        (b"MM\x00*....", "tiff"),
        (b"BM\x10\0\0\0\0\0\0\0", "bmp"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (bytes(range(1, 32)) * 20, "unknown"),
    ],
)
def test_sniff(body: bytes, kind: str) -> None:
    assert sniff(body) == kind
