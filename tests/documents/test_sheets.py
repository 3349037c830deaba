"""Spreadsheets: what a cell displays, and a note where that is not what it stores."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.workbook import Workbook

import parsers
from parsers.carrier import document
from parsers.model import Document

from .scans import HOME


def workbook(fill: Callable[[Workbook], None]) -> Document:
    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return document(out.getvalue())


def rows(found: Document) -> list[list[str]]:
    return [[cell.text for cell in row] for grid in found.grids for row in grid.rows()]


DAY = datetime.date(2017, 3, 5)
ACCOUNT = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("value", "code", "text", "loudness"),
    [
        (0.339, "0.0%", "33.9%", ""),
        (0.339, "0%", "34%", "info"),
        (1234567, "#,##0", "1,234,567", ""),
        (DAY, "m-d", "3-5", "warning"),
        (datetime.time(3, 4), "h:mm", "3:04", "warning"),
        ("007", "@", "007", ""),
        ("154", "General", "154", ""),
        (1.0, "General", "1", ""),
        (1, "0.00", "1.00", ""),
        (1.5e10, "General", "15000000000", ""),
        (12345, "0.00E+00", "1.23E+4", "info"),
        (12.6, "0", "13", "info"),
        (0.1 + 0.2, "General", "0.3", ""),
        (-8, "0;(0)", "(8)", ""),
        (5, ";;;", "", "info"),
        (251000, '0.00,"万元"', "251.00万元", "warning"),
        (251000, '0!.0,"万"', "25.1万", "warning"),
        (0, ACCOUNT, "-", "info"),
        (12, '0"件"', "12件", ""),
        ("=1+1", "General", "=1+1", "warning"),
    ],
)
def test_displayed_numbers(value: object, code: str, text: str, loudness: str) -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet["A1"], sheet["A2"], sheet["B1"] = "a", "b", "c"
        sheet["B2"] = value
        sheet["B2"].number_format = code

    found = workbook(fill)
    assert found.grids[0].rows()[1][1].text == text
    assert [each.severity for each in found.problems] == [loudness] * bool(loudness)
    assert all(each.at.ref == "B2" for each in found.problems)


def test_what_is_hidden_is_no_value_and_is_said() -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        for row in (("a", 1, 7), ("b", 2, 8), ("c", 3, 9)):
            sheet.append(row)
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["C"].hidden = True
        other = book.create_sheet("old")
        other.append(("x", 5))
        other.sheet_state = "veryHidden"

    found = workbook(fill)
    assert rows(found) == [["a", "1"], ["c", "3"]]
    assert [each.code for each in found.problems] == ["hidden-content"] * 2


def test_a_number_crossed_out_is_no_value() -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet.append(("a", 154))
        sheet.append(("b", 2))
        sheet["B1"].font = Font(strike=True)

    found = workbook(fill)
    assert rows(found) == [["a", ""], ["b", "2"]]
    assert [(each.severity, each.at.ref) for each in found.problems] == [("warning", "B1")]


def test_merged_ranges_are_cells_once() -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        for row in (("t", "h", ""), ("", "x", 1), ("", "y", 2)):
            sheet.append(row)
        sheet.merge_cells("A1:A3")
        sheet.merge_cells("B1:C1")

    grid = workbook(fill).grids[0]
    assert rows(workbook(fill)) == [["t", "h"], ["x", "1"], ["y", "2"]]
    assert [(cell.rowspan, cell.colspan) for cell in grid.rows()[0]] == [(3, 1), (1, 2)]


def test_sections_on_sheets_of_their_own() -> None:
    """The tables of the 2019 form are often three sheets: the facts are the same."""
    source = HOME / "made" / "pingtan-2024.xlsx"
    book = openpyxl.load_workbook(source)
    first = book.worksheets[0]
    whole = parsers.read(source.read_bytes())
    starts = sorted({int(f.at.ref[1:].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for f in whole.facts
                     if f.at.ref and f.section == "B"})  # fmt: skip
    copy = book.copy_worksheet(first)
    first.delete_rows(starts[0] - 4, first.max_row)
    for merged in [each for each in first.merged_cells.ranges if each.max_row >= starts[0] - 4]:
        first.merged_cells.remove(merged)
    for row in range(1, starts[0] - 4):
        copy.row_dimensions[row].hidden = True
    out = io.BytesIO()
    book.save(out)
    apart = parsers.read(out.getvalue())
    keys = {(f.section, f.indicator, f.column, f.value, f.state) for f in whole.facts}
    assert {(f.section, f.indicator, f.column, f.value, f.state) for f in apart.facts} == keys


def patched(body: bytes, part: str, old: str, new: str) -> bytes:
    """A workbook with one part rewritten, as other writers would have it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as archive, zipfile.ZipFile(out, "w") as made:
        for name in archive.namelist():
            text = archive.read(name)
            made.writestr(name, text.replace(old.encode(), new.encode()) if part in name else text)
    return out.getvalue()


def zeros() -> bytes:
    """Two rows, one of them 0."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("a", 0), ("b", 5)):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_may_display_no_zeros() -> None:
    body = patched(zeros(), "sheet1", "<sheetView ", '<sheetView showZeros="0" ')
    found = document(body)
    assert rows(found) == [["a", ""], ["b", "5"]]
    assert [(each.code, each.at.ref) for each in found.problems] == [("format-doubtful", "B1")]


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        ('<row r="1"', '<row r="1" ht="0" customHeight="1"', [["b", "5"]]),
        ("<sheetData>", '<cols><col min="1" max="1" width="0"/></cols><sheetData>', []),
    ],
)
def test_rows_and_columns_without_size_are_hidden(
    old: str, new: str, left: list[list[str]]
) -> None:
    found = document(patched(zeros(), "sheet1", old, new))
    assert [row for row in rows(found) if row != [""]] == left
    assert [each.code for each in found.problems] == ["hidden-content"]


def test_strict_names() -> None:
    usual, strict = "http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/"
    body = patched(zeros(), "xl/", f"{usual}spreadsheetml/2006/", f"{strict}spreadsheetml/")
    body = patched(body, "xl/", f"{usual}officeDocument/2006/", f"{strict}officeDocument/")
    assert rows(document(body)) == [["a", "0"], ["b", "5"]]


def test_white_digits_are_flagged_unless_something_may_colour_their_ground() -> None:
    def fill(book: Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        for row in (("a", 1), ("b", 2)):
            sheet.append(row)
        sheet["B1"].font = sheet["B2"].font = Font(color="FFFFFFFF")
        sheet["B2"].fill = PatternFill("solid", fgColor="FF1F4E79")

    found = workbook(fill)
    assert rows(found) == [["a", "1"], ["b", "2"]]
    assert [(each.severity, each.at.ref) for each in found.problems] == [("warning", "B1")]


FONT, WINDOW = b"\xc8\x00\x00\x00\xff\x7f", b"\x3e\x02\x12\x00\xb6\x06"  # records of BIFF8


@pytest.mark.parametrize(
    ("old", "new", "code", "numbers"),
    [
        (WINDOW, b"\x3e\x02\x12\x00\xa6\x06", "format-doubtful", 41),
        (FONT, b"\xc8\x00\x08\x00\xff\x7f", "no-table", 0),
        (FONT, b"\xc8\x00\x00\x00\x09\x00", "hidden-content", 200),
    ],
    ids=["no-zeros", "struck", "white"],
)
def test_the_same_of_old_workbooks(old: bytes, new: bytes, code: str, numbers: int) -> None:
    body = (HOME / "made" / "pingtan-2024.xls").read_bytes().replace(old, new)
    report = parsers.read(body)
    assert sum(fact.value is not None for fact in report.facts) == numbers
    assert code in {found.code for found in report.problems}
