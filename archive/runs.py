"""Runs as points in time: what was in force after one, on a day, and between two of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from archive.capture import now
from archive.facts import FactsStore
from archive.numbers import plain, restore
from parsers.errors import ArchiveError

DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T[0-9:.]+Z)?")
LATEST = 2**62
# The reading that spoke for each report after a run.
SPOKEN = (
    "SELECT report, reading, because FROM choices "
    "WHERE from_run <= {0} AND (to_run IS NULL OR to_run > {0})"
)
# Only reports whose reading is another one can differ: few rows, whatever the archive holds.
MOVED = """
WITH moved AS (
    SELECT report FROM choices WHERE from_run > min(?1, ?2) AND from_run <= max(?1, ?2) UNION
    SELECT report FROM choices WHERE to_run > min(?1, ?2) AND to_run <= max(?1, ?2)
), pairs AS (
    SELECT m.report, o.reading AS old, n.reading AS new FROM moved m
    LEFT JOIN choices o ON o.report = m.report AND o.from_run <= ?1
        AND (o.to_run IS NULL OR o.to_run > ?1)
    LEFT JOIN choices n ON n.report = m.report AND n.from_run <= ?2
        AND (n.to_run IS NULL OR n.to_run > ?2)
    WHERE o.reading IS NOT n.reading
), cells AS (
    SELECT p.report, p.old, p.new, f.section, f.indicator, f."column", f.seq,
        f.state AS old_state, f.value AS old_value, f.exact AS old_exact, f.raw AS old_raw,
        f.unit AS old_unit, g.state AS new_state, g.value AS new_value, g.exact AS new_exact,
        g.raw AS new_raw, g.unit AS new_unit
    FROM pairs p JOIN facts f ON f.reading = p.old
    LEFT JOIN facts g ON g.reading = p.new AND g.section = f.section AND g.indicator = f.indicator
        AND g."column" = f."column" AND g.seq = f.seq
    UNION ALL
    SELECT p.report, p.old, p.new, g.section, g.indicator, g."column", g.seq,
        NULL, NULL, NULL, NULL, NULL, g.state, g.value, g.exact, g.raw, g.unit
    FROM pairs p JOIN facts g ON g.reading = p.new
    LEFT JOIN facts f ON f.reading = p.old AND f.section = g.section AND f.indicator = g.indicator
        AND f."column" = g."column" AND f.seq = g.seq
    WHERE f.reading IS NULL
)
SELECT c.report, a.name, r.year, r.scope, c.section, c.indicator, c."column", c.seq,
    c.old_state, c.old_value, c.old_exact, c.old_raw, c.new_state, c.new_value, c.new_exact,
    c.new_raw, c.old_unit, c.new_unit
FROM cells c JOIN reports r ON r.id = c.report JOIN agencies a ON a.id = r.agency
WHERE c.old_state IS NOT c.new_state OR c.old_unit IS NOT c.new_unit
    OR (c.old_state = 'number' AND c.old_value IS NOT c.new_value)
    OR (c.old_state = 'number' AND c.old_exact IS NOT c.new_exact)
    OR (c.old_state = 'text' AND c.old_raw IS NOT c.new_raw)
ORDER BY c.report, c.section, c.indicator, c."column", c.seq
"""
NUMBERS = f"""
SELECT s.report, a.name, p.year, p.scope, f.form, f.section, f.indicator, f."column", f.seq,
    f.value, f.exact, f.state, f.raw, f.unit, r.url, r.captured_at, r.body
FROM ({SPOKEN.format("?1")}) s JOIN reports p ON p.id = s.report
JOIN agencies a ON a.id = p.agency JOIN readings r ON r.id = s.reading
JOIN facts f ON f.reading = s.reading
WHERE s.report = ?2
ORDER BY f.section, f.indicator, f."column", f.seq
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One cell that was said otherwise after another run; None is "not printed"."""

    report: int
    agency: str
    year: int | None
    scope: str
    section: str
    indicator: str
    column: str
    seq: int
    old_state: str | None
    old: str | None
    new_state: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One cell as it was published."""

    report: int
    agency: str
    year: int | None
    scope: str
    form: str
    section: str
    indicator: str
    column: str
    seq: int
    value: str | None
    state: str
    raw: str
    unit: str
    url: str
    captured_at: str
    sha256: str


def run_on(facts: FactsStore, when: str) -> int:
    """The last run in force on a day (its end) or at an instant; 0 before the first."""
    if not _is_day(when):
        raise ArchiveError(f"{when!r} is no day: write 2026-11-25, or 2026-11-25T08:00:00.000Z")
    end = when if "T" in when else f"{when}T23:59:59.999Z"
    ((run,),) = facts.rows("SELECT coalesce(max(id), 0) FROM runs WHERE promoted <= ?", (end,))
    return int(run)


def _is_day(when: str) -> bool:
    """2026-13-01 has the shape of a day, and compares as later than the year."""
    try:
        datetime.fromisoformat(when)
    except ValueError:
        return False
    return DAY.fullmatch(when) is not None


def in_force_on(facts: FactsStore, when: str) -> int:
    """The same, or an error that says since when there is something to ask."""
    if when[:10] > now()[:10]:
        raise ArchiveError(f"nothing was said on {when}: that day has not come yet")
    if run := run_on(facts, when):
        return run
    ((first,),) = facts.rows("SELECT min(promoted) FROM runs")
    since = f"the first run came in force at {first}" if first else "no run is in force yet"
    raise ArchiveError(f"nothing was said on {when}: {since}")


def between(facts: FactsStore, first: int, second: int) -> Iterator[Moved]:
    """What the archive said after the first run and after the second, where the two differ."""
    known = {run for (run,) in facts.rows("SELECT id FROM runs WHERE promoted IS NOT NULL")}
    for run in (first, second):
        if run and run not in known:
            raise ArchiveError(f"run {run} was never in force: see gongkai status")
    for row in facts.rows(MOVED, (first, second)):
        moved = Moved(
            **dict(zip(PLACE, row[:8], strict=True)),
            old_state=row[8],
            old=_text(row[8], *row[9:12]),
            new_state=row[12],
            new=_text(row[12], *row[13:16]),
        )
        if (moved.old_state, moved.new_state) != ("number", "number") or _differ(moved, row):
            yield moved


def numbers(facts: FactsStore, run: int = LATEST, report: int | None = None) -> Iterator[Said]:
    """Every cell of every report, or of one, as it was said after a run."""
    sql = f"SELECT report FROM ({SPOKEN.format('?1')}) WHERE ?2 IS NULL OR report = ?2 ORDER BY 1"
    for (spoken,) in facts.rows(sql, (run, report)):
        for row in facts.rows(NUMBERS, (run, spoken)):
            number, exact = row[9:11]
            value = restore(number, exact)
            yield Said(
                **dict(zip((*PLACE[:4], "form", *PLACE[4:]), row[:9], strict=True)),
                value=None if value is None else plain(value),
                **dict(zip(REST, row[11:], strict=True)),
            )


PLACE = ("report", "agency", "year", "scope", "section", "indicator", "column", "seq")
REST = ("state", "raw", "unit", "url", "captured_at", "sha256")


def _text(state: str | None, number: Any, exact: str | None, raw: str | None) -> str | None:
    if state is None:
        return None
    value = restore(number, exact)
    return raw if value is None else plain(value)


def _differ(moved: Moved, row: tuple[Any, ...]) -> bool:
    """154.0 and 154 are one number; the same number under another unit is not."""
    old, new = moved.old, moved.new
    return old is None or new is None or Decimal(old) != Decimal(new) or row[16] != row[17]
