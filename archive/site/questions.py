"""Stored queries as questions: what is asked, with which caveat, and the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from archive.site import queries
from archive.site.asking import Ask, Missing, Page, Row
from archive.site.charts import Point, bars, line

PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")
MOST = 200  # rows on the page; all of them as CSV or JSON
BOTH = re.compile(r"(?P<number>\d+\.)?\s*(?P<en>[^\u4e00-\u9fff]*?[?.]?)\s*(?P<zh>[\u4e00-\u9fff].*)?")


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
            "chart": _chart(ask, stored, rows[:MOST]),
            "agencies": _agencies(ask, rows),
        },
    )


def told(ask: Ask, stored: Mapping[str, str]) -> tuple[str, str]:
    """Title and caveat in the language: `title_zh` and `about_zh`, or that half of the title."""
    if ask.language == "zh" and "title_zh" in stored:
        return stored["title_zh"], stored.get("about_zh", stored["about"])
    halves = BOTH.fullmatch(stored["title"])
    half = halves.group(ask.language) if halves else None
    return half or stored["title"], stored["about"]


def _chart(ask: Ask, stored: object, rows: Sequence[Row]) -> object:
    """`chart = { kind = "line", x = "year", y = "value" }` or `kind = "bar"` in the data file."""
    told = stored.get("chart") if isinstance(stored, dict) else None
    if not isinstance(told, dict) or not rows:
        return ""
    pairs = [(row[told["x"]], row[told["y"]]) for row in rows if row[told["y"]] is not None]
    if told.get("kind") == "bar":
        return bars([(str(x), y) for x, y in pairs[:16]], str(stored["title"]))  # type: ignore[index]
    points = [Point(year=int(x), value=y) for x, y in pairs]
    return line(points, "", ask.say("chart.break"), broken=bool(told.get("breaks", True)))


def _agencies(ask: Ask, rows: Sequence[Row]) -> dict[str, int]:
    """Names in the answer -> their page."""
    if not rows or "agency" not in rows[0].keys():  # noqa: SIM118 - a Row is no dict
        return {}
    names = list(dict.fromkeys(row["agency"] for row in rows))[:MOST]
    marks = ", ".join("?" * len(names))
    found = ask.rows(f"SELECT name, id FROM agencies WHERE name IN ({marks})", *names)
    return {row["name"]: row["id"] for row in found}
