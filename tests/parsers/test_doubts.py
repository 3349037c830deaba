"""Causes found by forging pages at scale: one small page each, and what must be said of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from parsers.document import parse
from parsers.harvest import Harvest
from parsers.recognise import recognise
from parsers.values import parse_value, read_value

from . import forge
from .forged.pages import Spec
from .forged.pages import forge as forged


def harvest(*tables: list[list[str]], year: int = 2017) -> Harvest:
    """What is read from tables of ready cells."""
    return recognise(parse(forge.page(*map(forge.table, tables))), year)


def warned(found: Harvest, indicator: str) -> set[str]:
    """Codes of the warnings on the cell of a fact."""
    at = next(fact.at for fact in found.facts if fact.indicator == indicator)
    return {p.code for p in found.problems if p.severity != "info" and p.at.covers(at)}


def s_rows(form: str, values: dict[str, str], **labels: str) -> list[list[str]]:
    """Section S with one value column, some labels printed otherwise."""
    rows = []
    for row in forge.s_rows(form):  # type: ignore[arg-type]
        heading = row.kind == "heading"
        value = "" if heading else values.get(row.id, "3")
        rows.append([labels.get(row.id, row.label), "——" if heading else row.unit, value])
    return forge.cells([["统计指标", "单位", "统计数"], *rows])


def test_a_label_that_lost_its_not_is_in_doubt_by_its_number() -> None:
    """4.不同意公开答复数 without 不 is spelled like the second row."""
    rows = s_rows("2014", {"replies_denied": "41"}, replies_denied="4.同意公开答复数")
    lost = [row for row in rows if "2.同意公开答复数" not in row[0]]
    assert "label-doubtful" in warned(harvest(lost), "replies_granted")


@pytest.mark.parametrize("more", ["其他", "镇街", "网上", "已", "县", "委托", "上年度", "超期"])
def test_a_row_with_another_word_put_in_is_in_doubt(more: str) -> None:
    """镇街收到申请数 is perhaps a part of 收到申请数, and no misprint of it."""
    label = f"（一）{more}收到申请数"
    found = harvest(s_rows("2014", {"requests_received": "41"}, requests_received=label))
    facts = [fact for fact in found.facts if fact.indicator == "requests_received"]
    assert not facts or "label-doubtful" in warned(found, "requests_received")


@pytest.mark.parametrize("label", ["（一）收到申请总数", "（一）收到申清数", "（一）收收到申请数"])
def test_a_row_worded_at_length_or_misprinted_is_not(label: str) -> None:
    found = harvest(s_rows("2014", {"requests_received": "41"}, requests_received=label))
    assert not warned(found, "requests_received")


def test_rows_numbered_in_another_way_are_not_in_doubt() -> None:
    styles = {row.id: f"{n % 9 + 1}.{row.label}" for n, row in enumerate(forge.s_rows("2014"))}
    assert not warned(harvest(s_rows("2014", {}, **styles)), "replies_granted")


def test_a_row_of_table_s_that_lost_its_last_character_stays_there() -> None:
    rows = s_rows("2008", {"reconsiderations_total": "92"}, reconsiderations_total="行政复议")
    facts = {fact.indicator: fact.value for fact in harvest(rows, year=2012).facts}
    assert facts["reconsiderations_total"] == 92


def test_stops_tell_a_misprinted_label_from_its_neighbour() -> None:
    """信、传真申请数 is as near to 传真申请数 as to 信函、传真申请数 when stops do not count."""
    rows = s_rows("2008", {"requests_letter_or_fax": "7"}, requests_letter_or_fax="信、传真申请数")
    kept = [row for row in rows if "传真申请数" not in row[0] or "、" in row[0]]
    facts = {fact.indicator: fact.value for fact in harvest(kept, year=2014).facts}
    assert facts["requests_letter_or_fax"] == 7
    assert "requests_fax" not in facts


@pytest.mark.parametrize("place", ["above", "below"])
def test_a_table_of_several_years_is_no_piece_of_this_years(place: str) -> None:
    own = s_rows("2014", {"disclosed_total": "82629"})
    years = forge.cells(
        [
            ["项目", "2015年", "2016年", "2017年"],
            ["主动公开政府信息数", "1", "2", "9375"],
            ["收到申请数", "1", "2", "4"],
            ["行政复议数", "1", "2", "5"],
            ["行政诉讼数", "1", "2", "6"],
        ]
    )
    found = harvest(*((years, own) if place == "above" else (own, years)))
    facts = {fact.indicator: fact.value for fact in found.facts}
    assert facts["disclosed_total"] == 82629
    assert not [p for p in found.problems if p.code == "duplicate-row"]
    assert "9375" in {left.raw for left in found.leftovers}


def test_which_column_speaks_is_said_of_its_table_only() -> None:
    doubtful = forge.cells(
        [["收到申请数", "1", "2"], ["当面申请数", "1", "2"], ["传真申请数", "3", "4"]]
    )
    found = harvest(doubtful)
    assert [p.at.table for p in found.problems if p.code == "value-columns"] == [0]


def test_a_head_with_blanks_between_its_characters_speaks() -> None:
    rows = s_rows("2014", {"disclosed_total": "8"})
    wide = [[*row, forge.td("5")] for row in rows]
    wide[0][2:] = [forge.td("全 市 统 计 数"), forge.td("市本级")]
    facts = {fact.indicator: fact.value for fact in harvest(wide).facts}
    assert facts["disclosed_total"] == 8


def test_a_number_beside_a_misprinted_row_word_is_not_taken_for_a_head() -> None:
    rows = [["规章", "本年制发件数", "5"], ["行政许可可", "本年处理决定数量", "26"]]
    found = harvest(forge.cells(rows), year=2022)
    assert {fact.indicator: fact.value for fact in found.facts}["licences_decisions"] == 26


def test_heads_alone_belong_to_the_table_below_them() -> None:
    """The same words in a table of the text above must not draw the heads to it."""
    words = ["予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理"]
    told = forge.cells([["办理结果", "件数"], *([word, "7"] for word in words)])
    values = forge.b_values("2021", 5)
    found = harvest(told, forge.b_heads(), forge.b_rows("2021", values), year=2022)
    read = {(fact.indicator, fact.column): str(fact.value) for fact in found.facts}
    assert read == values
    assert not [p for p in found.problems if p.code == "headless-table"]


def test_half_a_label_beside_its_value_is_in_doubt() -> None:
    """The value stands beside a half that no form knows: the empty one is no certain blank."""
    values = forge.b_values("2021", 5)
    rows = [row for row in forge.b_rows("2021", values) if "部分公开" not in "".join(row[:2])]
    empty = [forge.td("")] * 7
    at = next(i for i, row in enumerate(rows) if "予以公开" in "".join(row))
    torn = [
        [forge.td("（二）部分公开（区分处理的，只计", colspan=2), *empty],
        [forge.td("某种情形，不计其他的）", colspan=2), *forge.cells([["6"] * 7])[0]],
    ]
    found = harvest([*forge.b_heads(), *rows[: at + 1], *torn, *rows[at + 1 :]], year=2022)
    halves = [fact for fact in found.facts if fact.indicator == "granted_in_part"]
    assert all(fact.value is None for fact in halves)
    assert "label-doubtful" in warned(found, "granted_in_part")


@pytest.mark.parametrize(
    ("text", "state", "problem"),
    [
        ("— —", "dash", ""),
        ("/ /", "slash", ""),
        ("20180115", "number", "number-doubtful"),
        ("⒈", "text", "unreadable-number"),
        ("½", "text", "unreadable-number"),
        ("两", "text", "unreadable-number"),
    ],
)
def test_values_that_looked_plainer_than_they_are(text: str, state: str, problem: str) -> None:
    value = parse_value(text)
    assert (value.state, value.problem) == (state, problem)


def test_no_printed_number_of_a_table_that_speaks_is_dropped() -> None:
    """It is a fact, or left over with its label; here no column of serial numbers is drawn."""
    for seed in range(40):
        page = forged(seed, Spec(kind="2021", messes=True, layout="plain"))
        document = parse(page.body.decode("utf-8", "ignore"))
        found = recognise(document, page.year)
        kept = {fact.at for fact in found.facts} | {left.at for left in found.leftovers}
        for grid in document.grids:
            numbers = [cell for cell in grid.cells if read_value(cell).state == "number"]
            if grid.index in found.grids:
                assert not [cell.text for cell in numbers if cell.at not in kept], page.made_of


def test_a_section_of_nothing_is_a_section_of_blanks() -> None:
    heads = forge.c_rows("2021", forge.c_values(3))[:3]
    found = harvest([*heads, forge.cells([[""] * 15])[0]], year=2022)
    assert [fact.state for fact in found.facts] == ["blank"] * 15


def test_outcomes_below_a_page_break_belong_to_the_remedy_above_it() -> None:
    rows = forge.c_rows("2021", forge.c_values(3))
    whole = {fact.indicator: fact.value for fact in harvest(rows, year=2022).facts}
    for cut in (1, 3):
        torn = harvest(rows[:cut], rows[cut:], year=2022)
        assert {fact.indicator: fact.value for fact in torn.facts} == whole
        assert all(isinstance(value, Decimal) for value in whole.values() if value is not None)


def test_an_empty_cell_between_heads_is_not_the_wide_head_left_of_it() -> None:
    """A ruled PDF may cut 行政诉讼 in two, its first part empty."""
    rows = forge.c_rows("2021", forge.c_values(3))
    whole = {fact.indicator: fact.value for fact in harvest(rows, year=2022).facts}
    top = [
        forge.td("行政复议", colspan=5),
        forge.td("", colspan=3),
        forge.td("行政诉讼", colspan=7),
    ]
    found = harvest([top, *rows[1:]], year=2022)
    assert {fact.indicator: fact.value for fact in found.facts} == whole


def test_a_misprinted_row_does_not_take_its_number_from_a_table_of_years() -> None:
    """合计 heads the values here; the row is like its namesake in the table of several years."""
    label = "（一）主动公开政府信息数数（不同渠道和方式公开相同信息计1条）"
    own = s_rows("2014", {"disclosed_total": "44"}, disclosed_total=label)
    own[0][2] = forge.td("合计")
    years = [["项目", "2015年", "2016年", "2017年"], ["主动公开政府信息数", "83", "0", "3151"]]
    facts = {fact.indicator: fact.value for fact in harvest(own, forge.cells(years)).facts}
    assert facts["disclosed_total"] == 44


def test_a_comma_behind_a_number_is_no_other_number() -> None:
    commas = {row.id: row.label.replace("、", "，") for row in forge.s_rows("2014")}
    found = harvest(s_rows("2014", {}, **commas))
    assert not [p for p in found.problems if p.code == "label-doubtful"]


def test_a_table_a_row_goes_on_behind_a_twin_without_a_number() -> None:
    """（二）被依法纠错数 stands twice in the form and names no row; its value is no number."""
    rows = s_rows("2014", {"reconsiderations_corrected": "见附件", "budget": "9"})
    facts = {fact.indicator: fact.value for fact in harvest(*([row] for row in rows)).facts}
    assert facts["budget"] == 9


def test_an_upper_head_of_section_b_may_be_misprinted() -> None:
    values = forge.b_values("2021", 5)
    heads = [
        [cell.replace("法人或其他组织", "法人或其他组辛") for cell in row]
        for row in forge.b_heads()
    ]
    found = harvest([*heads, *forge.b_rows("2021", values)], year=2022)
    assert {(f.indicator, f.column): str(f.value) for f in found.facts} == values


def test_a_total_word_that_labels_the_values_is_no_outcome() -> None:
    values = forge.c_values(3)
    rows = forge.c_rows("2021", values)
    rows[0].insert(0, forge.td("类型", rowspan=3))
    rows[3].insert(0, forge.td("合计件数"))
    found = harvest(rows, year=2022)
    assert {(f.indicator, f.column): str(f.value) for f in found.facts} == values


def test_numbers_that_no_row_or_head_names_are_said() -> None:
    rows = forge.a_rows("2021", forge.a_values("2021", 1))
    rows.insert(3, forge.cells([["其他主动公开文件", "31", "4", "77"]])[0])
    found = harvest(rows, year=2022)
    assert "其他主动公开文件" in " ".join(
        p.detail for p in found.problems if p.code == "unknown-row"
    )
    assert {"31", "4", "77"} <= {left.raw for left in found.leftovers}
