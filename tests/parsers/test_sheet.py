"""What `gongkai tables` prints explains every cell."""

from __future__ import annotations

import parsers
from parsers.sheet import ABSENT, AGAIN, marked, notes, problems_of

PAGE = (
    "<h1>示例市2017年政府信息公开工作年度报告</h1><table>"
    "<tr><td>（一）收到申请数<td>件<td>1O4<tr><td>1.当面申请数<td>件<td>32"
    "<tr><td colspan=2>本地自设指标数据<td>5<tr><td>2.传真申请数</table>"
)


def test_every_cell_says_what_became_of_it() -> None:
    report = parsers.read(PAGE.encode())
    (grid,) = parsers.tables(PAGE.encode())
    rows = marked(grid, notes(report))
    assert rows[0][2] == "1O4\n= requests_received: text"
    assert rows[1][2] == "32\n= requests_in_person: 32"
    assert rows[2] == ["本地自设指标数据\n? left over", AGAIN, "5\n? left over"]
    assert rows[3][1:] == [ABSENT, ABSENT]


def test_problems_stand_with_their_table_and_many_alike_are_counted() -> None:
    lines = problems_of(parsers.read(PAGE.encode()), 0)
    assert any("unreadable-number table 0 row 0 cell 2" in line for line in lines)
    assert sum("missing-row" in line for line in lines) == 6
    assert any(line.startswith("info: missing-row: ") for line in lines)
