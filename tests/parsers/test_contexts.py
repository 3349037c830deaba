"""Which year and body a table is of, however far above it the heading that says so stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

import parsers
from parsers.model import Report

from . import forge

TITLE = "示例市2023年政府信息公开工作年度报告"
CHAPTERS = (
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
)
PROSE = (
    "<p>（一）基本情况。各级行政机关认真落实条例，工作平稳有序。</p>"
    "<p>（二）主要做法。加强组织领导，完善制度机制。</p>"
    "<p>（三）存在问题。一是队伍建设有待加强；二是平台功能有待完善。</p>"
)
Printed = Mapping[tuple[str, str, str], str]


def whole(seed: int, form: str = "2021") -> tuple[str, Printed]:
    """The chapters of a report with their tables, prose between, and the values printed."""
    a, b, c = forge.a_values("2021", seed), forge.b_values("2021", seed), forge.c_values(seed)
    laid = (
        forge.a_rows("2021", a),
        forge.b_heads() + forge.b_rows("2021", b),
        forge.c_rows("2021", c),
    )
    parts = [
        f"<p>{chapter}</p>{PROSE}{forge.table(rows)}"
        for chapter, rows in zip(CHAPTERS, laid, strict=True)
    ]
    truth = {("A", *k): v for k, v in a.items()} | {("B", *k): v for k, v in b.items()}
    return "".join(["<p>一、总体情况</p>", PROSE, *parts]), truth | {
        ("C", *k): v for k, v in c.items()
    }


def s_table(seed: int) -> tuple[str, Printed]:
    """A table of form 2014 and its values."""
    values = forge.s_values("2014", seed)
    table = forge.table(forge.cells(forge.s_plain("2014", values)))
    return table, {("S", *k): v for k, v in values.items()}


def read(*parts: str, title: str = TITLE) -> Report:
    return parsers.read(forge.page(*parts, title=title).encode())


def printed(report: Report) -> Printed:
    return {(f.section, f.indicator, f.column): f.raw for f in report.facts}


def loud(report: Report, *codes: str) -> list[str]:
    """Warnings of these codes on a table: that the page names two years is said of the page."""
    warned = (p for p in report.problems if p.severity == "warning" and p.at.table is not None)
    return [p.code for p in warned if p.code in codes]


DOUBTS = ("rival-tables", "year-differs", "agency-differs")
HEADS = ("<p>{}</p>", "<h2>{}</h2>", "<h3>{}</h3>", "<div><strong>{}</strong></div>")


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("last", ["示例市2022年政府信息公开工作年度报告", "附：2022年度报告"])
@pytest.mark.parametrize("first", [True, False])
def test_last_years_report_on_the_same_page_is_not_read(head: str, last: str, first: bool) -> None:
    now, truth = whole(1)
    old, _ = whole(2)
    parts = [head.format(last) + old, head.format(TITLE) + now]
    report = read(*(parts if first else reversed(parts)))
    assert printed(report) == truth
    assert not loud(report, *DOUBTS)


@pytest.mark.parametrize("head", HEADS)
def test_last_years_report_behind_this_years_untitled_chapters(head: str) -> None:
    now, truth = whole(1)
    old, _ = whole(2)
    report = read(now, head.format("示例市2022年政府信息公开工作年度报告"), old)
    assert printed(report) == truth
    assert not loud(report, *DOUBTS)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    "between", ["", "<table><tr><td>填报单位：示例市</td><td>单位：件</td></tr></table>"]
)
def test_another_bodys_table_under_its_own_heading(first: bool, between: str) -> None:
    ours, truth = s_table(1)
    theirs, _ = s_table(2)
    lines = "<p>填报单位（盖章）：</p><p>单位：件</p><p>一、统计数据</p><p>（一）总表</p>"
    parts = [
        f"<p>示例市公安局2023年度政府信息公开情况统计表</p>{lines}{between}{theirs}",
        f"<p>示例市2023年度政府信息公开情况统计表</p>{lines}{between}{ours}",
    ]
    report = read(*(parts if first else reversed(parts)))
    assert printed(report) == truth
    assert not loud(report, *DOUBTS)


@pytest.mark.parametrize("head", ["附件：2022年度政府信息公开情况统计表", "（2022年度）"])
def test_last_years_table_alone_is_doubtful_on_every_number(head: str) -> None:
    report = read(f"<p>{head}</p><p>一、统计数据</p>{PROSE}{s_table(1)[0]}")
    assert loud(report, "year-differs") == ["year-differs"]
    doubt = next(p for p in report.problems if p.code == "year-differs")
    assert all(doubt.at.covers(fact.at) for fact in report.facts)


TITLE_ROWS = ("<td colspan=3>{}</td>", "<td>{}</td><td></td><td></td>")


@pytest.mark.parametrize("row", TITLE_ROWS)
@pytest.mark.parametrize(
    ("title", "doubt"),
    [
        ("示例市2022年度政府信息公开情况统计表", "year-differs"),
        ("政府信息公开情况统计表（2022年度）", "year-differs"),
        ("庐陵县2023年度政府信息公开情况统计表", "agency-differs"),
        ("示例市2023年度政府信息公开情况统计表", ""),
        ("政府信息公开情况统计表", ""),
    ],
)
def test_a_title_inside_the_table_is_heard(row: str, title: str, doubt: str) -> None:
    table, truth = s_table(1)
    head = f"<table><tr>{row.format(title)}</tr>"
    report = read(table.replace("<table>", head))
    assert printed(report) == truth
    assert loud(report, *DOUBTS) == [doubt] * bool(doubt)


@pytest.mark.parametrize("row", TITLE_ROWS)
@pytest.mark.parametrize("first", [True, False])
def test_titles_inside_two_tables_tell_them_apart(row: str, first: bool) -> None:
    (ours, truth), (theirs, _) = s_table(1), s_table(2)
    heads = [f"<table><tr>{row.format(f'{year}年度统计表')}</tr>" for year in (2023, 2022)]
    parts = [ours.replace("<table>", heads[0]), theirs.replace("<table>", heads[1])]
    report = read(*(parts if first else reversed(parts)))
    assert printed(report) == truth
    assert not loud(report, *DOUBTS)


def test_another_bodys_table_alone_is_doubtful_on_every_number() -> None:
    head = "<p>示例市公安局2023年度政府信息公开情况统计表</p><p>一、统计数据</p>"
    report = read(head + PROSE + s_table(1)[0])
    doubt = next(p for p in report.problems if p.code == "agency-differs")
    assert report.facts
    assert all(doubt.at.covers(fact.at) for fact in report.facts)


MENU = "".join(f"<p>{year}年政府信息公开工作年度报告</p>" for year in (2024, 2022, 2021, 2020))
HARMLESS: Sequence[str] = (
    MENU,
    "<li><a href=/2022>示例市2022年政府信息公开年度报告</a></li><p>2023年度</p>",
    "<p>五、2024年工作打算</p><p>一是加强学习。</p>",
    "<p>一、2022年工作回顾</p><p>成绩显著。</p><p>二、主动公开情况</p>",
    "<p>2024年1月20日</p><p>附件</p>",
    "<p>信息来源：示例市 2024-01-20 10:20</p>",
    "<p>国办公开办函〔2021〕30号</p>",
    "<p>根据2022年度统计数据，全市工作平稳。</p>",
    "<p>示例市政府信息公开情况统计表</p>",
    "<p>填报单位：示例市人民政府办公室</p>",
    "<p>四、行政复议机关</p>",
    "<p>市直机关</p>",
)


@pytest.mark.parametrize("line", HARMLESS)
@pytest.mark.parametrize("far", ["", "<p>（一）总表</p><p>单位：件</p><p>（公章）</p><p>表一</p>"])
def test_lines_that_date_no_table(line: str, far: str) -> None:
    table, truth = s_table(1)
    report = read(line, far, table)
    assert report.year == 2023
    assert printed(report) == truth
    assert not loud(report, *DOUBTS)
    if line != MENU:
        assert "year-differs" not in {each.code for each in report.problems}


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("示例市公安局2023年政府信息公开工作年度报告", "示例市2023年政府信息公开情况统计表"),
        ("示例市人民政府2023年政府信息公开工作年度报告", "示例市2023年度政府信息公开情况统计表"),
        ("公安局2023年政府信息公开工作年度报告", "示例市公安局2023年度政府信息公开情况统计表"),
        ("示例市2023年政府信息公开工作年度报告", "示例市人民政府2023年政府信息公开情况统计表"),
    ],
)
def test_a_heading_of_the_same_body_in_other_words(title: str, head: str) -> None:
    report = read(f"<p>{head}</p>", s_table(1)[0], title=title)
    assert report.facts
    assert not loud(report, *DOUBTS)
