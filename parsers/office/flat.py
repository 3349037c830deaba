"""Documents that are one text file: Word 2003 XML, flat packages, pages saved as a message."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import Message

from lxml import etree

from parsers.decode import decode
from parsers.errors import TooLarge, Undecodable

from .elements import attribute, child, name
from .package import xml_of

_BLANK = b"\xef\xbb\xbf \t\r\n"
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)")
TEXT_LIMIT = 32 * 2**20


class FlatPackage:
    """The parts of a package written as one XML file; a Word 2003 file is all one part."""

    def __init__(self, root: etree._Element) -> None:
        self._parts: dict[str, etree._Element] = {}
        for part in root:
            data = child(part, "xmlData")
            if name(part) == "part" and data is not None and len(data):
                self._parts[(attribute(part, "name") or "").lstrip("/").lower()] = data[0]
        if not self._parts:
            self._parts["word/document.xml"] = root
            if (styles := child(root, "styles")) is not None:
                self._parts["word/styles.xml"] = styles

    def names(self) -> tuple[str, ...]:
        """As `Package.names`."""
        return tuple(self._parts)

    def xml(self, part: str) -> etree._Element | None:
        """As `Package.xml`."""
        return self._parts.get(part)


def xml_root(body: bytes) -> etree._Element:
    """The root of an XML file; entities stay unresolved, nothing is fetched."""
    if len(body) > TEXT_LIMIT:
        raise TooLarge(f"more than {TEXT_LIMIT >> 20} MiB of XML")
    declared = _DECLARED.match(body.lstrip(_BLANK)[:200])
    if declared is None or declared[1].lower().startswith(b"utf"):
        return xml_of(body.lstrip(), "the file")
    text = decode(body).text.lstrip("\ufeff \t\r\n").partition("?>")[2]
    return xml_of(text.encode("utf-8", "replace"), "the file")


def message_pages(body: bytes) -> str:
    """The pages in a saved message: those with tables, or all; raises a ReadError."""
    message = email.message_from_bytes(body.lstrip(), policy=email.policy.compat32)
    pages = [_text(part) for part in message.walk() if part.get_content_type() == "text/html"]
    tables = [page for page in pages if "<table" in page.lower()]
    if not pages:
        raise Undecodable("a saved message without a page in it")
    return "\n".join(tables or pages)


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return decode(payload).text if isinstance(payload, bytes) and payload else ""
