"""What happens to a sheet before it is printed: misprints, rows lost, added or swapped."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from .printed import Printed
from .sheets import Record, Sheet

Damage = Callable[[Sheet, random.Random], Sheet]
STRANGERS = ("本地自设指标", "“最多跑一次”事项", "政务新媒体账号总量", "开放日活动参与家庭")
MISPRINTS = "甲乙丙丁戊己庚辛"


def _with(sheet: Sheet, records: list[Record]) -> Sheet:
    kept = {id(record.row) for record in records}
    names = {record.row.id for record in sheet.records if id(record.row) in kept}
    values = {place: value for place, value in sheet.values.items() if place[0] in names}
    return replace(sheet, records=records, values=values)


def misprint(text: str, rng: random.Random, count: int) -> str:
    """`count` characters of the label's words changed, lost or doubled."""
    for _ in range(count):
        places = [
            i for i, char in enumerate(text) if char not in "一二三四五六七八九（）、." and i > 2
        ]
        if len(places) < 4:
            return text
        at = rng.choice(places)
        kind = rng.choice(("change", "lose", "double"))
        middle = {"change": rng.choice(MISPRINTS), "lose": "", "double": text[at] * 2}[kind]
        text = text[:at] + middle + text[at + 1 :]
    return text


def misprints(sheet: Sheet, rng: random.Random) -> Sheet:
    """One character of some labels."""
    share = rng.choice((0.1, 0.4, 1.0))
    records = [
        replace(r, label=misprint(r.label, rng, 1)) if rng.random() < share else r
        for r in sheet.records
    ]
    return _with(sheet, records)


def heavy_misprints(sheet: Sheet, rng: random.Random) -> Sheet:
    """Up to three characters of a few long labels."""
    records = [
        replace(r, label=misprint(r.label, rng, rng.randint(2, 3)))
        if len(r.label) > 12 and rng.random() < 0.2
        else r
        for r in sheet.records
    ]
    return _with(sheet, records)


def rows_lost(sheet: Sheet, rng: random.Random) -> Sheet:
    """A few rows are not printed."""
    records = list(sheet.records)
    for _ in range(rng.randint(1, max(1, len(records) // 8))):
        at = rng.randrange(len(records))
        if records[at].row.kind != "heading":
            del records[at]
    return _with(sheet, records)


def rows_added(sheet: Sheet, rng: random.Random) -> Sheet:
    """Rows of the agency's own, with numbers."""
    records = list(sheet.records)
    row = replace(records[0].row, id="", kind="count")
    for label in rng.sample(STRANGERS, rng.randint(1, 3)):
        values = [Printed(str(rng.randint(1, 9999))) for _ in sheet.columns]
        at = rng.randint(1, len(records))
        records.insert(at, Record(row, label, "件", values))
    return replace(sheet, records=records)


def rows_swapped(sheet: Sheet, rng: random.Random) -> Sheet:
    """Two neighbours of one parent change places."""
    records = list(sheet.records)
    pairs = [
        i
        for i in range(len(records) - 1)
        if records[i].row.parent == records[i + 1].row.parent
        and records[i].row.kind == records[i + 1].row.kind != "heading"
        and not any(r.row.parent in (records[i].row.id, records[i + 1].row.id) for r in records)
    ]
    for at in rng.sample(pairs, min(2, len(pairs))):
        records[at], records[at + 1] = records[at + 1], records[at]
    return _with(sheet, records)


ALL: tuple[Damage, ...] = (misprints, heavy_misprints, rows_lost, rows_added, rows_swapped)
