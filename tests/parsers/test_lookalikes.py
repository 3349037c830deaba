"""Labels and heads that resemble one of the form and say another thing."""

from __future__ import annotations

import pytest

from parsers.dictionary import form

from . import forge
from .test_doubts import harvest, s_rows, warned


def a_table(*heads: str) -> list[list[str]]:
    """Licences of section A under these heads: 100, 101, ..."""
    values = [str(100 + number) for number in range(len(heads))]
    return forge.cells([["信息内容", *heads], ["行政许可", *values]])


@pytest.mark.parametrize(
    "head", ["上年处理决定数量", "去年处理决定数量", "2021年处理决定数量", "累计处理决定数量"]
)
def test_a_head_that_says_more_than_the_forms_is_none_of_them(head: str) -> None:
    found = harvest(a_table(head), year=2022)
    assert not found.facts
    assert {"100"} <= {left.raw for left in found.leftovers}
    beside = harvest(a_table(head, "本年处理决定数量"), year=2022)
    assert [str(fact.value) for fact in beside.facts] == ["101"]


def test_two_heads_of_one_indicator_are_in_doubt() -> None:
    """处理决定数量 is of form 2019, 本年处理决定数量 of form 2021."""
    found = harvest(a_table("处理决定数量", "本年处理决定数量"), year=2022)
    assert len(found.facts) == 2
    for fact in found.facts:
        assert "duplicate-row" in {p.code for p in found.problems if p.at.covers(fact.at)}


def b_flat(**labels: str) -> list[list[str]]:
    """Section B with one label column, some labels printed otherwise; an empty one is no row."""
    values = forge.b_values("2021", 5)
    heads = ["项目", *(forge.HEADS[column] for column in forge.APPLICANTS)]
    rows = [heads]
    for row in form("2021").section("B"):
        label = labels.get(row.id, row.label)
        cells = [values.get((row.id, column), "") for column in forge.APPLICANTS]
        rows += [[label, *cells]] if label else []
    return forge.cells(rows)


@pytest.mark.parametrize(
    ("indicator", "label"),
    [
        ("requests_new", "一、上年新收政府信息公开申请数量"),
        ("requests_carried_in", "二、上年新收政府信息公开申请数量"),
    ],
)
def test_a_row_of_last_year_is_in_doubt_in_the_place_of_this_years(
    indicator: str, label: str
) -> None:
    assert "label-doubtful" in warned(harvest(b_flat(**{indicator: label}), year=2022), indicator)


@pytest.mark.parametrize("place", [1, 99])
def test_a_foot_is_not_taken_for_the_total_that_is_not_printed(place: int) -> None:
    rows = b_flat(outcomes_total="")
    rows.insert(place, forge.cells([["合计", *"1234567"]])[0])
    assert "label-doubtful" in warned(harvest(rows, year=2022), "outcomes_total")


def test_a_total_and_others_in_their_places_need_no_number() -> None:
    found = harvest(b_flat(outcomes_total="合计", other_misc="其他"), year=2022)
    assert not warned(found, "outcomes_total") - {"year-differs"}
    assert not warned(found, "other_misc") - {"year-differs"}


def test_a_head_printed_twice_heads_neither_column() -> None:
    rows = b_flat()
    rows[0][3] = forge.td("商业企业")
    found = harvest(rows, year=2022)
    assert {fact.column for fact in found.facts} == {*forge.APPLICANTS} - {"business", "research"}
    assert [p.code for p in found.problems if p.code == "unknown-column"] == ["unknown-column"] * 2


def test_two_misprints_that_may_be_each_other_are_in_doubt() -> None:
    """行政甲诉数 and 行政诉庚数: only the form's order tells lawsuits from appeals."""
    order = [row for row in forge.s_rows("2008") if row.id != "reconsiderations_total"]
    labels = {"lawsuits_total": "行政诉庚数", "appeals_total": "行政甲诉数"}
    rows = [[labels.get(row.id, row.label), row.unit, "3"] for row in order]
    found = harvest(forge.cells([["指标名称", "计量单位", "年末统计"], *rows]), year=2012)
    for name in labels:
        assert "label-doubtful" in warned(found, name)


def test_misprinted_rows_of_disputes_stay_in_table_s() -> None:
    """被依法丙错数 and 其他形数 are no outcomes of section C below rows of table S."""
    labels = {
        "reconsiderations_total": "四、行政复议议数量",
        "reconsiderations_corrected": "（二）被依法丙错数",
        "reconsiderations_other": "（三）其他形数",
        "lawsuits_total": "五、行政诉讼数数",
        "lawsuits_corrected": "（二）被依法纠丁数",
    }
    values = {name: str(number) for number, name in enumerate(labels, 11)}
    found = harvest(s_rows("2014", values, **labels))
    read = {fact.indicator: str(fact.value) for fact in found.facts}
    assert {name: read.get(name) for name in labels} == values
