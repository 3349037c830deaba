"""An indicator: what it means, how it is spread over bodies, who prints most, how it moved."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import groupby

from archive.series import series
from archive.site.asking import Ask, Missing, Page, Row
from archive.site.charts import Point, bars, line
from parsers import dictionary
from parsers.dictionary import Indicator

LEAST = 30  # bodies below which nobody is ranked
RANKED = 20
CLASSES = 10
MEASURED = """indicator = ? AND "column" = ? AND level = ? AND scope = ?
    AND state = 'number' AND seq = 0"""
NAMED = """n.indicator = ? AND n."column" = ? AND n.level = ? AND n.scope = ?
    AND n.state = 'number' AND n.seq = 0"""


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
    order = {column.id: place for place, column in enumerate(dictionary.columns())}
    candidates = ["", *order]
    return [c for c in candidates if ask.one(
        'SELECT 1 FROM numbers WHERE indicator = ? AND "column" = ? '
        "AND state = 'number' AND seq = 0 LIMIT 1", name, c)]  # fmt: skip


def _usual(columns: Sequence[str]) -> str:
    return next((name for name in ("total", "", "annual") if name in columns), "")


def _groups(ask: Ask, name: str, column: str) -> list[Row]:
    return ask.rows(
        'SELECT level, scope, count(*) AS cells FROM numbers WHERE indicator = ? AND "column" = ? '
        "AND state = 'number' AND seq = 0 GROUP BY level, scope ORDER BY cells DESC",
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
    rows = ask.rows(
        f"SELECT year, value FROM numbers WHERE {MEASURED} AND year > 0 ORDER BY year, value",
        *chosen,
    )
    years = {
        year: [row["value"] for row in own] for year, own in groupby(rows, lambda r: r["year"])
    }
    asked = ask.whole("year")
    year = asked if asked in years else max(years, default=None)
    values = years.get(year, []) if year is not None else []
    return {
        "years": sorted(years, reverse=True),
        "year": year,
        "spread": _spread(values),
        "histogram": bars(_classes(values), ask.say("indicator.distribution")),
        "trend": _trend(ask, chosen[0], years),
        "medians": [(y, len(own), *_spread(own).values()) for y, own in sorted(years.items())],
        "bodies": _bodies(ask, chosen, year, len(values)),
        "ranked": len(values) >= LEAST,
        "stated": len(values),
    }


def _spread(values: Sequence[float]) -> dict[str, float | None]:
    """10th percentile, median and 90th: not best against worst."""
    if not values:
        return {"low": None, "median": None, "high": None}
    tenths = (
        statistics.quantiles(values, n=10, method="inclusive")
        if len(values) > 1
        else [values[0]] * 9
    )
    return {"low": tenths[0], "median": statistics.median(values), "high": tenths[8]}


def _classes(values: Sequence[float]) -> list[tuple[str, int]]:
    """Classes that double, for counts that span magnitudes: 0, 1-9, 10-99, ..."""
    if not values:
        return []
    edges = [0, 1, 10, 30, 100, 300, 1_000, 3_000, 10_000, 100_000]
    counts = [0] * len(edges)
    for value in values:
        counts[max(sum(value >= edge for edge in edges) - 1, 0)] += 1
    last = max(i for i, count in enumerate(counts) if count)
    return [(_class(edges, i), counts[i]) for i in range(last + 1)]


def _class(edges: Sequence[int], place: int) -> str:
    if place == 0:
        return "0"
    short = "{:,}".format
    return f"{short(edges[place])}+"


def _trend(ask: Ask, name: str, years: dict[int, list[float]]) -> object:
    form = {year: _form_of(name, year) for year in years}
    points = [
        Point(year=year, value=statistics.median(own), form=form[year])
        for year, own in years.items()
    ]
    return line(points, ask.say("indicator.trend"), ask.say("chart.break"))


def _form_of(name: str, year: int) -> str:
    """The national form of a year: where the line breaks."""
    starts = [form.id for form in dictionary.forms() if form.since <= year]
    return max(starts, default="")


def _bodies(ask: Ask, chosen: tuple[str, str, str, str], year: int | None, count: int) -> list[Row]:
    """The highest where enough bodies state a number; else all of them, unranked, by region."""
    order = "n.value DESC" if count >= LEAST else "r.region_code, r.agency"
    return ask.rows(
        "SELECT r.id AS report, r.agency, r.agency_id, n.value, n.exact, n.state, n.raw, n.unit, "
        "n.section, n.doubt FROM numbers n JOIN reports r ON r.id = n.report_id "
        f"WHERE {NAMED} AND n.year = ? ORDER BY {order} LIMIT ?",
        *chosen, year, RANKED if count >= LEAST else LEAST,
    )  # fmt: skip


def _joined(name: str) -> list[object]:
    """Series that this indicator is a term of."""
    return [
        each
        for each in series()
        if any(name in (*reading.plus, *reading.minus) for reading in each.readings)
    ]
