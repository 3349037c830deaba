"""Stored queries as questions: what is asked, with which caveat, and the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from archive.site import queries
from archive.site.asking import Ask, Missing, Page, Row
from archive.site.pictures import picture

PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")
MOST = 200  # rows on the page; all of them as CSV or JSON


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
        },
    )


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
