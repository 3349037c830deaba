"""Side by side: agencies, years, or two copies of one report, differing numbers marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import parsers
from archive.numbers import exact, stored
from archive.site import evidence
from archive.site.asking import Ask, Missing, Page
from archive.site.look import printed
from parsers import dictionary
from parsers.errors import ArchiveError

MOST = 6  # reports side by side
AGENCIES, YEARS = ("a", "b", "c"), ("y", "z")  # fields of the form
USUAL = ("", "total", "annual")
Address = tuple[str, str, str]  # section, indicator, column
FIELDS = 'section, indicator, "column", value, state, raw, exact, unit, form, doubt, seq'


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One column of the comparison."""

    title: str
    under: str
    href: str
    facts: dict[Address, Any]
    year: int | None = None
    agency: int | None = None


def page(ask: Ask) -> Page:
    """`?reports=1,2`, `?a=吉安市&b=福州市&y=2019`, or `?report=30&copy=<sha256>`."""
    copies = ask.whole("report") is not None
    sides = _copies(ask) if copies else [_side(ask, number) for number in _chosen(ask)]
    rows = _rows(ask, sides, whole=bool(ask.args.get("all")) or copies)
    return Page(
        template="compare.html",
        values={
            "sides": sides,
            "filled": _filled(ask, sides),
            "rows": rows,
            "mark": copies,
            "copies": copies,
            "differing": sum(row["differs"] for row in rows),
            "agencies": ask.rows(
                "SELECT name, first_year, last_year FROM agencies WHERE name <> '' "
                "ORDER BY reports DESC, name LIMIT 400"
            ),
            "years": ask.rows(
                "SELECT DISTINCT year FROM quality WHERE year > 0 ORDER BY year DESC"
            ),
            "moved": _moved(sides) if not copies else None,
        },
    )


def _chosen(ask: Ask) -> list[int]:
    """Numbers of the reports to be compared."""
    said = [int(part) for part in ask.text("reports").split(",") if part.isdigit()]
    names = [ask.text(name) for name in AGENCIES if ask.text(name)]
    years = [year for name in YEARS if (year := ask.whole(name)) is not None]
    if names and not years:
        years = _common_years(ask, names)
    for name in dict.fromkeys(names):
        for year in dict.fromkeys(years):
            found = ask.one(
                "SELECT id FROM reports WHERE agency = ? AND year = ? ORDER BY scope LIMIT 1",
                name,
                year,
            )
            said += [int(str(found))] if found is not None else []
    return said[:MOST]


def _filled(ask: Ask, sides: Sequence[Side]) -> dict[str, str]:
    """The fields of the form: as asked, or what a link to certain reports stands for."""
    names = list(dict.fromkeys(side.title for side in sides))
    years = sorted({str(side.year) for side in sides if side.year is not None})
    if not ask.text("reports") or len(names) > len(AGENCIES) or len(years) > len(YEARS):
        return {name: ask.text(name) for name in (*AGENCIES, *YEARS)}
    shown = dict(zip(AGENCIES, names, strict=False)) | dict(zip(YEARS, years, strict=False))
    return {name: shown.get(name, "") for name in (*AGENCIES, *YEARS)}


def _common_years(ask: Ask, names: Sequence[str]) -> list[int]:
    """The newest year that all of them report; of one body the two newest."""
    marks = ", ".join("?" * len(names))
    rows = ask.rows(
        f"SELECT year FROM reports WHERE agency IN ({marks}) "
        "GROUP BY year HAVING count(DISTINCT agency) = ? ORDER BY year DESC LIMIT ?",
        *names, len(set(names)), 2 if len(set(names)) == 1 else 1,
    )  # fmt: skip
    return sorted(row["year"] for row in rows)


def _side(ask: Ask, number: int) -> Side:
    report = ask.row("SELECT * FROM reports WHERE id = ?", number)
    facts = ask.rows(f"SELECT {FIELDS} FROM numbers WHERE report_id = ? AND seq = 0", number)
    return Side(
        title=report["agency"],
        under=str(report["year"] or ""),
        href=ask.url(f"/report/{number}"),
        facts={(f["section"], f["indicator"], f["column"]): f for f in facts},
        year=report["year"],
        agency=report["agency_id"],
    )


def _copies(ask: Ask) -> list[Side]:
    """The copy that speaks, and another one read from its capture by today's parser."""
    number, sha = ask.whole("report"), ask.text("copy")
    copy = ask.row("SELECT * FROM copies WHERE report_id = ? AND sha256 = ?", number, sha)
    try:
        read = parsers.read(evidence.body_of(ask.data, sha), url=copy["url"])
    except ArchiveError as error:
        raise Missing from error
    facts: dict[Address, Any] = {}
    for fact in read.facts:
        facts.setdefault(
            (fact.section, fact.indicator, fact.column),
            {"section": fact.section, "indicator": fact.indicator, "column": fact.column,
             "value": stored(fact.value), "exact": exact(fact.value) or "", "state": fact.state,
             "raw": fact.raw, "unit": fact.unit, "form": fact.form, "doubt": "", "seq": 0},
        )  # fmt: skip
    under = " · ".join(part for part in (copy["published"], copy["edition"]) if part)
    href = ask.url(f"/-/gongkai/capture/{sha}")
    chosen = _side(ask, int(str(number)))
    return [Side(title=ask.say("compare.other"), under=under, href=href, facts=facts), chosen]


def _rows(ask: Ask, sides: Sequence[Side], *, whole: bool) -> list[dict[str, Any]]:
    """Every address that a side prints, in the order of the forms."""
    forms = {cell["form"] for side in sides for cell in side.facts.values()}
    order = {row.id: row.order for row in dictionary.indicators() if row.form in forms}
    columns = {column.id: place for place, column in enumerate(dictionary.columns())}
    addresses = {address for side in sides for address in side.facts}
    kept = [a for a in addresses if whole or a[2] in USUAL]
    kept.sort(key=lambda a: (a[0], order.get(a[1], 0), columns.get(a[2], -1)))
    return [_row(ask, sides, address) for address in kept]


def _row(ask: Ask, sides: Sequence[Side], address: Address) -> dict[str, Any]:
    cells = [side.facts.get(address) for side in sides]
    said = [None if cell is None else (cell["state"], printed(cell)) for cell in cells]
    section, indicator, column = address
    return {
        "section": section,
        "indicator": indicator,
        "label": ask.name(indicator),
        "column": ask.name(column) if column and column not in ("total", "annual") else "",
        "key": f"{section}.{indicator}.{column}.0",
        "cells": cells,
        "differs": len(set(said)) > 1,
        "delta": _delta(cells),
    }


def _delta(cells: Sequence[Any]) -> float | None:
    """Last minus first, when both are printed numbers in the same unit."""
    if len(cells) != 2 or None in cells or cells[0]["unit"] != cells[1]["unit"]:
        return None
    first, last = cells[0]["value"], cells[1]["value"]
    return None if first is None or last is None else round(last - first, 6)


def _moved(sides: Sequence[Side]) -> bool:
    """Whether a column of differences makes sense: one body, two years."""
    return len(sides) == 2 and sides[0].agency == sides[1].agency
