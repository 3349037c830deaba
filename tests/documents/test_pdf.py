"""What PDF writers do to digits: printed twice, hidden, painted over, turned, cut by pages."""

from __future__ import annotations

import pytest

from parsers.carrier import document
from parsers.errors import TooLarge
from parsers.model import Document
from parsers.pdf import pages
from parsers.pdf.reader import read_pdf

from .pdfs import pdf, ruled, show

ROWS = [["items", "number"], ["received", "11"], ["granted", "1111"], ["denied", "-8.50"]]
TRAILING = show("77", 200 - 30, 380 - 2 * 20 + 6)


def texts(found: Document) -> list[list[str]]:
    return [[cell.text for cell in row] for grid in found.grids for row in grid.rows()]


def codes(found: Document) -> list[str]:
    return [each.code for each in found.problems]


@pytest.mark.parametrize("size", [10, 4, 2.5])
@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_bold_made_by_printing_again_doubles_no_digit(size: float, times: int) -> None:
    if size < 10 and times > 1:
        times = 1  # the trace is as wide as a sign: nothing can tell
    found = document(pdf(ruled(ROWS, size=size, times=times)))
    assert texts(found) == ROWS
    assert codes(found) == []


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_pages_turned_for_display(rotate: int) -> None:
    found = document(pdf(ruled(ROWS), rotate=rotate))
    assert texts(found) == ROWS
    assert codes(found) == []


@pytest.mark.parametrize(
    ("matrix", "size"),
    [
        ("0 1 -1 0 400 0", (400, 300)),
        ("0 -1 1 0 0 300", (400, 300)),
        ("-1 0 0 -1 300 400", (300, 400)),
    ],
)
def test_tables_set_sideways_keep_their_addresses(matrix: str, size: tuple[int, int]) -> None:
    found = document(pdf(f"q {matrix} cm\n{ruled(ROWS)} Q", size=size))
    assert texts(found) == ROWS
    assert codes(found) == []  # the second reading looks where the addresses say
    boxes = [cell.at.box for cell in found.grids[0].cells if cell.at.box]
    assert all(
        0 <= x0 < x1 <= size[0] and 0 <= top < bottom <= size[1] for x0, top, x1, bottom in boxes
    )


@pytest.mark.parametrize("how", ["1 g", "1 1 1 rg", "0 0 0 0 k", "3 Tr"], ids=str)
def test_what_nobody_sees_is_no_value(how: str) -> None:
    found = document(pdf(ruled(ROWS) + show("77", 170, 346, more=how)))
    assert texts(found) == ROWS
    assert "hidden-content" in codes(found)


def test_white_on_a_dark_ground_is_displayed() -> None:
    ground = "0.2 g 20 360 180 20 re f\n"
    found = document(pdf(ground + "1 g\n" + ruled(ROWS[:1]) + "0 g\n" + ruled(ROWS[1:], top=360)))
    assert texts(found) == ROWS
    assert codes(found) == []


def test_a_value_painted_over_never_joins_its_successor() -> None:
    paint = "1 g 141 342 40 16 re f 0 g\n" + show("200", 144, 346)
    found = document(pdf(ruled(ROWS) + paint))
    assert " " in texts(found)[1][1]
    assert any(each.severity == "warning" and each.at.row == 1 for each in found.problems)


@pytest.mark.parametrize("cut", [1, 2, 3])
@pytest.mark.parametrize("again", [False, True])
def test_a_table_goes_on_overleaf(cut: int, again: bool) -> None:
    rest = ROWS[:1] * again + ROWS[cut:]
    found = document(pdf(ruled(ROWS[:cut], top=20 * cut + 30), ruled(rest)))
    assert texts(found) == ROWS
    assert [cell.at.page for cell in found.grids[0].cells] == [0] * 2 * cut + [1] * 2 * (4 - cut)


def test_columns_without_rules_are_cut_by_gaps_and_say_so() -> None:
    lines = (
        show(a, 20, y) + show(b, 160, y)
        for (a, b), y in zip(ROWS, range(300, 200, -20), strict=False)
    )
    found = document(pdf("".join(lines)))
    assert texts(found) == ROWS
    assert codes(found) == ["table-unruled"]


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.4\n",
        pdf(ruled(ROWS))[:300],
        pdf("q " * 5_000),
        pdf(show("1", 5, 5), size=(900_000, 9)),
    ],
    ids=["head", "cut", "nested", "vast"],
)
def test_broken_and_hostile_files_are_problems(body: bytes) -> None:
    found = document(body)
    assert found.problems
    assert not found.grids


def test_a_page_of_lines_alone_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "RULE_LIMIT", 100)
    with pytest.raises(TooLarge):
        read_pdf(pdf("0 0 1 1 re S " * 101))
