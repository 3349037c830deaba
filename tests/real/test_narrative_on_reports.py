"""The text of real reports disagrees with their tables exactly where a person says it does."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

import parsers
from parsers.model import At, Block, Fact, FormId, Narrative, Section, State
from parsers.narrative import compare

REPORTS = Path(__file__).parents[2].parent / "shared" / "real" / "reports"
pytestmark = pytest.mark.skipif(not REPORTS.is_dir(), reason="real reports are not here")
DIGITS, UNITS = "零一二三四五六七八九", ("", "十", "百", "千")


def facts(path: Path, form: FormId) -> list[Fact]:
    """The hand-checked truth of a report as facts."""
    with path.open(encoding="utf-8") as file:
        return [
            Fact(
                form=form,
                section=cast("Section", row["section"]),
                indicator=row["indicator"],
                column=row["column"],
                value=Decimal(row["value"]) if row["value"] else None,
                state=cast("State", row["state"]),
                raw=row["value"],
                label="",
                at=At(table=0, row=number, cell=0),
            )
            for number, row in enumerate(csv.DictReader(file))
        ]


def disagreeing(rows: Sequence[Narrative]) -> list[str]:
    return [row.indicator for row in rows if row.agrees is False]


def test_a_report_disagrees_where_a_person_found_it() -> None:
    lines = (REPORTS / "jian-2017.txt").read_text(encoding="utf-8").splitlines()
    blocks = [Block(text=line, before=0) for line in lines if line.strip()]
    rows = compare(blocks, facts(REPORTS / "jian-2017.facts.csv", "2014"))
    assert disagreeing(rows) == ["press_conferences"]
    assert sum(row.agrees is True for row in rows) >= 25


@pytest.mark.parametrize("name", ["huaian-hongze-2023.pdf", "huaian-hongze-2024.pdf"])
def test_a_report_that_agrees_raises_no_alarm(name: str) -> None:
    assert not disagreeing(parsers.read((REPORTS / name).read_bytes()).narrative)


def spelt(value: int) -> str:
    """12 as 十二; what has more than four digits stays as it is."""
    if not 0 < value < 10_000:
        return str(value)
    digits = f"{value}"
    parts = [
        DIGITS[int(digit)] + UNITS[place] if digit != "0" else "零"
        for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True)
    ]
    text = "".join(parts).rstrip("零").replace("零零", "零").replace("零零", "零")
    return text.removeprefix("一") if text.startswith("一十") else text


SENTENCES = (
    "{year}年，全市共收到政府信息公开申请{new}件，上年结转{carried}件，答复{done}件，其中予以公开"
    "{granted}件，部分公开{part}件，结转下年度继续办理{out}件。",
    "{year}年，市政府办公室新收政府信息公开申请{new}件，办结{done}件，其中予以公开{granted}件。",
    "本年度收办政府信息公开申请{all}件，其中自然人申请{persons}件。",
    "全年办理信息公开申请{done}件，予以公开和部分公开{both}件。",
)


def test_true_sentences_over_real_figures_agree() -> None:
    paths = sorted((REPORTS / "numbers-only").glob("*.facts.csv"))
    told = 0
    for path in paths:
        table = facts(path, "2021")
        printed = {(f.indicator, f.column): int(f.value) for f in table if f.value is not None}
        get = printed.get
        if ("requests_new", "total") not in printed or ("granted", "total") not in printed:
            continue
        new, carried = get(("requests_new", "total"), 0), get(("requests_carried_in", "total"), 0)
        granted, part = get(("granted", "total"), 0), get(("granted_in_part", "total"), 0)
        person = "natural_person"
        numbers = {
            "new": new,
            "carried": carried,
            "all": new + carried,
            "granted": granted,
            "part": part,
            "both": granted + part,
            "done": get(("outcomes_total", "total"), 0),
            "out": get(("requests_carried_out", "total"), 0),
            "persons": get(("requests_new", person), 0) + get(("requests_carried_in", person), 0),
        }
        for way in (str, spelt):
            for sentence in SENTENCES:
                words = {name: way(number) for name, number in numbers.items()}
                text = sentence.format(year=2023, **words)
                rows = compare([Block(text=text, before=0)], table)
                assert not disagreeing(rows), (path.name, text)
                told += len(rows)
    assert told > 20 * bool(paths)
