"""Excel 2003 XML: one text file with sheets, saved as .xls more often than one would think."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from lxml import etree

from parsers.content import Run, content, written
from parsers.errors import TooLarge
from parsers.model import Document
from parsers.problems import problem

from .elements import attribute, child, name
from .flat import xml_root
from .sheetcell import SheetCell, displayed
from .sheets import CELL_LIMIT, Sheet, sheets_document

_SPAN_LIMIT = 16_384
_NAMED = {
    "General Number": "General",
    "Currency": "#,##0.00",
    "Percent": "0.00%",
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Scientific": "0.00E+00",
}
_PLAIN = ("General", False)
Formats = dict[str, tuple[str, bool]]  # style -> number format, whether it draws borders


def read_excelml(body: bytes) -> Document:
    """The displayed sheets; raises a ReadError."""
    root = xml_root(body)
    formats = _formats(child(root, "Styles"))
    sheets, problems = [], []
    for element in root:
        if name(element) != "Worksheet":
            continue
        title = attribute(element, "Name") or ""
        visible = child(element, "WorksheetOptions", "Visible")
        if visible is not None and visible.text != "SheetVisible":
            problems.append(problem("hidden-content", what=f"hidden sheet {title}"))
            continue
        sheets.append(_sheet(title, child(element, "Table"), formats))
    return sheets_document(sheets, carrier="xls", problems=problems)


def _formats(styles: etree._Element | None) -> Formats:
    """Each style with what it takes over from its parent; all are based on the default one."""
    told = {attribute(each, "ID") or "": each for each in (styles if styles is not None else ())}
    found: Formats = {"Default": _PLAIN}
    for key in ("Default", *told):
        code, framed = "General", False
        for style in _line(told, key):
            code = attribute(child(style, "NumberFormat"), "Format") or code
            framed |= child(style, "Borders", "Border") is not None
        found[key] = (_NAMED.get(code, code), framed)
    return found


def _line(told: Mapping[str, etree._Element], key: str) -> list[etree._Element]:
    """A style and those it is based on, the first of them first."""
    line: list[etree._Element] = []
    while key in told and told[key] not in line:
        line.append(told[key])
        key = attribute(told[key], "Parent") or "Default"
    return line[::-1]


def _sheet(title: str, table: etree._Element | None, formats: Formats) -> Sheet:
    reader = _Reader(Sheet(title), formats, attribute(table, "StyleID") or "Default")
    for element in table if table is not None else ():
        if name(element) == "Column":
            reader.column(element)
        elif name(element) == "Row":
            reader.row(element)
    return reader.sheet


class _Reader:
    """Fills one sheet; a cell has its own style, or its row's, column's, table's."""

    def __init__(self, sheet: Sheet, formats: Formats, style: str) -> None:
        self.sheet = sheet
        self._formats = formats
        self._style = style
        self._columns: dict[int, str] = {}
        self._row = self._column = 0

    def column(self, element: etree._Element) -> None:
        """One column, or several alike."""
        first = _index(element, self._column)
        self._column = min(first + _count(element, "Span") + 1, first + _SPAN_LIMIT)
        span = range(first, self._column)
        if attribute(element, "Hidden") == "1":
            self.sheet.hidden_columns |= set(span)
        if style := attribute(element, "StyleID"):
            self._columns |= dict.fromkeys(span, style)

    def row(self, element: etree._Element) -> None:
        """One row; a span counts empty ones below it."""
        row = _index(element, self._row)
        self._row = row + _count(element, "Span") + 1
        if attribute(element, "Hidden") == "1":
            self.sheet.hidden_rows |= set(range(row, self._row))
        self._cells(row, element, attribute(element, "StyleID"))
        if len(self.sheet.cells) > CELL_LIMIT:
            raise TooLarge(f"more than {CELL_LIMIT} cells in sheet {self.sheet.name}")

    def _cells(self, row: int, element: etree._Element, style: str | None) -> None:
        column = 0
        for cell in element:
            if name(cell) != "Cell":
                continue
            column = _index(cell, _free(self.sheet, row, column))
            across, down = _count(cell, "MergeAcross"), _count(cell, "MergeDown")
            own = attribute(cell, "StyleID") or style or self._columns.get(column, self._style)
            self.sheet.cells[row, column] = _cell(cell, self._formats.get(own, _PLAIN))
            if across or down:
                self.sheet.merges.append((row, column, row + down, column + across))
            column += across + 1


def _free(sheet: Sheet, row: int, column: int) -> int:
    """The next column that no range merged further up covers; not every writer counts for us."""
    for first, left, last, right in sorted(sheet.merges, key=lambda merge: merge[1]):
        if first < row <= last and left <= column <= right:
            column = right + 1
    return column


def _index(element: etree._Element, following: int) -> int:
    """Where a row, column or cell stands: counted on unless it says so itself."""
    said = _count(element, "Index")
    return said - 1 if said else following


def _count(element: etree._Element, wanted: str) -> int:
    text = attribute(element, wanted) or ""
    return min(int(text), _SPAN_LIMIT * 64) if text.isdecimal() else 0


def _cell(element: etree._Element, style: tuple[str, bool]) -> SheetCell:
    code, framed = style
    data, formula = child(element, "Data"), attribute(element, "Formula")
    if data is None:
        notes = (problem("formula-uncached", formula=formula),) if formula else ()
        return SheetCell(written(formula or ""), framed, notes)
    if attribute(data, "Type") == "Number" and (value := _decimal(data.text)) is not None:
        return displayed(value, code, is_framed=framed)
    return SheetCell(content(_runs(data)), framed)


def _decimal(text: str | None) -> Decimal | None:
    try:
        return Decimal((text or "").strip())
    except InvalidOperation:
        return None


def _runs(data: etree._Element) -> list[Run]:
    """Rich text, with superscripts marked."""
    runs = [Run(data.text or "")]
    for inner in data.iter():
        if inner is data:
            continue
        raised = any(name(each) in ("Sup", "Sub") for each in (inner, *inner.iterancestors()))
        runs.append(Run(inner.text or "", raised))
        outer = any(name(each) in ("Sup", "Sub") for each in inner.iterancestors())
        runs.append(Run(inner.tail or "", outer))
    return runs
