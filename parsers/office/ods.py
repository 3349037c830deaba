"""OpenDocument sheets (.ods): displayed text of displayed cells, held against what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from lxml import etree

from parsers.content import Run, content, written
from parsers.errors import TooLarge
from parsers.model import Document, Problem, Severity
from parsers.problems import problem

from .elements import attribute, name
from .odf_text import Office, Paragraph, opened, repeated
from .package import Package
from .sheetcell import SheetCell
from .sheets import CELL_LIMIT, Sheet, sheets_document

_GROUPS = frozenset(
    ["table-header-rows", "table-rows", "table-row-group", "table-header-columns", "table-columns",
     "table-column-group"]
)  # fmt: skip
_HIDDEN = ("collapse", "filter")
_WIDE = 256  # an empty cell that is repeated further fills the sheet up, and prints nothing


def read_ods(body: bytes) -> Document:
    """The displayed sheets; raises a ReadError."""
    office = opened(Package(body), "spreadsheet")
    sheets, problems = [], []
    for table in office.body:
        if name(table) != "table":
            continue
        title = attribute(table, "name") or ""
        if not _is_displayed(office, table):
            problems.append(problem("hidden-content", what=f"hidden sheet {title}"))
            continue
        reader = _Reader(office, Sheet(title))
        reader.take(table)
        sheets.append(reader.sheet)
    return sheets_document(sheets, carrier="ods", problems=problems)


def _is_displayed(office: Office, table: etree._Element) -> bool:
    if attribute(table, "display") == "false":
        return False
    return not office.says(attribute(table, "style-name"), "is_hidden")


class _Reader:
    """Fills one sheet."""

    def __init__(self, office: Office, sheet: Sheet) -> None:
        self._office = office
        self.sheet = sheet
        self._row = self._column = 0

    def take(self, element: etree._Element, *, hidden: bool = False) -> None:
        """Rows and columns of a table or of a group in it; a closed group is hidden."""
        for inner in element:
            kind = name(inner)
            unseen = hidden or attribute(inner, "display") == "false"
            unseen = unseen or attribute(inner, "visibility") in _HIDDEN
            if kind in _GROUPS:
                self.take(inner, hidden=unseen)
            elif kind == "table-column":
                last = self._column + _bounded(inner, "number-columns-repeated")
                self.sheet.hidden_columns |= set(range(self._column, last)) if unseen else set()
                self._column = last
            elif kind == "table-row":
                self._take_row(inner, unseen)

    def _take_row(self, element: etree._Element, unseen: bool) -> None:
        times = _bounded(element, "number-rows-repeated")
        cells = list(self._cells(element))
        if cells or times <= _WIDE:
            for row in range(self._row, self._row + times):
                self._put(row, cells)
                if unseen:
                    self.sheet.hidden_rows.add(row)
        self._row += times

    def _put(self, row: int, cells: list[tuple[int, int, int, SheetCell]]) -> None:
        for column, down, across, cell in cells:
            self.sheet.cells[row, column] = cell
            if down > 1 or across > 1:
                self.sheet.merges.append((row, column, row + down - 1, column + across - 1))
        if len(self.sheet.cells) > CELL_LIMIT:
            raise TooLarge(f"more than {CELL_LIMIT} cells in sheet {self.sheet.name}")

    def _cells(self, row: etree._Element) -> Iterator[tuple[int, int, int, SheetCell]]:
        """Column, rows and columns spanned, and the cell; covered cells keep their places only."""
        column = 0
        for element in row:
            times = _bounded(element, "number-columns-repeated")
            if name(element) == "table-cell":
                cell = self._cell(element)
                down = _bounded(element, "number-rows-spanned")
                across = _bounded(element, "number-columns-spanned")
                is_there = cell.content.text or cell.notes or down > 1 or across > 1
                if is_there or (cell.is_framed and times <= _WIDE):
                    yield from ((column + n, down, across, cell) for n in range(times))
            column += times if name(element).endswith("table-cell") else 0

    def _cell(self, element: etree._Element) -> SheetCell:
        style = attribute(element, "style-name")
        framed = self._office.says(style, "is_framed")
        runs, notes = [], []
        for paragraph in element:
            if name(paragraph) in ("p", "h"):
                found = Paragraph(self._office)
                found.take(paragraph, style)
                runs += [*found.runs, Run("\n")]
                notes += [_changed(text) for text in found.changed]
        said = content(runs)
        if not said.text and not notes:
            return _undisplayed(element, framed)
        return SheetCell(said, framed, (*notes, *_value_notes(element, said.text)))


def _bounded(element: etree._Element, wanted: str) -> int:
    return min(repeated(element, wanted), 2**20)


def _changed(text: str) -> Problem:
    severity: Severity = "warning" if any(map(str.isdigit, text)) else "info"
    return problem("tracked-changes", severity=severity, what=f"{text} is crossed out")


def _undisplayed(element: etree._Element, framed: bool) -> SheetCell:
    """A cell without text: what a formula or value alone would show is not known for certain."""
    stored = attribute(element, "value") or attribute(element, "string-value") or ""
    formula = attribute(element, "formula")
    if not stored and formula:
        return SheetCell(written(formula), framed, (problem("formula-uncached", formula=formula),))
    notes = (problem("format-doubtful", raw=stored, format="nothing"),) if stored else ()
    return SheetCell(written(stored), framed, notes)


def _value_notes(element: etree._Element, shown: str) -> tuple[Problem, ...]:
    """Whether the text says less, or something else, than the stored value."""
    kind = attribute(element, "value-type")
    stored = attribute(element, "date-value") or attribute(element, "time-value")
    if kind in ("date", "time") and stored:
        return (problem("format-doubtful", raw=stored, format=shown),)
    value, text = _decimal(attribute(element, "value")), shown.replace(",", "").strip()
    if value is None or kind not in ("float", "percentage", "currency"):
        return ()
    said = _decimal(text.rstrip("%").strip("¥￥ "))
    if said is not None and text.endswith("%"):
        said /= 100
    if said is not None and said == value:
        return ()
    near = said is not None and abs(said - value) <= _unit(said) / 2
    severity: Severity = "info" if near else "warning"
    return (problem("format-doubtful", severity=severity, raw=str(value), format=shown),)


def _unit(said: Decimal) -> Decimal:
    """What one step of the last digit is worth."""
    exponent = said.as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _decimal(text: str | None) -> Decimal | None:
    try:
        value = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
