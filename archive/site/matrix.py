"""Agency x year at a glance: one symbol and one colour a state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.site.asking import Ask, Row

# The states of archive/coverage.toml, best first.
SYMBOLS = {
    "ok": "●",
    "suspicious": "◍",
    "partial": "◑",
    "image_only": "◩",
    "no_table": "◐",
    "confirmed_missing": "✕",
    "blocked": "▲",
    "unreachable": "△",
    "soft_404": "◇",
    "not_found": "○",
    "not_due": "◌",
}
KINDS = {"ok": "good", **dict.fromkeys(("suspicious", "partial", "image_only", "no_table"), "part")}
RANK = (
    "CASE level WHEN 'province' THEN 0 WHEN 'prefecture' THEN 1 WHEN 'county' THEN 2 "
    "WHEN 'department' THEN 3 WHEN 'township' THEN 4 ELSE 5 END"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Rows of (agency, {year: cell}); `total` counts agencies that fit the filter."""

    years: tuple[int, ...]
    agencies: Sequence[Row]
    cells: dict[int, dict[int, Row]]
    total: int


def matrix(ask: Ask, where: str = "1", given: Sequence[object] = (), limit: int = 24,
           offset: int = 0) -> Matrix:  # fmt: skip
    """Governments first, by region."""
    named = f"name <> '' AND {where}"
    agencies = ask.rows(
        f"SELECT id, name, level, region, region_code, reports FROM agencies WHERE {named} "
        f"ORDER BY {RANK}, region_code = '', region_code, name LIMIT ? OFFSET ?",
        *given, limit, offset,
    )  # fmt: skip
    total = ask.one(f"SELECT count(*) FROM agencies WHERE {named}", *given)
    marks = ", ".join("?" * len(agencies)) or "NULL"
    cells: dict[int, dict[int, Row]] = {agency["id"]: {} for agency in agencies}
    for row in ask.rows(
        "SELECT c.agency_id, c.year, c.state, c.reason, c.checked_at, c.url, min(r.id) AS report "
        "FROM coverage c LEFT JOIN reports r ON r.agency_id = c.agency_id AND r.year = c.year "
        f"WHERE c.agency_id IN ({marks}) GROUP BY c.agency_id, c.year",
        *(agency["id"] for agency in agencies),
    ):
        cells[row["agency_id"]][row["year"]] = row
    seen = [year for found in cells.values() for year in found]
    years = tuple(range(min(seen), max(seen) + 1)) if seen else ()
    return Matrix(years=years, agencies=agencies, cells=cells, total=int(str(total or 0)))


def legend(ask: Ask, shown: Matrix, *, whole: bool = False) -> list[tuple[str, str, str]]:
    """(state, symbol, kind) of every state that the matrix shows, or of all there are."""
    used = {cell["state"] for row in shown.cells.values() for cell in row.values()}
    return [
        (state, symbol, KINDS.get(state, "gap"))
        for state, symbol in SYMBOLS.items()
        if whole or state in used
    ]
