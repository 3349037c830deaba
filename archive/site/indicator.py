"""An indicator: what it means, how it is spread over bodies, who prints most, how it moved."""

from __future__ import annotations

import json
from collections.abc import Sequence

from markupsafe import Markup

from archive.series import series
from archive.site.asking import Ask, Missing, Page, Row
from archive.site.charts import Point, bars, line
from archive.spreads import EDGES, LEAST
from parsers import dictionary
from parsers.dictionary import Indicator

FEWEST = 5  # bodies that make a distribution
GROUP = 'indicator = ? AND "column" = ? AND level = ? AND scope = ?'
LED = 'l.indicator = ? AND l."column" = ? AND l.level = ? AND l.scope = ?'


def listing(ask: Ask) -> Page:
    """Every row of every form, by section."""
    rows = [row for row in dictionary.indicators() if row.kind != "heading"]
    sections = {
        section: [(key, _forms(own)) for key, own in _by_id(rows, section).items()]
        for section in ("B", "C", "A", "S")
    }
    return Page(template="indicators.html", values={"sections": sections})


def _by_id(rows: Sequence[Indicator], section: str) -> dict[str, list[Indicator]]:
    found: dict[str, list[Indicator]] = {}
    for row in rows:
        if row.section == section:
            found.setdefault(row.id, []).append(row)
    return found


def _forms(rows: Sequence[Indicator]) -> str:
    return " · ".join(dict.fromkeys(row.form for row in rows))


def page(ask: Ask) -> Page:
    """One level and one scope at a time: they are never added up."""
    name = ask.path["id"]
    rows = [row for row in dictionary.indicators() if row.id == name]
    if not rows:
        raise Missing
    columns = _columns(ask, name)
    column = ask.args["column"] if ask.args.get("column") in columns else _usual(columns)
    groups = _groups(ask, name, column)
    level, scope = _group(ask, groups)
    return Page(
        template="indicator.html",
        values={
            "id": name,
            "rows": rows,
            "columns": columns,
            "column": column,
            "groups": groups,
            "level": level,
            "scope": scope,
            "least": LEAST,
            "joined": _joined(name),
            **_figures(ask, (name, column, level, scope)),
        },
    )


def _columns(ask: Ask, name: str) -> list[str]:
    """Columns that are printed, in the order of the dictionary."""
    order = ["", *(column.id for column in dictionary.columns())]
    rows = ask.rows('SELECT DISTINCT "column" AS id FROM spreads WHERE indicator = ?', name)
    return sorted((row["id"] for row in rows), key=order.index)


def _usual(columns: Sequence[str]) -> str:
    return next((name for name in ("total", "", "annual") if name in columns), "")


def _groups(ask: Ask, name: str, column: str) -> list[Row]:
    return ask.rows(
        "SELECT level, scope, sum(bodies) AS cells FROM spreads "
        'WHERE indicator = ? AND "column" = ? GROUP BY level, scope ORDER BY cells DESC',
        name, column,
    )  # fmt: skip


def _group(ask: Ask, groups: Sequence[Row]) -> tuple[str, str]:
    """What was asked for, else the level and scope with most numbers."""
    wanted = (ask.args.get("level", ""), ask.args.get("scope", ""))
    known = [(row["level"], row["scope"]) for row in groups]
    if wanted in known:
        return wanted
    return known[0] if known else ("", "")


def _figures(ask: Ask, chosen: tuple[str, str, str, str]) -> dict[str, object]:
    rows = ask.rows(f"SELECT * FROM spreads WHERE {GROUP} ORDER BY year", *chosen)
    years = {row["year"]: row for row in rows}
    asked = ask.whole("year")
    year = asked if asked in years else max(years, default=None)
    spread = years[year] if year is not None else None
    stated = spread["bodies"] if spread else 0
    return {
        "years": sorted(years, reverse=True),
        "year": year,
        "spread": spread,
        "histogram": _histogram(ask, spread),
        "trend": _trend(ask, chosen[0], rows),
        "spreads": rows,
        "bodies": _bodies(ask, chosen, year, stated),
        "ranked": stated >= LEAST,
        "stated": stated,
    }


def _histogram(ask: Ask, spread: Row | None) -> Markup:
    """Nothing below a handful: one bar of one body is no distribution."""
    if spread is None or spread["bodies"] < FEWEST:
        return Markup("")
    return bars(_classes(spread), ask.say("indicator.distribution"))


def _classes(spread: Row) -> list[tuple[str, int]]:
    """Label and count of each class: 0, 1+, 10+, ..."""
    counts = json.loads(spread["classes"])
    labels = [f"{edge:,}+" if edge else "0" for edge in EDGES]
    return list(zip(labels, counts, strict=False))


def _trend(ask: Ask, name: str, rows: Sequence[Row]) -> object:
    points = [
        Point(year=row["year"], value=row["median"], form=_form_of(name, row["year"]))
        for row in rows
    ]
    return line(points, ask.say("indicator.trend"), ask.say("chart.break"))


def _form_of(name: str, year: int) -> str:
    """The national form of a year: where the line breaks."""
    starts = [form.id for form in dictionary.forms() if form.since <= year]
    return max(starts, default="")


def _bodies(ask: Ask, chosen: tuple[str, str, str, str], year: int | None, count: int) -> list[Row]:
    """The highest where enough bodies state a number; else all of them, unranked, by region."""
    order = "l.place" if count >= LEAST else "r.region_code, r.agency"
    return ask.rows(
        "SELECT r.id AS report, r.agency, r.agency_id, n.value, n.exact, n.state, n.raw, n.unit, "
        "n.section, n.doubt FROM leaders l JOIN reports r ON r.id = l.report_id "
        "JOIN numbers n ON n.report_id = l.report_id AND n.section = l.section "
        'AND n.indicator = l.indicator AND n."column" = l."column" AND n.seq = 0 '
        f"WHERE {LED} AND l.year = ? ORDER BY {order}",
        *chosen, year,
    )  # fmt: skip


def _joined(name: str) -> list[object]:
    """Series that this indicator is a term of."""
    return [
        each
        for each in series()
        if any(name in (*reading.plus, *reading.minus) for reading in each.readings)
    ]
