"""What happens to a sheet before it is printed: misprints, rows lost, added or swapped."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace

from .printed import Printed
from .sections import Pieces
from .sheets import Record, Sheet

Damage = Callable[[Sheet, random.Random], Sheet]
STRANGERS = ("本地自设指标", "“最多跑一次”事项", "政务新媒体账号总量", "开放日活动参与家庭")
WORDED = re.compile("^[^0-9]*[\u4e00-\u9fff]{3,}")
FIXED = "一二三四五六七八九（）、.123456789"  # a digit misprinted may name another row
MISPRINTS = "甲乙丙丁戊己庚辛"


def _with(sheet: Sheet, records: list[Record]) -> Sheet:
    kept = {id(record.row) for record in records}
    names = {record.row.id for record in sheet.records if id(record.row) in kept}
    values = {place: value for place, value in sheet.values.items() if place[0] in names}
    return replace(sheet, records=records, values=values)


def misprint(text: str, rng: random.Random, count: int) -> str:
    """`count` characters of the label's words changed, lost or doubled."""
    for _ in range(count):
        first = 2 if text[0] in "（一二三四五六七八九123456789" else 0
        places = [
            i
            for i, c in enumerate(text)
            if c not in "一二三四五六七八九（）、.123456789" and i >= first
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


def b_row_lost(sheet: Sheet, rng: random.Random) -> Sheet:
    """A detail row of section B is not printed."""
    lost = rng.choice([r for r in sheet.rows if r.parent in ("denied", "not_processed", "unable")])
    rows = [row for row in sheet.rows if row is not lost]
    values = {place: value for place, value in sheet.values.items() if place[0] != lost.id}
    return replace(sheet, rows=rows, values=values)


def b_row_added(sheet: Sheet, rng: random.Random) -> Sheet:
    """A reason that no form knows."""
    at = rng.choice([i for i, r in enumerate(sheet.rows) if r.parent == "denied"])
    stranger = replace(sheet.rows[at], id="", label="9.属于工作秘密")
    rows = [*sheet.rows[: at + 1], stranger, *sheet.rows[at + 1 :]]
    values = dict(sheet.values) | {("", c): Printed("3") for c in sheet.columns}
    return replace(sheet, rows=rows, values=values)


def b_totals_blank(sheet: Sheet, rng: random.Random) -> Sheet:
    """The total column is left blank on all detail rows."""
    summed = ("requests_new", "requests_carried_in", "outcomes_total", "requests_carried_out")
    values = {
        place: Printed("", "blank") if place[1] == "total" and place[0] not in summed else value
        for place, value in sheet.values.items()
    }
    return replace(sheet, values=values)


def b_aliases(sheet: Sheet, rng: random.Random) -> Sheet:
    """Other spellings of the rows."""
    rows = [
        replace(r, label=rng.choice(r.aliases)) if r.aliases and rng.random() < 0.6 else r
        for r in sheet.rows
    ]
    return replace(sheet, rows=rows)


def words_misprinted(tables: Pieces, rng: random.Random) -> Pieces:
    """One character of some labels and heads of sections A, B and C."""
    return _reworded(tables, rng, 0.15, lambda text: misprint(text, rng, 1))


def words_wrapped(tables: Pieces, rng: random.Random) -> Pieces:
    """Labels and heads broken into lines, as narrow columns make them."""
    return _reworded(tables, rng, 0.5, lambda text: _broken(text, rng))


def _broken(text: str, rng: random.Random) -> str:
    at = rng.randint(1, len(text) - 1)
    return f"{text[:at]}\n{text[at:]}"


def _reworded(
    tables: Pieces, rng: random.Random, share: float, change: Callable[[str], str]
) -> Pieces:
    out: Pieces = []
    for table in tables:
        rows = []
        for row in table:
            worded = [cell for cell in row if WORDED.search(cell.text) and len(cell.text) > 3]
            hit = {id(cell) for cell in worded if rng.random() < share}
            rows.append([replace(c, text=change(c.text)) if id(c) in hit else c for c in row])
        out.append(rows)
    return out


NATIONAL = {"B": (b_row_lost, b_row_added, b_totals_blank, b_aliases)}
ALL: tuple[Damage, ...] = (misprints, heavy_misprints, rows_lost, rows_added, rows_swapped)
