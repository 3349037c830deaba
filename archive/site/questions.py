"""Stored queries as questions: what is asked, with which caveat, and the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from archive.site import queries
from archive.site.asking import Ask, Missing, Page, Row
from archive.site.pictures import picture
from archive.site.provinces import medians

PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")
MOST = 200  # rows on the page; all of them as CSV or JSON
YEARS = "SELECT DISTINCT year FROM ({}) WHERE level = :of ORDER BY year"
# Columns that hold codes -> the messages that name them.
CODED = {
    **{name: name for name in ("level", "scope", "cause", "reason", "outcome", "relation")},
    "kind": "check",
    "other_rows": "said",
    "mark": "said",
    **dict.fromkeys(("chosen", "equal", "follows", "approximate"), "yes"),
}
NO_FIGURES = ("year", "other_year", "run_id", *CODED)
NAMED = ("indicator", "column", "applicant", "per")
CHOICES = {
    "level": ("province", "prefecture", "county", "department", "township"),
    "cause": ("parser", "patch"),
}
MAPPED = "prefecture"  # the level on a map when none is asked for: levels are never mixed


def page(ask: Ask) -> Page:
    """All questions, or the answer to one: `/questions?q=backlog`."""
    name = ask.text("q")
    if not name:
        listed = [(key, *told(ask, stored)) for key, stored in queries().items()]
        return Page(template="questions.html", values={"questions": listed})
    if name not in queries():
        raise Missing
    stored = queries()[name]
    wanted = list(dict.fromkeys(PARAMETER.findall(stored["sql"])))
    given = {parameter: ask.text(parameter) for parameter in wanted}
    cursor = ask.db.execute(stored["sql"], given)
    heads = [column[0] for column in cursor.description]
    rows = cursor.fetchmany(MOST + 1)
    return Page(
        template="question.html",
        values={
            "id": name,
            "title": told(ask, stored)[0],
            "about": told(ask, stored)[1],
            "sql": stored["sql"].strip(),
            "given": given,
            "heads": heads,
            "rows": rows[:MOST],
            "more": len(rows) > MOST,
            "chart": picture(ask, stored.get("chart"), rows[:MOST], told(ask, stored)[0]),
            "hints": {name: _half(ask, hint) for name, hint in stored.get("params", {}).items()},
            "agencies": _agencies(ask, rows),
            "coded": CODED,
            "named": NAMED,
            "choices": CHOICES,
            "place": place,
            "why": _none(ask, stored, given),
            "figures": _figures(heads, rows),
            "map": _map(ask, stored, given) if "map" in stored else None,
        },
    )


def _map(ask: Ask, stored: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, object]:
    """All bodies of one year and one level, by province; years are one click apart."""
    level = given["level"] or MAPPED
    asked = f"SELECT * FROM ({stored['sql']}) WHERE level = :level AND year = :year"
    every = {**given, "year": "", "of": level}
    years = [row["year"] for row in ask.rows(YEARS.format(stored["sql"]), **every)]
    year = ask.whole("year") or max(years, default=None)
    rows = ask.rows(asked, **{**given, "level": level, "year": str(year or "")})
    title = ask.say("map.title", year=year, level=ask.code("level", level), n=len(rows))
    drawn = medians(ask, stored["map"]["y"], rows, title) if rows else ""
    return {"title": title, "drawn": drawn, "year": year, "years": years}


def place(row: Row) -> str:
    """The cell of a row as the report page finds it: row of the form, and column if told."""
    names = row.keys()
    parts = [row[name] for name in ("indicator", "column") if name in names]
    return ".".join(parts) if "indicator" in names else ""


def _figures(heads: Sequence[str], rows: Sequence[Row]) -> set[str]:
    """Columns that hold numbers, whatever their first row says."""
    held = [head for head in heads if head not in NO_FIGURES]
    return {head for head in held if any(isinstance(row[head], int | float) for row in rows)}


def _none(ask: Ask, stored: Mapping[str, Any], given: Mapping[str, str]) -> str:
    """Why there is no row: what was asked for, or what the question waits for."""
    if any(given.values()) or "none" not in stored:
        return ask.say("questions.none")
    return str(stored["none_zh" if ask.language == "zh" else "none"])


def told(ask: Ask, stored: Mapping[str, Any]) -> tuple[str, str]:
    """Title and caveat in the language; titles hold both: `Who asks? 申请人构成`."""
    english, _, chinese = stored["title"].rpartition("? ")
    if ask.language == "zh":
        return chinese, stored.get("about_zh", stored["about"])
    return f"{english}?" if english else chinese, stored["about"]


def _half(ask: Ask, hint: str) -> str:
    """Hints hold both languages too: `A year · 年度`."""
    english, _, chinese = hint.rpartition(" · ")
    return chinese if ask.language == "zh" else english or chinese


def _agencies(ask: Ask, rows: Sequence[Row]) -> dict[str, int]:
    """Names in the answer -> their page."""
    if not rows or "agency" not in rows[0].keys():  # noqa: SIM118 - a Row is no dict
        return {}
    names = list(dict.fromkeys(row["agency"] for row in rows))[:MOST]
    marks = ", ".join("?" * len(names))
    found = ask.rows(f"SELECT name, id FROM agencies WHERE name IN ({marks})", *names)
    return {row["name"]: row["id"] for row in found}
