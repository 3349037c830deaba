"""Facts do not depend on the layout: forged pages of every form in many layouts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from parsers.document import parse
from parsers.harvest import Harvest
from parsers.model import FormId, State
from parsers.recognise import recognise
from parsers.values import parse_value

from . import forge, layouts

Printed = Mapping[tuple[str, str], str]
Claim = tuple[State, Decimal | None]


def expected(section: str, values: Printed) -> dict[tuple[str, str, str], Claim]:
    """What the printed texts claim."""
    read = {place: parse_value(text) for place, text in values.items()}
    return {(section, *place): (value.state, value.value) for place, value in read.items()}


def found(harvest: Harvest) -> dict[tuple[str, str, str], Claim]:
    """What was read."""
    return {(f.section, f.indicator, f.column): (f.state, f.value) for f in harvest.facts}


def warnings(harvest: Harvest) -> list[str]:
    """Codes of everything louder than info."""
    return [p.code for p in harvest.problems if p.severity != "info"]


@pytest.mark.parametrize("layout", layouts.ALL, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("seed", [1, 2])
def test_form_2014_in_any_layout(layout: layouts.Layout, seed: int) -> None:
    values = forge.s_values("2014", seed)
    harvest = recognise(parse(layout(forge.s_plain("2014", values))), 2017)
    assert found(harvest) == expected("S", values)
    assert not warnings(harvest)
    assert {fact.form for fact in harvest.facts} == {"2014"}


@pytest.mark.parametrize("layout", layouts.ALL, ids=lambda layout: layout.__name__)
def test_form_2008_in_any_layout(layout: layouts.Layout) -> None:
    periods = ("annual", "cumulative")
    values = forge.s_values("2008", 5, periods)
    rows = forge.s_plain("2008", values, periods, ("2012年度", "历年累计"))
    harvest = recognise(parse(layout(rows)), 2012)
    if layout in layouts.NEEDS_HEADS:
        assert not found(harvest)
        assert "value-columns" in warnings(harvest)
    else:
        assert found(harvest) == expected("S", values)


def test_packed_rows() -> None:
    values = {place: text or "0" for place, text in forge.s_values("2014", 4).items()}
    rows = [[cell or "无" for cell in row] for row in forge.s_plain("2014", values)]
    harvest = recognise(parse(layouts.packed(rows)), 2017)
    assert found(harvest) == expected("S", values)


def national(form: FormId, *parts: str) -> tuple[str, dict[tuple[str, str, str], Claim]]:
    """A page with all three sections of a form and its truth."""
    a, b, c = forge.a_values(form, 1), forge.b_values(form, 2), forge.c_values(3)
    truth = expected("A", a) | expected("B", b) | expected("C", c)
    tables = (forge.a_rows(form, a), forge.b_heads() + forge.b_rows(form, b), forge.c_rows(form, c))
    if parts:
        titles = [[forge.td(text, colspan=15)] for text in parts]
        joined = [row for title, rows in zip(titles, tables, strict=True) for row in (title, *rows)]
        return forge.page(forge.table(joined)), truth
    return forge.page(*map(forge.table, tables)), truth


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_three_tables(form: FormId) -> None:
    html, truth = national(form)
    harvest = recognise(parse(html), 2017)
    assert found(harvest) == truth
    assert {fact.form for fact in harvest.facts} == {form}
    assert not harvest.leftovers


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_three_tables_in_one(form: FormId) -> None:
    titles = ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、行政复议情况")
    html, truth = national(form, *titles)
    harvest = recognise(parse(html), 2017)
    assert found(harvest) == truth
    assert not harvest.leftovers


def b_table(form: FormId) -> tuple[list[list[str]], dict[tuple[str, str, str], Claim]]:
    """Section B as rows of cells, heads first, and its truth."""
    values = forge.b_values(form, 2)
    return forge.b_heads() + forge.b_rows(form, values), expected("B", values)


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize("cut", [3, 8, 12, 20])
@pytest.mark.parametrize("heads", [0, 3])
def test_section_b_cut_by_a_page(form: FormId, cut: int, heads: int) -> None:
    rows, truth = b_table(form)
    again = rows[:heads] if cut > 3 else []
    html = forge.page(forge.table(rows[:cut]), forge.table([*again, *rows[cut:]]))
    harvest = recognise(parse(html), 2017)
    assert found(harvest) == truth
    assert not warnings(harvest)


def test_section_b_without_heads_is_proved_by_its_sums() -> None:
    rows, truth = b_table("2021")
    harvest = recognise(parse(forge.page(forge.table(rows[3:]))), 2017)
    assert found(harvest) == truth


def test_a_cell_lost_in_section_b_is_never_silent() -> None:
    rows, truth = b_table("2021")
    rows[10] = [*rows[10][:-4], *rows[10][-3:]]
    harvest = recognise(parse(forge.page(forge.table(rows))), 2017)
    wrong = [f for f in harvest.facts if truth[f.section, f.indicator, f.column][1] != f.value]
    assert wrong
    for fact in wrong:
        assert any(p.at.covers(fact.at) and p.severity == "warning" for p in harvest.problems)


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize("lost", [1, 2])
def test_rows_lost_under_tall_cells_take_no_other_row_with_them(form: FormId, lost: int) -> None:
    """The tall cell keeps its height, hangs into the next group and pushes its cells aside."""
    body = b_table(form)[0]
    for first in range(3, len(body) - lost + 1, 2 * lost - 1):
        rows, truth = b_table(form)
        gone = "".join(cell for row in rows[first : first + lost] for cell in row)
        if "rowspan" in gone and lost > 1:
            continue  # then the next group has lost its own cell as well
        del rows[first : first + lost]
        harvest = recognise(parse(forge.page(forge.table(rows))), 2017)
        missing = {place[1] for place in truth} - {fact.indicator for fact in harvest.facts}
        assert len(missing) == lost, gone
        assert found(harvest) == {k: v for k, v in truth.items() if k[1] not in missing}
        assert not warnings(harvest)


def test_a_cell_lost_beside_a_pushed_label_is_never_silent() -> None:
    rows, truth = b_table("2021")
    del rows[10]
    place = next(i for i, row in enumerate(rows) if "（四）无法提供" in row[0])
    rows[place] = [*rows[place][:4], *rows[place][5:]]
    harvest = recognise(parse(forge.page(forge.table(rows))), 2017)
    wrong = [f for f in harvest.facts if truth[f.section, f.indicator, f.column][1] != f.value]
    assert wrong
    for fact in wrong:
        assert any(p.at.covers(fact.at) and p.severity == "warning" for p in harvest.problems)


def test_last_years_table_is_left_over() -> None:
    now, old = forge.s_values("2014", 1), forge.s_values("2014", 9)
    html = forge.page(
        "<p>2016年度统计表</p>",
        layouts.table(layouts.cells(forge.s_plain("2014", old))),
        "<p>2017年度统计表</p>",
        layouts.table(layouts.cells(forge.s_plain("2014", now))),
    )
    harvest = recognise(parse(html), 2017)
    assert found(harvest) == expected("S", now)
    assert not warnings(harvest)


def test_rivals_without_a_reason_are_doubtful() -> None:
    one, other = forge.s_values("2014", 1), forge.s_values("2014", 9)
    tables = [layouts.table(layouts.cells(forge.s_plain("2014", v))) for v in (one, other)]
    harvest = recognise(parse(forge.page(*tables)), 2017)
    assert "rival-tables" in warnings(harvest)


@pytest.mark.parametrize(
    ("heads", "speaks"),
    [
        (("全市", "市本级"), 0),
        (("市本级", "全市汇总"), 1),
        (("2016年", "2017年"), 1),
        (("统计数", "上年数"), 0),
        (("2017年", "累计"), 0),
        (("区政府统计数", "区直单位统计数"), None),
    ],
)
def test_which_value_column_speaks(heads: tuple[str, str], speaks: int | None) -> None:
    values = forge.s_values("2014", 1)
    rows = forge.s_plain("2014", values)
    wide = [[*row[:2], row[2], "5"] if speaks != 1 else [*row[:2], "5", row[2]] for row in rows]
    wide[0][2:] = heads
    harvest = recognise(parse(layouts.plain(wide)), 2017)
    if speaks is None:
        assert not harvest.facts
        assert "value-columns" in warnings(harvest)
    else:
        assert found(harvest) == expected("S", values)


def test_an_unknown_row_keeps_its_label_and_value() -> None:
    values = forge.s_values("2014", 1)
    rows = forge.s_plain("2014", values)
    rows.insert(20, ["本地自设指标数据", "件", "777"])
    harvest = recognise(parse(layouts.plain(rows)), 2017)
    assert found(harvest) == expected("S", values)
    assert ("本地自设指标数据", "777") in {(left.label, left.raw) for left in harvest.leftovers}
    assert warnings(harvest) == ["unknown-row"]


def test_one_row_twice_with_different_values_is_doubtful() -> None:
    rows = forge.s_plain("2014", forge.s_values("2014", 1))
    rows.insert(26, [rows[22][0], "件", "888888"])
    harvest = recognise(parse(layouts.plain(rows)), 2017)
    assert "duplicate-row" in warnings(harvest)


def test_a_lost_row_is_missing_and_nothing_shifts() -> None:
    values = forge.s_values("2014", 1)
    rows = forge.s_plain("2014", values)
    del rows[23]
    harvest = recognise(parse(layouts.plain(rows)), 2017)
    truth = expected("S", values)
    del truth["S", "requests_in_person", ""]
    assert found(harvest) == truth
    assert [p.code for p in harvest.problems] == ["missing-row"]


SHORT_OUTCOMES = """
维持 纠正 其他 未审结 合计
维持 纠错 其它 未结 小计
维持结果 纠正结果 其它结果 待审结 总数
维持数 纠正数 其他数 未审结数 共计
被依法维持 被依法纠错 其他情形 尚未审结 总计
维持件数 纠正件数 其他件数 尚未审结件数 合计
"""
SHORT_REMEDIES = """
行政复议 行政诉讼 未经复议直接起诉 复议后起诉
复议 诉讼 直接起诉 经复议后起诉
行政复议情况 行政诉讼情况 未经复议直接起诉的 复议后诉讼
行政复议案件 行政诉讼案件 未经行政复议直接起诉 经行政复议后起诉
"""


@pytest.mark.parametrize("five", SHORT_OUTCOMES.strip().splitlines())
@pytest.mark.parametrize("remedies", SHORT_REMEDIES.strip().splitlines())
def test_section_c_under_shorter_heads(five: str, remedies: str) -> None:
    values, parts = forge.c_values(3), five.split()
    above, suits, direct, after = remedies.split()
    rows = [
        [forge.td(above, colspan=5), forge.td(suits, colspan=10)],
        [
            *(forge.td(word, rowspan=2) for word in parts),
            *(forge.td(word, colspan=5) for word in (direct, after)),
        ],
        [forge.td(word) for word in parts * 2],
        forge.c_rows("2021", values)[-1],
    ]
    b, truth = b_table("2021")
    harvest = recognise(parse(forge.page(forge.table(b), forge.table(rows))), 2017)
    assert found(harvest) == truth | expected("C", values)
    assert not warnings(harvest)
    assert not harvest.leftovers


def test_a_section_whose_words_nobody_knows_is_said() -> None:
    values = forge.c_values(3)
    heads = [forge.td("行政复议", colspan=5), forge.td("行政诉讼", colspan=10)]
    rows = [heads, [forge.td(word) for word in "甲乙丙丁戊" * 3], forge.c_rows("2021", values)[-1]]
    harvest = recognise(parse(forge.page(forge.table(rows))), 2017)
    assert not harvest.facts
    assert warnings(harvest) == ["headless-table"]
    assert len(harvest.leftovers) >= len(values)


def test_short_words_of_section_c_make_no_section_elsewhere() -> None:
    rows = [
        ["复核结果", "单位", "数量"],
        ["维持", "件", "3"],
        ["纠正", "件", "1"],
        ["其他", "件", "2"],
    ]
    harvest = recognise(parse(forge.page(forge.table(forge.cells(rows)))), 2017)
    assert not harvest.facts


def test_other_is_written_with_either_character() -> None:
    """其它 for 其他: wording that drifts from year to year, no misprint."""
    values = forge.b_values("2021", 5)
    rows = [
        [cell.replace("其他</td>", "其它</td>") for cell in row]
        for row in forge.b_rows("2021", values)
    ]
    harvest = recognise(parse(forge.table([*forge.b_heads(), *rows])), 2023)
    found = {(fact.indicator, fact.column) for fact in harvest.facts}
    assert {("other_misc", column) for column in forge.APPLICANTS} <= found
    assert not [each for each in harvest.problems if each.severity != "info"]


def test_a_row_that_only_its_digit_names_is_not_taken_for_its_neighbour() -> None:
    rows = forge.s_plain("2008", forge.s_values("2008", 4, ("annual",)), ("annual",), ("2012年度",))
    gone = [row for row in rows if "范围3" not in row[0] and "范围4" not in row[0]]
    damaged = [[row[0].replace("免予公开范围5", "予公开范围5"), *row[1:]] for row in gone]
    harvest = recognise(parse(forge.table(forge.cells(damaged))), 2012)
    taken = {fact.indicator: fact.label for fact in harvest.facts}
    assert not {"denied_exempt_3", "denied_exempt_4"} & taken.keys()
