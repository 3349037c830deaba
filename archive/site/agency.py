"""An agency: its reports by year, its series over all forms, what is broken, its peers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from archive.series import Series, series
from archive.site.asking import Ask, Page, Row
from archive.site.charts import Point, line
from archive.site.matrix import KINDS, SYMBOLS

CHARTS = 8
PEERS = 12


def page(ask: Ask) -> Page:
    """Everything of one body."""
    number = int(ask.path["id"])
    agency = ask.row("SELECT * FROM agencies WHERE id = ?", number)
    return Page(
        template="agency.html",
        values={
            "agency": agency,
            "reports": ask.rows(
                "SELECT * FROM reports WHERE agency_id = ? ORDER BY year DESC, scope", number
            ),
            "coverage": ask.rows(
                "SELECT * FROM coverage WHERE agency_id = ? ORDER BY year", number
            ),
            "symbols": SYMBOLS,
            "kinds": KINDS,
            "series": _series(ask, number),
            "broken": ask.rows(
                "SELECT c.*, r.year FROM reports r JOIN checks c ON c.report_id = r.id "
                "WHERE r.agency_id = ? AND c.status = 'broken' AND c.neighbour_id IS NULL "
                "ORDER BY r.year DESC LIMIT 40",
                number,
            ),
            "years": _over_years(ask, number),
            "resemblances": ask.rows(
                "SELECT s.*, r.year FROM reports r JOIN resemblances s ON s.report_id = r.id "
                "WHERE r.agency_id = ? ORDER BY r.year DESC, s.similarity DESC LIMIT 20",
                number,
            ),
            "rulings": ask.rows(
                "SELECT u.*, r.year FROM reports r JOIN rulings u ON u.report_id = r.id "
                "WHERE r.agency_id = ? ORDER BY r.year DESC, u.id LIMIT 40",
                number,
            ),
            "peers": _peers(ask, agency),
            "province": _province(ask, agency["region_code"]),
        },
    )


def _series(ask: Ask, number: int) -> list[dict[str, object]]:
    """The series that this body prints in more than one year, as charts with their rows."""
    known = {each.id: each for each in series()}
    marks = ", ".join("?" * len(known))
    rows = ask.rows(
        f"SELECT * FROM series WHERE series IN ({marks}) AND agency_id = ? ORDER BY series, year",
        *known, number,
    )  # fmt: skip
    found = {name: list(own) for name, own in groupby(rows, key=lambda row: row["series"])}
    order = [name for name in known if len({r["year"] for r in found.get(name, ())}) > 1]
    return [_chart(ask, known[name], found[name]) for name in order[:CHARTS]]


def _chart(ask: Ask, each: Series, rows: Sequence[Row]) -> dict[str, object]:
    title = each.zh if ask.language == "zh" else each.en
    points = [
        Point(
            year=row["year"],
            value=row["value"],
            form=row["form"],
            href=ask.url(f"/report/{row['report_id']}"),
        )
        for row in _one_scope(rows)
    ]
    drawn = line(points, title, ask.say("chart.break"))
    return {"title": title, "note": each.note, "rows": rows, "chart": drawn, "id": each.id}


def _one_scope(rows: Sequence[Row]) -> list[Row]:
    """One line is of one scope: the one with most years."""
    scopes = [row["scope"] for row in rows]
    most = max(scopes, key=scopes.count)
    return [row for row in rows if row["scope"] == most]


def _over_years(ask: Ask, number: int) -> list[Row]:
    """Checks between neighbouring reports, counted a pair; the broken ones are told in full."""
    return ask.rows(
        "SELECT c.report_id, r.year, c.neighbour_id, n.year AS other_year, c.check_id, "
        "sum(c.status LIKE 'holds%') AS holding, sum(c.status = 'undecided') AS open, "
        "sum(c.status = 'broken') AS breaks, group_concat(CASE WHEN c.status = 'broken' "
        "THEN c.per END, '|') AS pers FROM reports r JOIN checks c ON c.report_id = r.id "
        "JOIN reports n ON n.id = c.neighbour_id WHERE r.agency_id = ? "
        "GROUP BY c.report_id, c.neighbour_id, c.check_id "
        "ORDER BY breaks = 0, r.year DESC LIMIT 60",
        number,
    )


def _peers(ask: Ask, agency: Row) -> list[Row]:
    """Bodies of the same level, nearest by code first."""
    return ask.rows(
        "SELECT id, name, reports, first_year, last_year FROM agencies "
        "WHERE level = ? AND id <> ? AND name <> '' "
        "ORDER BY abs(CAST(region_code AS INTEGER) - ?), name LIMIT ?",
        agency["level"], agency["id"], int(agency["region_code"] or 0), PEERS,
    )  # fmt: skip


def _province(ask: Ask, code: str) -> Row | None:
    found = ask.rows(
        "SELECT code, name FROM regions WHERE code = ? ORDER BY valid_to LIMIT 1", f"{code[:2]}0000"
    )
    return found[0] if code and found else None
