"""OFD, the fixed-layout format of Chinese offices (GB/T 33190): the same grids as from a PDF."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from functools import partial

from lxml import etree

from parsers.errors import Encrypted, TooLarge, Undecodable
from parsers.model import At, Document, Problem
from parsers.office.elements import attribute, child, name
from parsers.office.package import Package
from parsers.pdf.display import doubted
from parsers.pdf.pages import SIDE_LIMIT, Sheet, printed_once
from parsers.pdf.pieces import pieces_of
from parsers.pdf.reader import PAGE_LIMIT, ImageOnly, Taken, assembled, placed
from parsers.pdf.turned import quarter, turned, unturned
from parsers.pdf.words import Bounds
from parsers.problems import problem

from .drawing import Drawing, box_of, draw

A4 = (0.0, 0.0, 595.3, 841.9)
_SCAN_SHARE = 0.6


def read_ofd(body: bytes) -> Document:
    """Tables and prose; raises a ReadError."""
    package = Package(body)
    root = package.xml("OFD.xml")
    if root is None:
        raise Undecodable("no OFD.xml in the container")
    if "encryptions.xml" in {each.rpartition("/")[2] for each in package.names()}:
        raise Encrypted("the OFD asks for a key")
    book = _Book(package)
    for each in root:
        place = child(each, "DocRoot") if name(each) == "DocBody" else None
        if place is not None:
            book.take(_resolved("", place.text or ""))
    if not any(sheet.chars for sheet, _, _ in book.pages):
        raise ImageOnly(f"{len(book.pages)} pages without text")
    return assembled(book.pages, book.problems, carrier="ofd")


class _Book:
    """The pages of a container, one after the other; a file may hold several documents."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.pages: list[Taken] = []
        self.problems: list[Problem] = []

    def take(self, part: str) -> None:
        """Adds the pages of one document."""
        document = self._package.xml(part)
        if document is None:
            raise Undecodable(f"the document {part} is not in the container")
        common, listed = child(document, "CommonData"), child(document, "Pages")
        area = _area(child(common, "PageArea")) or A4
        templates = {
            attribute(each, "ID") or "": _resolved(part, attribute(each, "BaseLoc") or "")
            for each in (common if common is not None else ())
            if name(each) == "TemplatePage"
        }
        for each in listed if listed is not None else ():
            if name(each) == "Page":
                self._page(_resolved(part, attribute(each, "BaseLoc") or ""), area, templates)

    def _page(self, place: str, area: Bounds, templates: Mapping[str, str]) -> None:
        number = len(self.pages)
        if number >= PAGE_LIMIT:
            raise TooLarge(f"more than {PAGE_LIMIT} pages")
        content, drawing = self._package.xml(place), Drawing()
        if content is None:
            at = At(page=number)
            self.problems.append(problem("truncated", at, reason=f"the page {place} is missing"))
            content = etree.Element("Page")
        wanted = [
            attribute(each, "TemplateID") or "" for each in content if name(each) == "Template"
        ]
        under = (self._package.xml(templates[each]) for each in wanted if each in templates)
        for each in (*under, content):
            if each is not None:
                draw(each, drawing)
        self.pages.append(_taken(drawing, number, _area(child(content, "Area")) or area))
        self._tell(drawing, number)

    def _tell(self, drawing: Drawing, number: int) -> None:
        sheet, at = self.pages[-1][0], At(page=number)
        if drawing.unread:
            what = f"{drawing.unread} composite objects of a page"
            self.problems.append(problem("embedded-unread", at, what=what))
        if sheet.is_scan and not sheet.chars:
            self.problems.append(problem("image-only", at, reason="a page that is one image"))


def _resolved(part: str, place: str) -> str:
    """A location is relative to the part that names it, or to the root of the container."""
    place = place.strip().replace("\\", "/")
    joined = place if place.startswith("/") else f"{posixpath.dirname(part)}/{place}"
    return posixpath.normpath(f"/{joined}").lstrip("/")


def _area(element: etree._Element | None) -> Bounds | None:
    return box_of(getattr(child(element, "PhysicalBox"), "text", None))


def _taken(drawing: Drawing, number: int, area: Bounds) -> Taken:
    width, height = area[2] - area[0], area[3] - area[1]
    if not (0 < width <= SIDE_LIMIT and 0 < height <= SIDE_LIMIT):
        raise TooLarge(f"page {number + 1} is {width:.0f} x {height:.0f} points")
    turn = quarter(drawing.matrices)
    sheet = turned(_sheet(drawing, number, (width, height)), turn)
    pieces, lines = pieces_of(sheet)
    where = partial(unturned, width=width, height=height, quarters=turn)
    return sheet, [placed(doubted(piece, sheet), where) for piece in pieces], lines


def _sheet(drawing: Drawing, number: int, size: tuple[float, float]) -> Sheet:
    width, height = size
    covered = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in drawing.images)
    return Sheet(
        number=number,
        width=width,
        height=height,
        chars=tuple(printed_once(drawing.chars, width, height)),
        rules=tuple(drawing.rules),
        shades=tuple(drawing.shades),
        is_scan=covered > _SCAN_SHARE * width * height,
        hidden=" ".join(drawing.hidden).strip(),
    )
