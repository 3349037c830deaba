"""What a run of a Word file looks like decides whether it is read: in every format of Word."""

from __future__ import annotations

import pytest

from parsers.carrier import document
from parsers.model import Cell, Document

from .office import docx, p, run, tbl, tc, tr
from .scans import HOME


def cells(found: Document) -> dict[str, Cell]:
    """The value of each row by its label."""
    return {row[0].text: row[1] for row in found.grids[0].rows()}


def rtf(*cells: str, colours: str = "") -> bytes:
    """A table of two columns: a letter and each of these."""
    rows = "".join(
        rf"\trowd\cellx900\cellx1800\intbl {chr(97 + place)}\cell\pard\plain\intbl {cell}\cell\row"
        for place, cell in enumerate(cells)
    )
    table = rf"{{\colortbl;\red255\green255\blue255;{colours}}}"
    return rf"{{\rtf1\ansi{table}{rows}\pard x\par}}".encode()


def test_an_old_word_file() -> None:
    """Made by LibreOffice from a document with these looks."""
    found = document((HOME / "looks.doc").read_bytes())
    read = cells(found)
    names = ("struck", "twice", "tiny", "white", "lifted", "plain", "whole")
    assert {name: read[name].plain for name in names} == dict.fromkeys(names, "15")
    assert read["lifted"].marks == ("2",)
    assert read["ruby"].text.startswith("EQ ")  # what a field draws is no number
    codes = [(each.code, each.at.row) for each in found.problems]
    assert codes == [("hidden-content", None), ("tracked-changes", 0), ("tracked-changes", 1)]


@pytest.mark.parametrize(
    ("inner", "plain", "code"),
    [
        (r"{\strike 7}15", "15", "tracked-changes"),
        (r"{\striked1 7}15", "15", "tracked-changes"),
        (r"{\fs2 7}15", "15", "hidden-content"),
        (r"{\cf1 7}15", "15", "hidden-content"),
        (r"{\cf1\chcbpat2 7}15", "715", ""),
        (r"15{\up10 2}", "15", ""),
        (r"{\up10 1}{\up10 5}", "15", ""),
        (r"{\field{\*\fldinst =1}{\fldrslt 15}}", "15", ""),
        (r"{\field{\*\fldinst EQ \\o(9,15)}{\fldrslt }}", r"EQ \o(9,15)", ""),
        (r"{\field{\*\fldinst PAGE}}15", "15", ""),
        (r"{\pict 0102}", "", "embedded-unread"),
        (r"{\*\shppict{\pict 0102}}", "", "embedded-unread"),
        (r"15{\pict 0102}", "15", ""),
    ],
)
def test_rich_text(inner: str, plain: str, code: str) -> None:
    found = document(rtf(inner, "9", colours=r"\red0\green0\blue0;"))
    assert cells(found)["a"].plain == plain
    assert [each.code for each in found.problems] == [code] * bool(code)


def test_a_picture_alone_in_a_cell_is_said() -> None:
    picture = "<w:p><w:r><w:drawing><a/></w:drawing></w:r></w:p>"
    beside = f"<w:p><w:r><w:drawing><a/></w:drawing></w:r>{run('5')}</w:p>"
    found = document(docx(p("x") + tbl(tr(tc("a"), tc(picture)), tr(tc("b"), tc(beside)))))
    assert [(each.code, each.at.row, each.at.cell) for each in found.problems] == [
        ("embedded-unread", 0, 1)
    ]
