"""What `gongkai tables` prints explains every cell."""

from __future__ import annotations

import parsers
from parsers.model import At
from parsers.sheet import ABSENT, AGAIN, columns_of, marked, notes, place, problems_of

from .forge import APPLICANTS, b_heads, b_rows, b_values, table

PAGE = (
    "<h1>示例市2017年政府信息公开工作年度报告</h1><table>"
    "<tr><td>（一）收到申请数<td>件<td>1O4<tr><td>1.当面申请数<td>件<td>32"
    "<tr><td colspan=2>本地自设指标数据<td>5<tr><td>2.传真申请数</table>"
)


def test_every_cell_says_what_became_of_it() -> None:
    report = parsers.read(PAGE.encode())
    (grid,) = parsers.tables(PAGE.encode())
    rows = marked(grid, notes(report))
    assert rows[0][2:] == ["1O4 =! text", "requests_received"]
    assert rows[1][2:] == ["32 =", "requests_in_person"]
    assert rows[2] == ["本地自设指标数据 !?", AGAIN, "5 ?", ""]
    assert rows[3][1:] == [ABSENT, ABSENT, ""]


def test_a_value_that_is_not_what_is_printed_stands_beside_it() -> None:
    page = PAGE.replace("32", "1,032（件）").replace("1O4", "—")
    report = parsers.read(page.encode())
    (grid,) = parsers.tables(page.encode())
    rows = marked(grid, notes(report))
    assert (rows[0][2], rows[1][2]) == ("— = dash", "1,032（件） = 1032 件")


def test_the_heads_say_which_column_was_read_where() -> None:
    values = b_values("2021", 1)
    page = table(b_heads() + b_rows("2021", values)).encode()
    report = parsers.read(page)
    (grid,) = parsers.tables(page)
    assert columns_of(grid, notes(report)) == ["", "", "", *APPLICANTS]
    assert marked(grid, notes(report))[3][-1] == "requests_new"


def test_problems_stand_with_their_table_and_many_alike_are_counted() -> None:
    lines = problems_of(parsers.read(PAGE.encode()), 0)
    assert any("unreadable-number (table 0, row 0, cell 2)" in line for line in lines)
    assert sum("missing-row" in line for line in lines) == 6
    assert any(line.startswith("info: missing-row: ") for line in lines)
    loud = [line.partition(":")[0] for line in lines]
    assert loud == sorted(loud, key=["error", "warning", "info"].index)


def test_an_address_in_words_leaves_out_what_is_not_known() -> None:
    assert place(At()) == ""
    assert place(At(table=1, row=8, cell=0, page=2, box=(1, 2, 3, 4))) == (
        "table 1, row 8, cell 0, page 2"
    )
