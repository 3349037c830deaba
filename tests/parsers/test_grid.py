"""Grids as browsers lay them out, text as it is displayed; agreed with Chromium in test_browser."""

from __future__ import annotations

import pytest

from parsers.document import parse
from parsers.model import Grid
from parsers.output import grid_json

from . import broken

A, B = "甲", "乙"
GRIDS: dict[str, list[list[str | None]]] = {
    "no end tags": [["一", "件", "154"], ["二", "条", "9"]],
    "cells without rows": [["一", "件", "154"]],
    "td in td": [["一", "二"], ["三", "四"]],
    "two thead": [[A, B], ["1", "2"], ["丙", "丁"]],
    "tfoot first": [["身", "1"], ["再", "8"], ["又", "2"], ["尾", "9"]],
    "rowspan zero": [[A, "1"], [A, "2"], [A, "3"]],
    "rowspan zero in a group": [[A, "1"], [A, "2"], [B, "3"]],
    "rowspan past the group": [[A, "1"], [B, "2"]],
    "rowspan past the table": [[A, "1"], [A, "2"]],
    "colspan huge": [[A, A], ["1", "2"]],
    "colspan zero": [[A, B], ["1", "2"]],
    "ragged": [["1", None, None], ["2", "3", "4"], ["5", "6", None]],
    "empty rows": [["1", "2"], ["3", "4"]],
    "hidden row": [["1", "2"]],
    "hidden cell": [["1", "2"], ["3", "4"]],
    "hidden by class": [["1", "2"], ["3", "4"]],
    "shown again": [["1", "2"], ["3", "4"]],
    "invisible keeps its slot": [["1", "2", "3"], ["4", "5", "6"]],
    "aria-hidden is shown": [["1", "2"], ["3", "4"]],
    "white is shown": [["1", "2"], ["3", "4"]],
    "split runs": [["2015年度", "154"], ["二", "3"]],
    "blocks are lines": [["14\n9", "1\n2"], ["二", "3\n4"]],
    "blocks made inline": [["2015", "1"], ["二", "3"]],
    "white space": [["一 二", "15"], ["三", "4"]],
    "references": [['<&>"', "—&mdash"], ["a\xa0b", "4"]],
    "pre in a cell": [["14\n9", "1"], ["二", "3"]],
    "comment and script": [["1", "2"], ["3", "4"]],
    "select in a table": [[B, "2"], ["3", "4"]],
    "word": [["（一）", "15"], ["二", "3"]],
    "a table in every cell": [[A, "154"], [B, "9"]],
    "unclosed formatting": [["1", "2"], ["3", "4"]],
}
FIELDS = {
    "<input value=154>": "154",
    "<input type=hidden value=9>154": "154",
    "<input type=checkbox value=9>154": "154",
    "<textarea>154</textarea>": "154",
    "<textarea>1\n2</textarea>": "1\n2",
    "<select><option>1<option selected>154</select>": "154",
    "<select><option disabled>请选择<option>154</select>": "154",
    "<span hidden>9</span>154": "154",
    "<span style='font-size:0'>9</span>154": "154",
    "<span style='font-size:0'>9<b style='font-size:12px'>154</b></span>": "154",
    "<span style='visibility: hidden'>9</span>154": "154",
    "<noscript>9</noscript>154": "154",
    "<template>9</template>154": "154",
    "1<!-- 9 -->54": "154",
    "1<wbr>54": "154",
    "<img alt=9>154": "154",
    "<video>9</video>154": "154",
    "<ruby>154<rp>(</rp></ruby>": "154",
    "<span style='float:left'>14</span><span style='float:left'>9</span>": "14\n9",
    "<plaintext>154": "154",
    "154<sup>①</sup>": "154①",
}


def slots(grid: Grid) -> object:
    """Texts slot by slot."""
    return grid_json(grid)["grid"]


@pytest.mark.parametrize("name", GRIDS)
def test_grid(name: str) -> None:
    (grid,) = parse(broken.PAGES[name]).grids
    assert slots(grid) == GRIDS[name]


@pytest.mark.parametrize(("markup", "text"), FIELDS.items())
def test_text_of_a_cell(markup: str, text: str) -> None:
    (grid,) = parse(f"<table><tr><td>收到申请数<td>件<td>{markup}").grids
    assert grid.cells[2].text == text


def test_note_marks_are_kept_apart() -> None:
    (grid,) = parse("<table><tr><td>甲<td>18<sup>③</sup><sub>注</sub></table>").grids
    cell = grid.cells[1]
    assert (cell.text, cell.plain, cell.marks) == ("18③注", "18", ("③", "注"))


def test_where_two_cells_claim_a_slot_the_first_keeps_it() -> None:
    (grid,) = parse(broken.PAGES["overlap"]).grids
    assert slots(grid) == [["甲", "乙", "丙"], ["丁", "乙", "戊"]]


def test_a_layout_table_is_looked_through() -> None:
    document = parse(broken.PAGES["layout around"])
    assert [grid.source for grid in document.grids] == ["table[1]"]
    assert [(b.text, b.before) for b in document.blocks] == [("导航", 0), ("正文", 0)]


def test_a_data_table_that_holds_a_longer_one_is_data() -> None:
    inner = "<table>" + "<tr><td>细项<td>7" * 9 + "</table>"
    rows = f"<tr><td>收到申请数<td>件<td>154<tr><td>当面<td>件<td>3<tr><td>附<td>{inner}"
    outer, nested = parse(f"<table>{rows}</table>").grids
    assert [cell.text for cell in outer.cells][:3] == ["收到申请数", "件", "154"]
    assert nested.n_rows == 9


def test_blocks_know_the_table_that_follows() -> None:
    html = "<p>前</p><table><tr><td>1<td>2</table><p>中</p><table><tr><td>3<td>4</table><p>后"
    assert [(b.text, b.before) for b in parse(html).blocks] == [("前", 0), ("中", 1), ("后", 2)]


def test_every_cell_has_its_own_address() -> None:
    for html in broken.PAGES.values():
        places = [cell.at for grid in parse(html).grids for cell in grid.cells]
        assert len(set(places)) == len(places)


def test_a_character_that_was_lost_is_said() -> None:
    document = parse("<table><tr><td>收到申请数<td>件<td>15\ufffd</table>")
    assert [(p.code, p.at.cell) for p in document.problems] == [("character-lost", 2)]
