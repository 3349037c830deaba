"""Excel 95-2003 workbooks (.xls): xlrd, as it alone tells formats, frames and hidden rows."""

from __future__ import annotations

import datetime
import io
import struct
from collections.abc import Iterator

import xlrd
from xlrd.biffh import XLRDError
from xlrd.book import Book
from xlrd.compdoc import CompDocError
from xlrd.sheet import Cell
from xlrd.sheet import Sheet as XlsSheet
from xlrd.xldate import XLDateError, xldate_as_datetime

from parsers.content import Run, content
from parsers.errors import Encrypted, TooLarge, Undecodable
from parsers.model import Document
from parsers.problems import problem

from .numfmt import Stored
from .sheetcell import SheetCell, crossed_out, displayed, white_on_white
from .sheets import CELL_LIMIT, Sheet, sheets_document

_WHITE = (1, 9)  # of the palette


def read_xls(body: bytes) -> Document:
    """The displayed sheets; raises a ReadError."""
    book = _open(body)
    sheets, problems = [], []
    for worksheet in book.sheets():
        if worksheet.visibility:
            problems.append(problem("hidden-content", what=f"hidden sheet {worksheet.name}"))
            continue
        sheets.append(_sheet(book, worksheet))
    return sheets_document(sheets, carrier="xls", problems=problems)


def _open(body: bytes) -> Book:
    try:
        return xlrd.open_workbook(
            file_contents=body, formatting_info=True, logfile=io.StringIO(), on_demand=False
        )
    except XLRDError as error:
        if "encrypted" in str(error).lower():
            raise Encrypted("the workbook asks for a password") from error
        raise Undecodable(f"a damaged workbook: {error}") from error
    except (
        CompDocError,
        struct.error,
        AssertionError,
        IndexError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        raise Undecodable(f"a damaged workbook: {error}") from error


def _sheet(book: Book, worksheet: XlsSheet) -> Sheet:
    if worksheet.nrows * worksheet.ncols > CELL_LIMIT:
        raise TooLarge(f"more than {CELL_LIMIT} cells in sheet {worksheet.name}")
    sheet = Sheet(worksheet.name)
    for row in range(worksheet.nrows):
        for column in range(worksheet.row_len(row)):
            sheet.cells[row, column] = _cell(book, worksheet, row, column)
    sheet.merges = [
        (top, left, bottom - 1, right - 1) for top, bottom, left, right in worksheet.merged_cells
    ]
    rows, columns = worksheet.rowinfo_map.items(), worksheet.colinfo_map.items()
    sheet.hidden_rows = {number for number, row in rows if row.hidden or row.height == 0}
    sheet.hidden_columns = {number for number, each in columns if each.hidden or each.width == 0}
    return sheet


def _cell(book: Book, worksheet: XlsSheet, row: int, column: int) -> SheetCell:
    cell = worksheet.cell(row, column)
    style = book.xf_list[cell.xf_index or 0]
    frame, font = style.border, book.font_list[style.font_index]
    framed = frame is not None and any(
        (frame.left_line_style, frame.right_line_style, frame.bottom_line_style)
    )
    if font.struck_out and cell.ctype not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return crossed_out(cell.value, is_framed=framed)
    if cell.ctype == xlrd.XL_CELL_TEXT:
        found = SheetCell(content(_runs(book, worksheet, row, column)), framed)
    else:
        zeros = bool(worksheet.show_zero_values)
        value, code = _value(book, cell), _code(book, style.format_key)
        found = displayed(value, code, is_framed=framed, with_zeros=zeros)
    on_paper = style.background is None or not style.background.fill_pattern
    is_white = on_paper and font.colour_index in _WHITE
    return white_on_white(found) if is_white else found


def _code(book: Book, key: int) -> str:
    known = book.format_map.get(key)
    return (known.format_str if known else "") or "General"


def _value(book: Book, cell: Cell) -> Stored:
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(int(cell.value), "#ERROR"))
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _date(book, float(cell.value))
    return float(cell.value) if cell.ctype == xlrd.XL_CELL_NUMBER else None


def _date(book: Book, value: float) -> datetime.datetime | float:
    try:
        found: datetime.datetime = xldate_as_datetime(value, book.datemode)
    except (XLDateError, OverflowError, ValueError):
        return value
    return found


def _runs(book: Book, worksheet: XlsSheet, row: int, column: int) -> Iterator[Run]:
    """Rich text: runs by font, superscripts marked."""
    text = str(worksheet.cell_value(row, column))
    starts = worksheet.rich_text_runlist_map.get((row, column)) or []
    edges = [0, *(start for start, _ in starts), len(text)]
    fonts = [None, *(font for _, font in starts)]
    for begin, end, font in zip(edges, edges[1:], fonts, strict=False):
        raised = font is not None and bool(book.font_list[font].escapement)
        yield Run(text[begin:end], raised)
