"""Numbers of the text against those of the tables, under every admissible reading."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

import pytest

import parsers
from parsers.model import FormId, Narrative
from parsers.prose import plain

from .forged import records, sections
from .forged.markup import Markup
from .forged.printed import number
from .forged.sheets import FIVE, Sheet, b_sheet, c_sheet, s_sheet

Changed = Mapping[tuple[str, str], int]


def told(
    text: str, *sheets: Sheet, year: int, chapter: str = "一、总体情况"
) -> tuple[Narrative, ...]:
    """What the reader finds in a sentence above the tables."""
    rng = random.Random(1)
    markup = Markup(rng)
    layouts = {"S": records.plain, "B": sections.b_plain, "C": sections.c_plain}
    tables = [markup.table(t) for s in sheets for t in layouts[s.section](s, rng)]
    title = f"示例市{year}年政府信息公开工作年度报告"
    page = f"<title>{title}</title><h1>{title}</h1><p>{chapter}</p><p>{text}</p>"
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


OFFICE = {
    ("granted", "total"): 272,
    ("granted_in_part", "total"): 3,
    ("unable_not_held", "total"): 265,
    ("unable_must_be_created", "total"): 72,
    ("outcomes_total", "total"): 805,
    ("requests_new", "total"): 859,
}


@pytest.mark.parametrize(
    "text",
    [
        "2019年，市政府办公厅新收政府信息公开申请859件，答复805件，其中予以公开和部分公开258件，"
        "占33.9%，无法提供265件。",
        "全年新收政府信息公开申请859件。答复“予以公开”和“部分公开”258件，占答复总数的33.9%；"
        "“无法提供”265件。",
        "全年新收政府信息公开申请859件，其中同意公开（含部分公开）的258件，占总数的33.9%；无法提供"
        "政府信息265件。",
    ],
)
def test_an_offices_figures_that_are_those_of_one_column(text: str) -> None:
    rows = told(text, b_of("2019", OFFICE), year=2019)
    assert (the(rows, 859).agrees, the(rows, 258).agrees) == (True, False)
    assert (the(rows, 258).printed, the(rows, 265).printed) == (Decimal(275), Decimal(337))
    (share,) = [row for row in rows if row.value == Decimal("33.9")]
    assert share.agrees is not True


def test_a_part_behind_the_whole_is_no_rival() -> None:
    text = "2019年，全市收到政府信息公开申请859件，其中市公安局予以公开58件，市教育局无法提供5件。"
    rows = told(text, b_of("2019", OFFICE), year=2019)
    assert the(rows, 859).agrees
    assert all(row.agrees is not False for row in rows)


REMEDIES = [
    "四、政府信息公开行政复议、行政诉讼情况",
    "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    "四　行政复议、行政诉讼情况",
    "第四部分 行政复议和诉讼",
    "行政复议、行政诉讼情况",
    "政府信息公开行政复议、行政诉讼情况",
]


@pytest.mark.parametrize("chapter", REMEDIES)
def test_disputes_under_their_chapter_need_not_say_of_what(chapter: str) -> None:
    tables = (b_of("2021", {}), c_of(reconsideration=(5, 0, 0, 2), suit_direct=(9, 0, 0, 0)))
    text = "2023年发生行政复议7件，全部维持；行政诉讼9件，均维持。"
    rows = told(text, *tables, year=2023, chapter=chapter)
    found = {(row.indicator, row.value): row.agrees for row in rows}
    assert found == {
        ("reconsideration_total", Decimal(7)): True,
        ("reconsideration_upheld", Decimal(7)): False,
        ("suit_direct_total", Decimal(9)): True,
        ("suit_direct_upheld", Decimal(9)): True,
    }


@pytest.mark.parametrize(("cases", "agrees"), [(7, True), (120, None)])
def test_disputes_under_a_heading_of_their_own_part_only_agree(
    cases: int, agrees: bool | None
) -> None:
    tables = (b_of("2021", {}), c_of(reconsideration=(5, 0, 0, 2)))
    text = f"（四）行政复议和行政诉讼情况。全年办理行政复议{cases}件。"
    rows = told(text, *tables, year=2023)
    assert [row.agrees for row in rows] == ([agrees] if agrees else [])


@pytest.mark.parametrize(
    ("spelt", "value"),
    [("二十三", 23), ("一百零二", 102), ("三千五百一十一", 3511), ("十", 10), ("两", 2)],
)
def test_spelt_counts_are_numbers(spelt: str, value: int) -> None:
    table = b_of("2021", {("requests_new", "total"): value})
    rows = told(f"2023年，全市共收到政府信息公开申请{spelt}件。", table, year=2023)
    assert the(rows, value).agrees
    assert spelt in the(rows, value).sentence
    rows = told(f"2023年，全市共收到政府信息公开申请{spelt}件。", b_of("2021", REQUESTS), year=2023)
    assert the(rows, value).agrees is (value == 3511)


@pytest.mark.parametrize(
    "spelt", ["二十余", "几十", "二三十", "一百二", "数百", "第二十三", "每一", "零", "百十"]
)
def test_spelt_guesses_are_none(spelt: str) -> None:
    text = f"2023年，全市共收到政府信息公开申请{spelt}件。"
    assert not told(text, b_of("2021", REQUESTS), year=2023)


def test_a_number_that_is_no_digit_never_joins_one() -> None:
    """3① is no 31: every such sign, wherever it stands in Unicode, divides."""
    signs = [chr(code) for code in range(0x20000) if unicodedata.category(chr(code)) == "No"]
    assert len(signs) > 500
    assert all(plain(f"3{sign}件") == "3,件" for sign in signs)
