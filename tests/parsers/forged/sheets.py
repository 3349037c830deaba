"""What a report prints before it is laid out: rows of a form with values, and the truth."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from parsers.dictionary import Indicator, columns, form
from parsers.model import FormId

from .printed import Printed, amount, count, dressed, number, silent

Key = tuple[str, str, str, str]  # form, section, indicator, column
APPLICANTS = tuple(column.id for column in columns() if column.axis == "applicant")
DERIVED = ("requests_new", "requests_carried_in", "outcomes_total", "requests_carried_out")
REMEDIES = ("reconsideration", "suit_direct", "suit_after_reconsideration")
FIVE = ("upheld", "corrected", "other", "pending", "total")

# The provincial table of Fujian by year: (indicator, label) as the bodies of one county printed it.
_CHANNELS = ["disclosed_total", "disclosed_website", "disclosed_gazette"]
_REQUESTS = ["in_person", "fax", "email", "online", "letter", "other_form"]
_REPLIES = ["replies_total", "replies_granted", "replies_partial", "replies_denied"]
_REMEDIES = ["reconsiderations_total", "lawsuits_total", "appeals_total"]
_LATE = ["received", "in_person", "online", "letter_or_fax"]
FUJIAN = {
    2009: [*_CHANNELS, *(f"requests_{x}" for x in ("received", *_REQUESTS)), *_REPLIES, *_REMEDIES],
    2012: [
        *_CHANNELS,
        *(f"requests_{x}" for x in ("received", *_REQUESTS[:-1])),
        *_REPLIES,
        *_REMEDIES,
    ],
    2014: [
        *_CHANNELS,
        *(f"requests_{x}" for x in _LATE),
        *_REPLIES,
        "replies_other",
        "fee_waivers",
        *_REMEDIES[::-1],
    ],
    2017: [
        *_CHANNELS,
        *(f"requests_{x}" for x in _LATE),
        *_REPLIES,
        "replies_other",
        *_REMEDIES[2:],
        *_REMEDIES[:2],
    ],
}
GANSU = [
    row.id
    for row in form("2008").section("S")
    if row.id
    not in ("disclosed_website", "disclosed_gazette", "requests_letter_or_fax", "replies_other")
    and row.id != "fee_waivers"
]


@dataclass(slots=True)
class Record:
    """One printed row of section S."""

    row: Indicator
    label: str
    unit: str
    values: list[Printed]


@dataclass(slots=True)
class Sheet:
    """One section as data."""

    form: FormId
    section: str
    rows: list[Indicator]
    columns: list[str]  # column ids of the value columns that are facts
    heads: list[str]
    values: dict[tuple[str, str], Printed]
    records: list[Record] = field(default_factory=list)
    year: int = 2017

    @property
    def truth(self) -> dict[Key, Printed]:
        """What must be read."""
        return {
            (self.form, self.section, name, column): value
            for (name, column), value in self.values.items()
            if name  # rows of no form have none
        }


def s_sheet(
    form_id: FormId, rng: random.Random, odd: float, *, coded: bool = False, year: int = 0
) -> Sheet:
    """Section S of form 2014, or of form 2008 in one of its provincial variants."""
    year = year or (2017 if form_id == "2014" else rng.choice(list(FUJIAN)))
    by_id = {row.id: row for row in form(form_id).section("S")}
    if form_id == "2014":
        rows, cols, heads = list(by_id.values()), [""], [rng.choice(("统计数", "数量", "数值"))]
    elif coded:
        rows = [by_id[name] for name in GANSU]
        cols, heads = ["current_period", "annual"], ["本期实际", "本年累计"]
    else:
        rows = [by_id[name] for name in FUJIAN.get(year, FUJIAN[2012])]
        two = rng.random() < 0.75
        cols = ["annual", "cumulative"] if two else ["annual"]
        heads = [f"{year}年度", "历年累计"] if two else [rng.choice(("年末统计", f"{year}年度"))]
    values: dict[tuple[str, str], Printed] = {}
    records = []
    for row in rows:
        printed = []
        if row.kind != "heading":
            for col in cols:
                value = amount(rng) if row.kind == "amount" else count(rng, odd)
                values[row.id, col] = value
                printed.append(value)
        heading = row.kind == "heading"
        blanks = [Printed("", "blank") for _ in cols]
        unit = "——" if heading else row.unit
        records.append(Record(row, _spelling(row, rng), unit, printed or blanks))
    return Sheet(form_id, "S", rows, cols, heads, values, records, year)


def _spelling(row: Indicator, rng: random.Random) -> str:
    """The label, sometimes an alias."""
    if row.aliases and rng.random() < 0.15:
        return rng.choice(row.aliases)
    return row.label


def b_sheet(form_id: FormId, rng: random.Random, odd: float) -> Sheet:
    """Section B whose sums hold; empty cells only where 0 would stand."""
    rows = list(form(form_id).section("B"))
    printed = [row.id for row in rows if row.kind != "heading"]
    grid: dict[tuple[str, str], int] = {}
    for column in APPLICANTS[:-1]:
        details = [name for name in printed if name not in DERIVED]
        for name in details:
            grid[name, column] = rng.choice((0, 0, rng.randint(1, 60)))
        total = sum(grid[name, column] for name in details)
        carried, left = rng.randint(0, min(total, 9)), rng.randint(0, 9)
        grid |= {("outcomes_total", column): total, ("requests_carried_in", column): carried}
        grid["requests_carried_out", column] = left
        grid["requests_new", column] = total + left - carried
    for name in printed:
        grid[name, "total"] = sum(grid[name, column] for column in APPLICANTS[:-1])
    values = {place: _count_of(n, rng, odd) for place, n in grid.items()}
    heads = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    if rng.random() < 0.2:
        heads[-1] = "合计"
    return Sheet(form_id, "B", rows, list(APPLICANTS), heads, values)


def _count_of(n: int, rng: random.Random, odd: float) -> Printed:
    if rng.random() >= odd:
        return number(n)
    return silent(rng) if n == 0 else dressed(number(n), rng)


def c_sheet(form_id: FormId, rng: random.Random, odd: float) -> Sheet:
    """Section C whose sums hold."""
    values: dict[tuple[str, str], Printed] = {}
    for remedy in REMEDIES:
        parts = {part: rng.choice((0, rng.randint(1, 40))) for part in FIVE[:-1]}
        parts["total"] = sum(parts.values())
        for part, n in parts.items():
            values[f"{remedy}_{part}", ""] = _count_of(n, rng, odd)
    heads = ["结果维持", "结果纠正", "其他结果", "尚未审结", rng.choice(("总计", "总计", "合计"))]
    return Sheet(form_id, "C", list(form(form_id).section("C")), [""], heads, values)


def a_sheet(form_id: FormId, rng: random.Random, odd: float) -> Sheet:
    """Section A."""
    rows = list(form(form_id).section("A"))
    values: dict[tuple[str, str], Printed] = {}
    for row in rows:
        if row.kind == "amount":
            bare = row.unit == ""  # no unit in the form, none printed: a warning is right
            values[row.id, ""] = replace(amount(rng), doubtful=bare)
        elif row.kind == "signed":
            change = rng.randint(-20, 20)
            values[row.id, ""] = number(change, f"{change:+d}" if rng.random() < 0.3 else "")
        else:
            values[row.id, ""] = count(rng, odd)
    return Sheet(form_id, "A", rows, [""], [], values)
