"""What stands round the tables of a page says nothing about their numbers."""

from __future__ import annotations

import pytest

import parsers

from .forge import cells, page, s_plain, s_values, table


@pytest.mark.parametrize(
    "line",
    [
        "发布时间：2019-01-12 00:00　来源：示例市　点击：123",
        "发布日期: 2019年1月12日",
        "索引号：SL001-3001-2019-00012",
        "浏览次数：2019",
    ],
)
def test_the_day_of_publication_does_not_date_the_table(line):
    body = table(cells(s_plain("2014", s_values("2014", 3))))
    report = parsers.read(page(f"<div>{line}</div>", body).encode())
    assert report.year == 2017
    assert "year-differs" not in {each.code for each in report.problems}
    assert len(report.facts) == 58


def test_last_years_heading_still_dates_its_table():
    body = table(cells(s_plain("2014", s_values("2014", 3))))
    report = parsers.read(page("<p>2016年度政府信息公开情况统计表</p>", body).encode())
    assert "year-differs" in {each.code for each in report.problems}
