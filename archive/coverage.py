"""Agency x year: is the report there, and if not, what stands in its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from archive.sqlite import sqlite3

# What became of a page that never came, in words.
FAILURES = {
    "blocked": ("blocked", "the host answers our address with a challenge"),
    "http-error": ("gone", "the listed page answers with an error"),
    "redirect": ("gone", "the listed page only leads elsewhere"),
    "timeout": ("unreachable", "the host did not answer in time"),
    "dns": ("unreachable", "the host has no address"),
    "tls": ("unreachable", "no secure connection could be made"),
    "connection": ("unreachable", "the host refused the connection"),
    "robots": ("refused", "robots.txt forbids the page"),
    "off-portal": ("refused", "the link leaves the portal"),
    "too-large": ("failed", "the page is larger than we take"),
    "truncated": ("failed", "the page broke off"),
    "failed": ("failed", "the page could not be fetched"),
}
FOUND = {
    "ok": "numbers were read",
    "no-table": "the report is there, without a statistics table",
    "image-only": "the report is there, its tables are pictures",
    "attachment-only": "the report is an attachment that was not read",
}
# Best first: what is found beats what is not, whatever other copies say.
ORDER = ("ok", "no_table", "image_only", "attachment_only")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One agency in one year."""

    agency: int
    year: int
    state: str
    reason: str
    checked_at: str
    url: str


REPORTS = (
    "SELECT p.agency, p.year, r.status, r.captured_at, r.url FROM facts.reports p "
    "JOIN facts.readings r ON r.id = p.reading "
    "JOIN facts.agencies a ON a.id = p.agency WHERE p.year IS NOT NULL AND a.name <> ''"
)
# The newest word on pages that were listed for a year and never came. A page without a named
# agency belongs to the body that most reports of its portal are from.
MISSED = """
WITH homes AS (
    SELECT portal, agency, max(n) FROM (
        SELECT r.portal, p.agency, count(*) AS n FROM facts.reports p
        JOIN facts.readings r ON r.id = p.reading GROUP BY r.portal, p.agency
    ) GROUP BY portal
), missed AS (
    SELECT f.url, o.portal, f.year, f.agency FROM capture.frontier f
    JOIN capture.rounds o ON o.id = f.round
    WHERE f.kind <> 'listing' AND f.year IS NOT NULL GROUP BY f.url, f.year
)
SELECT coalesce((SELECT a.id FROM facts.agencies a
        WHERE a.name = m.agency AND m.agency <> '' LIMIT 1), h.agency),
    m.year, e.outcome, max(e.fetched_at), m.url
FROM missed m JOIN homes h ON h.portal = m.portal
JOIN capture.urls u ON u.url = m.url
JOIN capture.captures e ON e.url = u.id
WHERE NOT EXISTS (SELECT 1 FROM capture.captures g WHERE g.url = u.id
    AND g.outcome IN ('ok', 'not-modified', 'redirect'))
GROUP BY m.url, m.year
"""
LAST_CRAWL = "SELECT coalesce(max(fetched_at), '') FROM capture.captures"


def coverage(connection: sqlite3.Connection) -> list[Cell]:
    """From the working files, attached as `facts` and `capture`."""
    cells: dict[tuple[int, int], Cell] = {}
    found = (_found(*row) for row in connection.execute(REPORTS).fetchall())
    missed = (_missed(*row) for row in connection.execute(MISSED).fetchall())
    for cell in sorted([*found, *missed], key=_rank):
        cells.setdefault((cell.agency, cell.year), cell)
    ((last,),) = connection.execute(LAST_CRAWL).fetchall()
    return sorted([*cells.values(), *_gaps(cells.keys(), str(last))], key=_place)


def _found(agency: int, year: int, status: str, at: str, url: str) -> Cell:
    reason = FOUND.get(status, f"the report is there, but not read: {status}")
    state = status.replace("-", "_")
    return Cell(agency=agency, year=year, state=state, reason=reason, checked_at=at, url=url)


def _missed(agency: int, year: int, outcome: str, at: str, url: str) -> Cell:
    state, reason = FAILURES[outcome]
    return Cell(agency=agency, year=year, state=state, reason=reason, checked_at=at, url=url)


def _gaps(known: Iterable[tuple[int, int]], last: str) -> Iterator[Cell]:
    """Years between a body's first and last: a report is due, and no page of one was listed."""
    years: dict[int, set[int]] = {}
    for agency, year in known:
        years.setdefault(agency, set()).add(year)
    reason = "no page of a report was found, though earlier and later ones were"
    for agency, seen in years.items():
        for year in sorted(set(range(min(seen), max(seen))) - seen):
            yield Cell(
                agency=agency, year=year, state="not_found", reason=reason, checked_at=last, url=""
            )


def _rank(cell: Cell) -> tuple[int, str, str]:
    order = ORDER.index(cell.state) if cell.state in ORDER else len(ORDER)
    return order, cell.state, cell.url


def _place(cell: Cell) -> tuple[Any, ...]:
    return cell.agency, cell.year
