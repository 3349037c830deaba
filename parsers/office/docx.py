"""Word documents (.docx): the tree behind the page, final text, hidden text left out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

from parsers.content import Run
from parsers.errors import Undecodable
from parsers.model import Document, Problem
from parsers.problems import problem

from .docx_text import DELETED, INSERTED, Paragraph
from .elements import attribute, child, displayed, is_on, name, number
from .flat import FlatPackage, xml_root
from .numbering import Numbering, numbering
from .package import Package
from .targets import target
from .tree import Assembly, Box, Merge, Node, Para, Table
from .wordstyle import is_shaded, styles

_WRAPPERS = frozenset(["sdtContent", "customXml", "smartTag", "moveTo", "ins"])
_WRAPPERS_2003 = frozenset(["sect", "sub-section", "pBdrGroup", "annotation", "content"])


def read_docx(body: bytes) -> Document:
    """The document as displayed with all changes accepted; raises a ReadError."""
    return _read(Package(body))


def read_wordml(body: bytes) -> Document:
    """The same from Word 2003 XML or a package in one XML file; raises a ReadError."""
    return _read(FlatPackage(xml_root(body)))


def _read(package: Package | FlatPackage) -> Document:
    main = _main_part(package)
    root = package.xml(main)
    if root is None:
        raise Undecodable("no main document part")
    reader = _Reader(package, main)
    assembly = Assembly("docx", tolerance=0)
    assembly.flow(reader.nodes(child(root, "body")))
    return assembly.document(reader.problems())


def _main_part(package: Package | FlatPackage) -> str:
    parts = [part for part in package.names() if part.startswith("word/document")]
    return target(package, "", "officeDocument", min(parts, default="word/document.xml", key=len))


class _Reader:
    """Turns body elements into nodes; list counters run along."""

    def __init__(self, package: Package | FlatPackage, main: str) -> None:
        self._styles = styles(package.xml(target(package, main, "styles", "word/styles.xml")))
        lists = target(package, main, "numbering", "word/numbering.xml")
        self._numbers: Numbering = numbering(package.xml(lists))
        self._on_ground = False
        self._notes = 0
        self._hidden: list[str] = []
        self._embedded: list[str] = []

    def problems(self) -> list[Problem]:
        """What concerns the whole document."""
        found = []
        hidden = " | ".join(text for text in self._hidden if text.strip())
        if hidden:
            found.append(problem("hidden-content", what=f"hidden text {hidden[:200]!r}"))
        found += [problem("embedded-unread", what=what) for what in self._embedded]
        return found

    def nodes(self, element: etree._Element | None) -> Iterator[Node]:
        """Paragraphs and tables inside a container, in order; deleted ones are gone."""
        for inner in displayed(element) if element is not None else ():
            kind = name(inner)
            if kind == "p":
                yield from self._paragraph(inner)
            elif kind == "tbl":
                yield self._table(inner)
            elif kind == "sdt":
                yield from self.nodes(child(inner, "sdtContent"))
            elif kind in _WRAPPERS | _WRAPPERS_2003:
                yield from self.nodes(inner)
            elif kind == "altChunk":
                self._embedded.append("a document inserted as a whole (altChunk)")

    def _paragraph(self, element: etree._Element) -> Iterator[Node]:
        properties = child(element, "pPr")
        style = attribute(child(properties, "pStyle"), "val")
        on_ground = self._on_ground or is_shaded(properties)
        found = Paragraph(self._styles, style, on_ground, self._notes)
        found.take(element)
        self._notes = found.notes
        self._hidden += found.hidden
        printed = self._numbers.next(self._list_properties(properties, style))
        if found.hidden and not any(run.text for run in found.runs):
            printed = ""  # the number goes with its paragraph
        tag = "h2" if child(properties, "outlineLvl") is not None else "p"
        if found.runs or found.changed or found.drawn or printed or not found.hidden:
            runs = (*_numbered(printed, found.runs), *found.runs)
            yield Para(runs, tuple(found.changed), tag, tuple(found.drawn))
        for frame in found.frames:
            yield from self.nodes(frame)

    def _list_properties(
        self, properties: etree._Element | None, style: str | None
    ) -> etree._Element | None:
        if child(properties, "numPr") is not None:
            return properties
        return child(self._styles.elements.get(style or ""), "pPr")

    def _table(self, element: etree._Element) -> Table:
        properties = child(element, "tblPr")
        style = attribute(child(properties, "tblStyle"), "val")
        with self._within(is_shaded(properties) or self._styles.shades(style)):
            return Table(tuple(self._rows(element)))

    @contextmanager
    def _within(self, shaded: bool) -> Iterator[None]:
        """Everything in a table or cell stands on its ground."""
        around = self._on_ground
        self._on_ground = around or shaded
        yield
        self._on_ground = around

    def _rows(self, table: etree._Element) -> Iterator[tuple[Box, ...]]:
        for row in _all_rows(table):
            properties = child(row, "trPr")
            gone = any(child(properties, kind) is not None for kind in DELETED)
            if gone or is_on(properties, "hidden"):
                text = "".join(found.text or "" for found in row.iter() if name(found) == "t")
                self._hidden.append(f"row {text}")
                continue
            yield tuple(self._boxes(row, number(child(properties, "gridBefore"), 0)))

    def _boxes(self, row: etree._Element, left: int) -> Iterator[Box]:
        for cell in _all_cells(row):
            properties = child(cell, "tcPr")
            span = min(max(number(child(properties, "gridSpan"), 1), 1), 1000)
            with self._within(is_shaded(properties)):
                body = tuple(self.nodes(cell))
            yield Box(left, left + span, body, _merge(child(properties, "vMerge")))
            left += span


def _numbered(printed: str, runs: list[Run]) -> tuple[Run, ...]:
    """The list number; a mark where it stands before a digit, lest "1." and "5" become 1.5."""
    if not printed:
        return ()
    text = "".join(run.text for run in runs).strip()
    return (Run(printed, raised=bool(text) and not text[0].isalpha()),)


def _merge(element: etree._Element | None) -> Merge:
    if element is None:
        return ""
    return "start" if attribute(element, "val") == "restart" else "continue"


def _all_rows(table: etree._Element) -> Iterator[etree._Element]:
    yield from _through(table, "tr")


def _all_cells(row: etree._Element) -> Iterator[etree._Element]:
    yield from _through(row, "tc")


def _through(element: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Children of a kind, also inside content controls and other wrappers."""
    for inner in displayed(element):
        kind = name(inner)
        if kind == wanted:
            yield inner
        elif kind == "sdt" or kind in _WRAPPERS | _WRAPPERS_2003 | INSERTED:
            yield from _through(inner, wanted)
