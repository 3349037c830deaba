"""The crosswalk: series that join what is comparable over forms."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
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
# CROSS JOIN keeps the order: each report, each term, one look-up by the primary key. Left to itself
# SQLite walked all numbers of an indicator for every report.
FILL = """
INSERT INTO series
SELECT :series, r.agency_id, r.region_code, r.agency, r.level, r.scope, r.year, min(n.form),
    CASE WHEN count(n.value) = :terms THEN sum(n.value * t.sign) END,
    :approximate, :expression,
    coalesce(group_concat(CASE WHEN n.value IS NULL THEN t.term END, ', '), ''),
    r.id
FROM reports r CROSS JOIN temp.terms t
LEFT JOIN numbers n ON n.report_id = r.id AND n.section = :section AND n.indicator = t.term
    AND n."column" = :column AND n.seq = 0 AND n.form IN (SELECT value FROM json_each(:forms))
WHERE r.year IS NOT NULL
GROUP BY r.id HAVING count(n.indicator) > 0
ON CONFLICT DO NOTHING
"""


def fill(connection: sqlite3.Connection) -> None:
    """Computes every series from `reports` and `numbers`."""
    connection.execute("CREATE TEMP TABLE terms (term TEXT PRIMARY KEY, sign INTEGER)")
    for each in series():
        for reading in each.readings:
            signs = [(term, 1) for term in reading.plus] + [(term, -1) for term in reading.minus]
            connection.execute("DELETE FROM temp.terms")
            connection.executemany("INSERT INTO temp.terms VALUES (?, ?)", signs)
            connection.execute(
                FILL,
                {
                    "series": each.id,
                    "section": reading.section,
                    "column": reading.column,
                    "forms": "[{}]".format(", ".join(f'"{form}"' for form in reading.forms)),
                    "terms": len(signs),
                    "approximate": int(not reading.exact),
                    "expression": reading.expression,
                },
            )
    connection.execute("DROP TABLE temp.terms")
