"""Excel workbooks (.xlsx): displayed text of displayed sheets; formulas by their stored results."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.worksheet import Worksheet

from parsers.content import Run, content
from parsers.errors import TooLarge, Undecodable
from parsers.model import Document, Problem
from parsers.problems import problem

from .package import Package
from .sheetcell import SheetCell, crossed_out, displayed, white_on_white
from .sheets import CELL_LIMIT, Sheet, sheets_document
from .strict import transitional
from .targets import target

MAIN = "xl/workbook.xml"
_WHITE = ("FFFFFFFF", "00FFFFFF")
_WINDOW = 0  # of the theme: what paper is


def read_xlsx(body: bytes) -> Document:
    """The displayed sheets; raises a ReadError."""
    package = Package(body)  # limits first: openpyxl has none
    body = transitional(body, package.read(target(package, "", "officeDocument", MAIN)))
    shown, formulas = _load(body, stored=True), _load(body, stored=False)
    sheets, problems = [], []
    for worksheet in shown.worksheets:
        if worksheet.sheet_state != "visible":
            problems.append(problem("hidden-content", what=f"hidden sheet {worksheet.title}"))
            continue
        sheets.append(_sheet(worksheet, formulas[worksheet.title]))
    return sheets_document(sheets, carrier="xlsx", problems=problems)


def _load(body: bytes, *, stored: bool) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions that it does not know; no matter here
            return openpyxl.load_workbook(io.BytesIO(body), data_only=stored, rich_text=stored)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        SyntaxError,  # lxml's XMLSyntaxError
    ) as error:
        raise Undecodable(f"a damaged workbook: {error}") from error


def _sheet(worksheet: Worksheet, formulas: Worksheet) -> Sheet:
    sheet = Sheet(worksheet.title)
    with_zeros = worksheet.sheet_view.showZeros is not False
    plain = not worksheet.tables and not len(worksheet.conditional_formatting)
    for cell in _cells(worksheet):
        formula = formulas.cell(cell.row, cell.column).value
        if cell.value is not None or cell.has_style or formula is not None:
            found = _cell(cell, formula, with_zeros=with_zeros)
            if plain and _is_white(cell):
                found = white_on_white(found)
            sheet.cells[cell.row - 1, cell.column - 1] = found
    if len(sheet.cells) > CELL_LIMIT:
        raise TooLarge(f"more than {CELL_LIMIT} cells in sheet {sheet.name}")
    for merged in worksheet.merged_cells.ranges:
        left, top, right, bottom = merged.bounds
        sheet.merges.append((top - 1, left - 1, bottom - 1, right - 1))
    rows = worksheet.row_dimensions.items()
    sheet.hidden_rows = {number - 1 for number, row in rows if row.hidden or row.height == 0}
    for column in worksheet.column_dimensions.values():
        if column.hidden or column.width == 0:
            sheet.hidden_columns |= set(range((column.min or 1) - 1, column.max or 0))
    return sheet


def _cells(worksheet: Worksheet) -> Iterator[Cell]:
    for row in worksheet.iter_rows():
        yield from (cell for cell in row if isinstance(cell, Cell))


def _is_white(cell: Cell) -> bool:
    """White digits on a ground that nothing colours."""
    colour, fill = cell.font.color if cell.font else None, cell.fill
    white = colour is not None and (colour.rgb in _WHITE or colour.theme == _WINDOW)
    return white and (fill is None or fill.fill_type is None)


def _cell(cell: Cell, formula: object, *, with_zeros: bool) -> SheetCell:
    border = cell.border
    framed = any(
        side is not None and side.style for side in (border.left, border.right, border.bottom)
    )
    value, code = cell.value, cell.number_format or "General"
    if value is not None and cell.font is not None and cell.font.strike:
        return crossed_out(value, is_framed=framed)
    if isinstance(value, CellRichText):
        return SheetCell(content(_runs(value)), framed)
    if value is None and _is_formula(formula):
        return SheetCell(content([Run(_formula_text(formula))]), framed, _uncached(formula))
    if isinstance(value, (ArrayFormula, DataTableFormula)):
        return SheetCell(content([Run(_formula_text(value))]), framed, _uncached(value))
    return displayed(value, code, is_framed=framed, with_zeros=with_zeros)


def _runs(rich: CellRichText) -> Iterator[Run]:
    for part in rich:
        if isinstance(part, TextBlock):
            if not part.font.strike:
                yield Run(part.text or "", part.font.vertAlign in ("superscript", "subscript"))
        else:
            yield Run(part)


def _is_formula(value: object) -> bool:
    if isinstance(value, (ArrayFormula, DataTableFormula)):
        return True
    return isinstance(value, str) and value.startswith("=")


def _formula_text(value: object) -> str:
    return str(getattr(value, "text", None) or getattr(value, "ref", None) or value)


def _uncached(formula: object) -> tuple[Problem, ...]:
    return (problem("formula-uncached", formula=_formula_text(formula)),)
