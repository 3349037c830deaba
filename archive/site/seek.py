"""Search: agencies, titles, prose and labels; two characters suffice."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from archive.search import escape_fts
from archive.site.asking import Ask, Page, Row
from parsers import dictionary

PER_PAGE = 20
AROUND = 60  # characters on each side of a hit


def page(ask: Ask) -> Page:
    """Everything that names the words."""
    asked = ask.text("q")
    words = asked.split()
    number = max(ask.whole("page") or 1, 1)
    found = _reports(ask, asked, number) if words else []
    return Page(
        template="search.html",
        values={
            "q": asked,
            "agencies": _agencies(ask, words),
            "labels": _labels(ask, words),
            "reports": [_hit(ask, row, words) for row in found[:PER_PAGE]],
            "more": len(found) > PER_PAGE,
            "number": number,
            "total": _count(ask, asked) if words else 0,
        },
    )


def _agencies(ask: Ask, words: Sequence[str]) -> list[Row]:
    """Named bodies and regions; every word must stand in one of the two."""
    if not words:
        return []
    where = " AND ".join("(instr(name, ?) OR instr(region, ?))" for _ in words)
    given = [word for word in words for _ in range(2)]
    return ask.rows(
        "SELECT id, name, region, level, reports, first_year, last_year FROM agencies "
        f"WHERE {where} ORDER BY reports DESC, name LIMIT 12",
        *given,
    )


def _labels(ask: Ask, words: Sequence[str]) -> list[tuple[str, str, str]]:
    """(indicator, label, other spelling that was met) of the dictionary."""
    hits: dict[str, tuple[str, str, str]] = {}
    for row in dictionary.indicators():
        said = (row.label, row.label_en, row.id, *row.aliases)
        spoken = " ".join(said).lower()
        if words and row.kind != "heading" and all(word.lower() in spoken for word in words):
            hits[row.id] = (row.id, row.label, row.label_en)
    return list(hits.values())[:16]


def _reports(ask: Ask, asked: str, number: int) -> list[Row]:
    return ask.rows(
        "SELECT r.id, r.agency, r.year, r.title, r.published, r.form FROM search "
        "JOIN reports r ON r.id = search.rowid WHERE search MATCH ? "
        "ORDER BY r.year DESC, r.id LIMIT ? OFFSET ?",
        escape_fts(asked),
        PER_PAGE + 1,
        PER_PAGE * (number - 1),
    )


def _count(ask: Ask, asked: str) -> object:
    return ask.one("SELECT count(*) FROM search WHERE search MATCH ?", escape_fts(asked))


def _hit(ask: Ask, row: Row, words: Sequence[str]) -> dict[str, object]:
    """A report with the passage where the first word stands."""
    texts = ask.rows("SELECT section, text FROM texts WHERE report_id = ? ORDER BY seq", row["id"])
    passages = (_passage(text["text"], words) for text in texts)
    return {"row": row, "title": marked(row["title"] or "", words),
            "passage": next((passage for passage in passages if passage), "")}  # fmt: skip


def _passage(text: str, words: Sequence[str]) -> Markup | str:
    flat = " ".join(text.split())
    at = next((place for word in words if (place := flat.find(word)) >= 0), -1)
    if at < 0:
        return ""
    start, stop = max(at - AROUND, 0), at + AROUND
    cut = ("…" if start else "") + flat[start:stop] + ("…" if stop < len(flat) else "")
    return marked(cut, words)


def marked(text: str, words: Sequence[str]) -> Markup:
    """The words set off in escaped text."""
    if not words:
        return escape(text)
    parts = re.split("(" + "|".join(map(re.escape, words)) + ")", text, flags=re.I)
    drawn = [
        Markup("<mark>{}</mark>").format(p) if i % 2 else escape(p) for i, p in enumerate(parts)
    ]
    return Markup("").join(drawn)
