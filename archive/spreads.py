"""How each indicator is spread over bodies, counted once at build: no work left for a page."""

from __future__ import annotations

import json
import statistics
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any

from archive.dictionary import tables
from archive.sqlite import sqlite3

LEAST = 30  # bodies below which nobody is ranked
RANKED = 20
# Classes that widen, for counts that span magnitudes: 0, then from each edge to the next.
EDGES = (0, 1, 10, 30, 100, 300, 1_000, 3_000, 10_000, 100_000)
# Only what a level and a scope print alike is put side by side; they are never added up.
SLOTS = 'SELECT DISTINCT indicator, "column" FROM slots ORDER BY 1, 2'
# Only a number has a value. One indicator at a time: a sort of all cells would go through the disk.
MEASURED = """
SELECT s.indicator, s."column", r.level, r.scope, c.year, c.value, c.report_id, s.section
FROM slots s CROSS JOIN cells c ON c.slot = s.id CROSS JOIN reports r ON r.id = c.report_id
WHERE s.indicator = ? AND s."column" = ? AND c.year > 0 AND c.value IS NOT NULL AND c.seq = 0
ORDER BY r.level, r.scope, c.year, c.value, c.report_id DESC
"""
Row = tuple[Any, ...]


def fill(connection: sqlite3.Connection) -> None:
    """Computes `spreads` and `leaders` from `cells`, complete."""
    marks = {table.name: ", ".join("?" * len(table.columns)) for table in tables()}
    for group, rows in _groups(connection):
        connection.execute(
            f"INSERT INTO spreads VALUES ({marks['spreads']})", (*group, *_spread(rows))
        )
        connection.executemany(
            f"INSERT INTO leaders VALUES ({marks['leaders']})",
            [(*group, place, row[6], row[7]) for place, row in enumerate(_leaders(rows), 1)],
        )


def _groups(connection: sqlite3.Connection) -> Iterator[tuple[Row, list[Row]]]:
    """One indicator, column, level, scope and year at a time, the lowest value first."""
    for slot in connection.execute(SLOTS).fetchall():
        for group, own in groupby(connection.execute(MEASURED, slot), key=lambda row: row[:5]):
            yield group, list(own)


def _spread(rows: Sequence[Row]) -> tuple[int, float, float, float, str]:
    """Count, 10th percentile, median, 90th percentile (not best against worst), classes."""
    values = [row[5] for row in rows]
    tenths = statistics.quantiles(values, n=10, method="inclusive") if len(values) > 1 else values
    classes = json.dumps(_classes(values), separators=(",", ":"))
    return len(values), tenths[0], statistics.median(values), tenths[-1], classes


def _classes(values: Sequence[float]) -> list[int]:
    """How many of the sorted values lie in each class, up to the last one that is not empty."""
    starts = [0, *(bisect_left(values, edge) for edge in EDGES[1:]), len(values)]
    counts = [end - start for start, end in pairwise(starts)]
    return counts[: max(place for place, count in enumerate(counts) if count) + 1]


def _leaders(rows: Sequence[Row]) -> Sequence[Row]:
    """The highest where enough bodies state a number; else all of them, for a list by region."""
    return rows[: -RANKED - 1 : -1] if len(rows) >= LEAST else rows[::-1]
