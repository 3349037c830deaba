"""The crosswalk: series that join what is comparable over forms."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

from archive.sqlite import sqlite3
from parsers.dictionary import indicators
from parsers.errors import FormError

FILE = Path(__file__).parent / "series.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a series is read from some forms."""

    forms: tuple[str, ...]
    section: str
    column: str
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    exact: bool

    @property
    def expression(self) -> str:
        """The sum in words of the dictionary."""
        taken_off = "".join(f" - {name}" for name in self.minus)
        return " + ".join(self.plus) + taken_off


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line over the years."""

    id: str
    zh: str
    en: str
    note: str
    readings: tuple[Reading, ...]


@cache
def series() -> tuple[Series, ...]:
    """All series; FormError for terms that no form of the reading prints."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))["series"]
    known = {(row.form, row.section, row.id) for row in indicators()}
    loaded = tuple(_series(entry) for entry in entries)
    for each in loaded:
        for reading in each.readings:
            _refuse_unknown(each.id, reading, cast("set[tuple[str, str, str]]", known))
    return loaded


def _series(entry: Mapping[str, Any]) -> Series:
    return Series(
        id=entry["id"],
        zh=entry["zh"],
        en=entry["en"],
        note=entry["note"],
        readings=tuple(
            Reading(
                forms=tuple(item["forms"]),
                section=item["section"],
                column=item["column"],
                plus=tuple(item["plus"]),
                minus=tuple(item.get("minus", ())),
                exact=item.get("exact", False),
            )
            for item in entry["readings"]
        ),
    )


def _refuse_unknown(name: str, reading: Reading, known: set[tuple[str, str, str]]) -> None:
    for term in (*reading.plus, *reading.minus):
        for form in reading.forms:
            if (form, reading.section, term) not in known:
                raise FormError(f"{FILE.name}: {name}: form {form} has no {term}")


# A sum stands only on printed numbers: an empty or missing term leaves it empty, with a reason.
# One walk along the index for each slot of a term; a term is a bit, so that what a report lacks is
# known without asking for each term of each report.
FILL = """
INSERT INTO series
SELECT :series, r.agency_id, r.region_code, r.agency, r.level, r.scope, r.year, min(t.form),
    CASE WHEN count(c.value) = :terms THEN sum(c.value * t.sign) END,
    :approximate, :expression, lacking(sum(CASE WHEN c.value IS NULL THEN 0 ELSE t.bit END)), r.id
FROM temp.terms t CROSS JOIN cells c ON c.slot = t.slot AND c.seq = 0
CROSS JOIN reports r ON r.id = c.report_id
WHERE r.year IS NOT NULL
GROUP BY c.report_id
ON CONFLICT DO NOTHING
"""
TERM = """
INSERT INTO temp.terms SELECT id, form, :sign, :bit FROM slots
WHERE indicator = :term AND section = :section AND "column" = :column
    AND form IN (SELECT value FROM json_each(:forms))
"""


def fill(connection: sqlite3.Connection) -> None:
    """Computes every series from `reports` and `cells`."""
    connection.execute(
        "CREATE TEMP TABLE terms (slot INTEGER PRIMARY KEY, form TEXT, sign INTEGER, bit INTEGER)"
    )
    for each in series():
        for reading in each.readings:
            _fill(connection, each.id, reading)
    connection.execute("DROP TABLE temp.terms")


def _fill(connection: sqlite3.Connection, name: str, reading: Reading) -> None:
    terms = (*reading.plus, *reading.minus)
    given = {
        "series": name,
        "section": reading.section,
        "column": reading.column,
        "forms": json.dumps(reading.forms),
        "terms": len(terms),
        "approximate": int(not reading.exact),
        "expression": reading.expression,
    }
    connection.execute("DELETE FROM temp.terms")
    for place, term in enumerate(terms):
        sign = 1 if place < len(reading.plus) else -1
        connection.execute(TERM, given | {"term": term, "sign": sign, "bit": 1 << place})
    connection.create_function("lacking", 1, partial(_lacking, terms), deterministic=True)
    connection.execute(FILL, given)


def _lacking(terms: Sequence[str], printed: int) -> str:
    """The terms without a number."""
    return ", ".join(term for place, term in enumerate(terms) if not printed >> place & 1)
