"""Tables that a script fills, that stand twice, or that print each number twice over."""

from __future__ import annotations

import re

import pytest

import parsers
from parsers.model import Report

from . import forge

ROWS = [row for row in forge.s_rows("2014") if row.kind != "heading"]
VALUES = {(row.id, ""): str(1000 + n) for n, row in enumerate(ROWS)}
OTHERS = {(row.id, ""): str(2000 + n) for n, row in enumerate(ROWS)}


def table(values: dict[tuple[str, str], str]) -> str:
    return forge.table(forge.cells(forge.s_plain("2014", values)))


def read(*parts: str) -> Report:
    return parsers.read(forge.page(*parts).encode())


def codes(report: Report) -> list[set[str]]:
    """Codes of the warnings on each fact."""
    loud = [p for p in report.problems if p.severity != "info"]
    return [{p.code for p in loud if p.at.covers(fact.at)} for fact in report.facts]


def own(report: Report) -> bool:
    """Whether all numbers are those of `VALUES`."""
    values = [fact.value for fact in report.facts if fact.value is not None]
    return len(values) > 50 and max(values) < 2000


@pytest.mark.parametrize(
    "script",
    [
        'document.getElementById("v").innerHTML="7"',
        "document.getElementById('v').innerText = n",
        '$("#v").text(7)',
    ],
)
def test_a_cell_that_a_script_fills_is_in_doubt(script: str) -> None:
    page = table(VALUES).replace("<td>1010</td>", '<td><span id="v">1010</span></td>')
    report = read(page, f"<script>{script}</script>")
    doubted = [f.raw for f, said in zip(report.facts, codes(report), strict=True) if said]
    assert doubted == ["1010"]


def test_a_table_without_figures_beside_a_script_of_figures_is_said() -> None:
    figures = f"<script>var v = {[1000 + n for n in range(58)]};</script>"
    found = codes(read(table({}), figures))
    assert found
    assert all("all-blank" in said for said in found)
    assert not any(codes(read(table({}))))


def test_a_form_left_blank_gives_way_to_the_one_filled_in() -> None:
    assert own(read(table({}), table(VALUES)))


def test_numbers_printed_twice_over_are_said() -> None:
    twice = re.sub(r"<td>(\d+)</td>", r"<td><i>\1</i><span>\1</span></td>", table(VALUES))
    assert all("doubled" in said for said in codes(read(twice)))


def test_a_copy_for_screen_readers_is_no_doubt() -> None:
    hidden = r'<td><i class="sr-only">\1件</i><span>\1</span></td>'
    report = read(re.sub(r"<td>(\d+)</td>", hidden, table(VALUES)))
    assert own(report)
    assert not any(codes(report))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("更正前：", "更正后："),
        ("误为：", "应为："),
        ("样表：", ""),
        ("原表：", "更正后："),
    ],
)
def test_the_table_that_was_put_right_is_read(first: str, second: str) -> None:
    report = read(f"<p>{first}</p>", table(OTHERS), f"<p>{second}</p>", table(VALUES))
    assert own(report)
    assert not any(codes(report))


@pytest.mark.parametrize("blank", ["", "<p>&nbsp;</p>"])
def test_section_c_left_blank_below_a_page_break_is_read(blank: str) -> None:
    heads = forge.c_rows("2021", forge.c_values(1))[:3]
    pieces = forge.table(heads), forge.table([[f"<td>{blank}</td>"] * 15])
    report = read(*pieces)
    assert [fact.state for fact in report.facts] == ["blank"] * 15
    assert not any(codes(report))
