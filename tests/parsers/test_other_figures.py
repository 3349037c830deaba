"""Figures that are not this year's or not this body's count, however their heads are worded."""

from __future__ import annotations

import pytest

import parsers
from parsers.model import Report

from . import forge

LOUD = ("warning", "error")


def s_table(*heads: str, own: int = 0) -> str:
    """Section S of form 2014: in column `own` 1000, 1001, ..., in the others 500 more."""
    rows = [["统计指标", "单位", *heads]]
    for number, row in enumerate(forge.s_rows("2014"), 1000):
        heading = row.kind == "heading"
        values = [str(number + 500 * (i != own)) for i in range(len(heads))]
        rows.append(
            [row.label, "——" if heading else row.unit, *([""] * len(heads) if heading else values)]
        )
    return forge.table(forge.cells(rows))


def read(*parts: str, title: str = "示例市2017年政府信息公开工作年度报告") -> Report:
    """What is read from a page of these parts."""
    return parsers.read(forge.page(*parts, title=title).encode())


def doubted(report: Report) -> set[str]:
    """Codes that are loud on every fact."""
    loud = [p for p in report.problems if p.severity in LOUD]
    codes = [{p.code for p in loud if p.at.covers(fact.at)} for fact in report.facts]
    return set.intersection(*codes) if codes else set()


@pytest.mark.parametrize(
    ("heads", "own"),
    [
        (("统计数", "全市排名"), 0),
        (("全市排名", "统计数"), 1),
        (("数量", "占全市比重"), 0),
        (("本市", "全省平均"), 0),
        (("目标总数", "完成数量"), 1),
        (("年初计划合计", "数量"), 1),
        (("应公开总数", "统计数"), 1),
        (("较上年总数增减", "数量"), 1),
        (("上半年", "全年"), 1),
        (("上期数", "本期数"), 1),
        (("县区合计", "全市合计"), 1),
        (("部门合计", "总计"), 1),
        (("二〇一六年", "二〇一七年"), 1),
        (("2017年", "二○一六年"), 0),
        (("1-6月", "1-12月"), 1),
        (("12月", "全年"), 1),
        (("本月", "本年"), 1),
        (("统计数", "得分"), 0),
    ],
)
def test_the_column_of_another_count_is_passed_over(heads: tuple[str, str], own: int) -> None:
    report = read(s_table(*heads, own=own))
    assert {int(f.value) < 1500 for f in report.facts if f.value is not None} == {True}
    assert not doubted(report)


@pytest.mark.parametrize(
    "heads",
    [
        ("全省", "本市"),
        ("下级单位汇总", "本级"),
        ("Last year", "This year"),
        ("统计数", "核定数"),
        ("更正数", "统计数"),
        ("统计数", "合计"),
        ("统计数", "第三方核查数"),
        ("最大值", "平均值"),
    ],
)
def test_columns_of_which_none_is_sure_give_no_number(heads: tuple[str, str]) -> None:
    report = read(s_table(*heads))
    assert not [fact for fact in report.facts if fact.value is not None]
    assert "value-columns" in {problem.code for problem in report.problems}


@pytest.mark.parametrize(
    "head",
    [
        "上年数",
        "去年",
        "全省平均",
        "排名",
        "历年累计",
        "计划数",
        "2017年上半年",
        "一季度",
        "同比增长",
        "12月",
        "2017年1-6月",
        "2016-2017年",
        "净增",
        "得分",
    ],
)
def test_a_lone_column_of_another_count_is_in_doubt(head: str) -> None:
    assert "value-columns" in doubted(read(s_table(head)))


@pytest.mark.parametrize("head", ["上年", "2017年上半年"])
def test_a_lone_column_of_form_2008_is_never_given_a_name_that_no_axis_has(head: str) -> None:
    rows = [["指标名称", "计量单位", head]]
    rows += [[row.label, row.unit, "3"] for row in forge.s_rows("2008")]
    report = read(forge.table(forge.cells(rows)))
    assert {fact.column for fact in report.facts} == {"annual"}
    assert "value-columns" in doubted(report)


@pytest.mark.parametrize(
    "heading",
    [
        "<p>二〇一六年度政府信息公开情况统计表</p>",
        "<p>附：2016年度政府信息公开情况统计表。</p>",
        "<h3>上年度政府信息公开情况统计表</h3>",
        "<p>附表：去年同期数据</p>",
    ],
)
def test_a_heading_dates_its_table_in_any_words(heading: str) -> None:
    assert "year-differs" in doubted(read(heading, s_table("统计数")))
    both = read(heading, s_table("统计数"), "<p>本年度统计表</p>", s_table("统计数", own=1))
    assert min(int(f.value) for f in both.facts if f.value is not None) >= 1500
    assert not doubted(both)


@pytest.mark.parametrize(
    "heading",
    ["（二）上年结转申请情况", "（三）与上年度相比", "四、较上年情况", "三、本年度办理结果"],
)
def test_headings_that_only_speak_of_last_year_date_nothing(heading: str) -> None:
    assert not doubted(read(f"<p>{heading}</p>", s_table("统计数")))


def c_table(*rows: tuple[str, int]) -> str:
    """Section C with a word in front of each row of values."""
    heads = forge.c_rows("2021", forge.c_values(3))[:3]
    heads[0].insert(0, forge.td("年度", rowspan=3))
    body = [forge.cells([[word, *([str(n)] * 15 if n else [""] * 15)]])[0] for word, n in rows]
    return forge.table([*heads, *body])


@pytest.mark.parametrize(
    ("rows", "read_as"),
    [
        ((("2021年", 8), ("2022年", 9)), {9}),
        ((("上年", 8), ("本年", 9)), {9}),
        ((("2022年", 9), ("2021年", 8)), {9}),
        ((("2021年", 8), ("2022年", 0)), {None}),
    ],
)
def test_of_two_rows_of_section_c_this_years_is_read(
    rows: tuple[tuple[str, int], ...], read_as: set[int | None]
) -> None:
    report = read(c_table(*rows), title="示例市2022年政府信息公开工作年度报告")
    assert {fact.value for fact in report.facts if fact.section == "C"} == read_as
    assert not doubted(report)
    assert {"8"} <= {left.raw for left in report.leftovers}


def test_last_years_row_of_section_c_alone_is_in_doubt() -> None:
    report = read(c_table(("上年", 8)), title="示例市2022年政府信息公开工作年度报告")
    assert "year-differs" in doubted(report)


def test_of_the_rows_of_districts_the_sum_is_read() -> None:
    report = read(c_table(("东湖区", 8), ("西湖区", 9), ("合计", 17)))
    assert {fact.value for fact in report.facts if fact.section == "C"} == {17}
    assert not doubted(report)


def test_rows_of_districts_without_a_sum_are_in_doubt() -> None:
    report = read(c_table(("东湖区", 8), ("西湖区", 9)))
    assert "rival-tables" in doubted(report)


@pytest.mark.parametrize("line", ["<p>单位：万件</p>", "<p>（单位：万条、万件）</p>"])
def test_a_line_above_that_counts_in_tens_of_thousands_is_said(line: str) -> None:
    report = read(line, s_table("统计数"))
    loud = [p for p in report.problems if p.severity in LOUD]
    counts = [fact for fact in report.facts if "元" not in fact.unit]
    assert all(any(p.code == "unit-differs" and p.at.covers(f.at) for p in loud) for f in counts)


@pytest.mark.parametrize("line", ["<p>单位：件</p>", "<p>填报单位：万安县人民政府</p>"])
def test_a_line_above_that_changes_no_unit_is_no_doubt(line: str) -> None:
    assert not doubted(read(line, s_table("统计数")))


def test_money_is_in_the_unit_of_the_line_above_the_table() -> None:
    rows = forge.a_rows("2021", forge.a_values("2021", 5))
    table = forge.table(rows).replace("（单位：万元）", "")
    report = read("<p>单位：元</p>", table, title="示例市2022年政府信息公开工作年度报告")
    assert {f.unit for f in report.facts if f.indicator == "fees_amount"} == {"元"}
