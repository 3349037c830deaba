"""Numbers of the text against those of the tables, under every admissible reading."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal

import pytest

import parsers
from parsers.model import FormId, Narrative

from .forged import records, sections
from .forged.markup import Markup
from .forged.printed import number
from .forged.sheets import FIVE, Sheet, b_sheet, c_sheet, s_sheet

Changed = Mapping[tuple[str, str], int]


def told(text: str, *sheets: Sheet, year: int) -> tuple[Narrative, ...]:
    """What the reader finds in a sentence above the tables."""
    rng = random.Random(1)
    markup = Markup(rng)
    layouts = {"S": records.plain, "B": sections.b_plain, "C": sections.c_plain}
    tables = [markup.table(t) for s in sheets for t in layouts[s.section](s, rng)]
    title = f"示例市{year}年政府信息公开工作年度报告"
    page = f"<title>{title}</title><h1>{title}</h1><p>一、总体情况</p><p>{text}</p>"
    return parsers.read((page + "".join(tables)).encode()).narrative


def b_of(form: FormId, changed: Changed) -> Sheet:
    """Section B of zeros but for these numbers."""
    sheet = b_sheet(form, random.Random(1), 0.0)
    sheet.values = {place: number(changed.get(place, 0)) for place in sheet.values}
    return sheet


def c_of(**parts: tuple[int, int, int, int]) -> Sheet:
    """Section C from upheld, corrected, other, pending."""
    sheet = c_sheet("2021", random.Random(1), 0.0)
    sheet.values = {place: number(0) for place in sheet.values}
    for remedy, counts in parts.items():
        for part, count in zip(FIVE, (*counts, sum(counts)), strict=True):
            sheet.values[f"{remedy}_{part}", ""] = number(count)
    return sheet


def the(rows: tuple[Narrative, ...], value: int) -> Narrative:
    """The row of that told number."""
    (row,) = [row for row in rows if row.value == Decimal(value)]
    return row


REQUESTS = {
    ("requests_new", "natural_person"): 3402,
    ("requests_new", "charity"): 109,
    ("requests_new", "total"): 3511,
    ("requests_carried_in", "natural_person"): 91,
    ("requests_carried_in", "business"): 5,
    ("requests_carried_in", "total"): 96,
}


@pytest.mark.parametrize(("value", "reading"), [(3607, "requests_new + requests_carried_in"),
    (3493, "requests_new@natural_person + requests_carried_in@natural_person"),
    (114, "requests_new@organisations + requests_carried_in@organisations"),
])  # fmt: skip
def test_requests_with_those_carried_in_agree(value: int, reading: str) -> None:
    text = (
        "2023年，全市共收办政府信息公开申请3607件，其中自然人申请3493件，法人或其他组织申请114件。"
    )
    row = the(told(text, b_of("2021", REQUESTS), year=2023), value)
    assert (row.agrees, row.reading) == (True, reading)


def test_concluded_cases_agree_with_the_total_less_the_pending() -> None:
    text = "2024年，全市因政府信息公开引发行政复议134件，行政诉讼57件。"
    remedies = c_of(
        reconsideration=(100, 20, 14, 36),
        suit_direct=(30, 4, 0, 10),
        suit_after_reconsideration=(20, 3, 0, 10),
    )
    rows = told(text, b_of("2021", {}), remedies, year=2024)
    assert (the(rows, 134).agrees, the(rows, 57).agrees) == (True, True)


def test_a_figure_among_figures_that_agree_disagrees() -> None:
    sheet = s_sheet("2014", random.Random(2), 0.0)
    printed = {"press_conferences": 56, "online_interviews": 61, "policy_explainers": 1478}
    for record in sheet.records:
        if record.row.id in printed:
            record.values[0] = number(printed[record.row.id])
    text = "全年举办新闻发布会60次，开展在线访谈61次，发布政策解读稿件1478篇。"
    row = the(told(text, sheet, year=2017), 60)
    assert (row.indicator, row.printed, row.agrees) == ("press_conferences", Decimal(56), False)


def test_a_first_row_told_for_its_group_disagrees() -> None:
    values = {("unable_not_held", "total"): 265, ("unable_must_be_created", "total"): 40}
    values |= {("unable_still_unclear", "total"): 32, ("granted", "total"): 468}
    values |= {("outcomes_total", "total"): 805, ("requests_new", "total"): 805}
    text = "2019年，新收政府信息公开申请805件，答复805件，其中予以公开468件，无法提供265件。"
    assert the(told(text, b_of("2019", values), year=2019), 265).agrees is False


@pytest.mark.parametrize("text", ["全市组织召开60场新闻发布会。", "举办新闻发布会60次。"])
def test_press_conferences_told_alone_disagree(text: str) -> None:
    sheet = s_sheet("2014", random.Random(2), 0.0)
    for record in sheet.records:
        if record.row.id == "press_conferences":
            record.values[0] = number(56)
    row = the(told(text, sheet, year=2017), 60)
    assert (row.indicator, row.printed, row.agrees) == ("press_conferences", Decimal(56), False)


@pytest.mark.parametrize(
    "text", ["市财政局举办新闻发布会3次。", "2016年举办新闻发布会60次。", "其中举办新闻发布会3场。"]
)
def test_press_conferences_of_a_part_or_another_year_do_not(text: str) -> None:
    rows = told(text, s_sheet("2014", random.Random(2), 0.0), year=2017)
    assert all(row.agrees is not False for row in rows)
