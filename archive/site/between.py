"""What the archive said after one run and after another: asked of the history where it lies beside
the published file, else told from the changes, which know no report that came in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from datasette.utils import sqlite_timelimit

from archive.facts import FactsStore
from archive.runs import between
from archive.site.asking import Ask
from archive.sqlite import sqlite3
from parsers.errors import ArchiveError

SHOWN = 500
TIME_LIMIT_MS = 3_000
Cell = tuple[object, ...]  # report, section, indicator, column, seq
CAUSES = (
    'SELECT report_id, section, indicator, "column", seq, cause FROM changes '
    "WHERE run_id > ? AND run_id <= ? ORDER BY id"
)
# The first old value of a cell and its last new one.
TOLD = """
SELECT * FROM (
    SELECT c.report_id, c.section, c.indicator, c."column", c.seq, c.agency, c.year, c.new,
        c.new_state, first_value(c.old) OVER cell AS old,
        first_value(c.old_state) OVER cell AS old_state,
        row_number() OVER (PARTITION BY c.report_id, c.section, c.indicator, c."column", c.seq
            ORDER BY c.id DESC) AS newest
    FROM changes c WHERE c.run_id > ? AND c.run_id <= ? AND c.indicator <> ''
    WINDOW cell AS (PARTITION BY c.report_id, c.section, c.indicator, c."column", c.seq
        ORDER BY c.id)
) WHERE newest = 1 AND (old IS NOT new OR old_state IS NOT new_state)
ORDER BY report_id, section, indicator, "column", seq
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One cell on both sides; a state of None is "not said"."""

    report_id: int
    agency: str
    year: int | None
    section: str
    indicator: str
    column: str
    seq: int
    old_state: str | None
    old: str | None
    new_state: str | None
    new: str | None
    causes: Sequence[str]


def moved(ask: Ask) -> dict[str, object] | None:
    """`?first=1&second=4`; 0 is before the first run. None for a run that is not published."""
    asked = ask.whole("first"), ask.whole("second")
    known = {0, *(row["id"] for row in ask.rows("SELECT id FROM runs WHERE promoted IS NOT NULL"))}
    if asked[0] not in known or asked[1] not in known:
        return None
    first, second = int(asked[0] or 0), int(asked[1] or 0)
    steps = _history(ask, first, second)
    whole = steps is not None
    steps = steps if steps is not None else _told(ask, first, second)
    return {"first": first, "second": second, "rows": steps[:SHOWN], "total": len(steps),
            "whole": whole}  # fmt: skip


def _history(ask: Ask, first: int, second: int) -> list[Step] | None:
    """None where the history is not here, cannot be read, or takes too long."""
    causes = _causes(ask, first, second)
    try:
        with (
            FactsStore.reader(ask.data) as facts,
            sqlite_timelimit(facts.db.conn, TIME_LIMIT_MS),
        ):
            return [
                Step(report_id=m.report, agency=m.agency, year=m.year, section=m.section,
                     indicator=m.indicator, column=m.column, seq=m.seq, old_state=m.old_state,
                     old=m.old, new_state=m.new_state, new=m.new,
                     causes=causes.get((m.report, m.section, m.indicator, m.column, m.seq), ()))
                for m in between(facts, first, second)
            ]  # fmt: skip
    except (ArchiveError, sqlite3.OperationalError):
        return None


def _told(ask: Ask, first: int, second: int) -> list[Step]:
    causes = _causes(ask, first, second)
    return [
        Step(report_id=row["report_id"], agency=row["agency"], year=row["year"],
             section=row["section"], indicator=row["indicator"], column=row["column"],
             seq=row["seq"], causes=causes.get(tuple(row)[:5], ()), **_sides(row, first > second))
        for row in ask.rows(TOLD, *sorted((first, second)))
    ]  # fmt: skip


def _sides(row: sqlite3.Row, backwards: bool) -> dict[str, str | None]:
    old, new = ("new", "old") if backwards else ("old", "new")
    return {
        "old": row[old], "old_state": row[f"{old}_state"],
        "new": row[new], "new_state": row[f"{new}_state"],
    }  # fmt: skip


def _causes(ask: Ask, first: int, second: int) -> dict[Cell, list[str]]:
    found: dict[Cell, list[str]] = {}
    for *cell, cause in ask.rows(CAUSES, *sorted((first, second))):
        own = found.setdefault(tuple(cell), [])
        own += [cause] if cause not in own else []
    return found
