"""Digits of one cell that are not one number: struck out, beside the line, in boxes, turned."""

from __future__ import annotations

from decimal import Decimal

import pytest

import parsers

from . import forge


def cell(markup: str) -> tuple[Decimal | None, set[str]]:
    """The value of a cell with that markup, and the codes said of it."""
    rows = forge.cells(forge.s_plain("2014", forge.s_values("2014", 1)))
    rows[10][2] = f"<td>{markup}</td>"
    report = parsers.read(forge.page(forge.table(rows)).encode())
    fact = next(fact for fact in report.facts if fact.indicator == "disclosed_other")
    return fact.value, {p.code for p in report.problems if p.at.cell and p.at.covers(fact.at)}


@pytest.mark.parametrize(
    "markup",
    [
        "<del>12</del>15",
        "<s>12</s>15",
        "<strike>12</strike>15",
        '<span style="text-decoration:line-through">12</span>15',
        '<font style="color:red; TEXT-DECORATION: line-through">12</font>15',
        "<ruby>15<rt>12</rt></ruby>",
        "15<sub>2</sub>",
    ],
)
def test_what_is_struck_or_beside_the_line_is_no_digit(markup: str) -> None:
    assert cell(markup) == (15, {"note-mark"})


@pytest.mark.parametrize(
    "markup",
    [
        "<s>12</s>",
        '<span style="text-decoration: line-through">12</span>',
        "<input value=15><input value=16>",
        "15<input value=6>",
        "\u202e123",
    ],
)
def test_digits_that_make_no_sure_number_make_none(markup: str) -> None:
    value, codes = cell(markup)
    assert value is None or "number-doubtful" in codes
    assert codes & {"unreadable-number", "number-doubtful"}


@pytest.mark.parametrize("markup", ["<progress value=9>8</progress>15", "<input value=15>"])
def test_what_is_shown_is_read(markup: str) -> None:
    assert cell(markup) == (15, set())
