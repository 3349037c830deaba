"""Key figures side by side, one row a report: what most questions divide by each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from archive.dictionary import tables
from archive.numbers import Stored
from archive.sqlite import sqlite3
from parsers.dictionary import columns, indicators

NAME = "figures"
# One column speaks for a report: the total of section B, the year of form 2008, else the only one.
SPEAKING = ("", "total", "annual")
APPLICANTS = tuple(column.id for column in columns() if column.axis == "applicant")
OF_REPORT = {
    "report_id": "id",
    "province": "region_name(substr(region_code, 1, 2) || '0000', year)",
}
# A number that was not read with certainty, or stands in another unit, would distort a rate.
CELLS = """
SELECT c.report_id, c.slot, c.value, l.unit FROM cells c CROSS JOIN labels l ON l.id = c.label
WHERE c.value IS NOT NULL AND c.seq = 0 AND c.doubt = '' ORDER BY c.report_id, c.slot
"""
# The second finds the year before, which SQLite else makes an index for at every question.
INDEXES = """
CREATE INDEX figures_year ON figures (year, level, scope);
CREATE INDEX figures_agency ON figures (agency_id, scope, year)
"""
Cell = tuple[int, int, Stored, str]  # report, slot, value, unit
Slots = Mapping[int, tuple[int, bool]]


def fill(connection: sqlite3.Connection) -> None:
    """Computes the table from `reports` and `cells`, both complete; needs region_name."""
    (table,) = (table for table in tables() if table.name == NAME)
    given = [column.name for column in table.columns if column.type != "ANY"]
    figures = [column.name for column in table.columns if column.type == "ANY"]
    named = ", ".join(f'"{name}"' for name in (*given, *figures))
    connection.executemany(
        f"INSERT INTO {NAME} ({named}) VALUES ({', '.join('?' * len(table.columns))})",
        _rows(connection, given, _slots(connection, figures), len(figures)),
    )


def _rows(
    connection: sqlite3.Connection, given: Sequence[str], slots: Slots, size: int
) -> Iterator[tuple[object, ...]]:
    """Reports and cells in step: both come in the order of the reports."""
    sql = ", ".join(OF_REPORT.get(name, name) for name in given)
    reports = connection.execute(f"SELECT {sql} FROM reports ORDER BY id")
    printed = groupby(connection.execute(CELLS), key=itemgetter(0))
    number, cells = next(printed, (None, iter(())))
    for report in reports:
        figures: list[Stored] = [None] * size
        if report[0] == number:
            _fill(figures, cells, slots)
            number, cells = next(printed, (None, iter(())))
        yield (*report, *figures)


def _fill(figures: list[Stored], cells: Iterable[Cell], slots: Slots) -> None:
    """The first slot that prints a figure in its unit speaks for it."""
    for _, slot, value, unit in cells:
        if slot in slots:
            place, amount = slots[slot]
            if figures[place] is None and (unit == "万元" if amount else unit[:1] != "万"):
                figures[place] = value


def _slots(connection: sqlite3.Connection, figures: Sequence[str]) -> Slots:
    """Slot -> which figure it states, and whether that is an amount of money."""
    printed = {row.id: (row.section, row.kind) for row in indicators()}
    wanted: dict[tuple[str, str, str], tuple[int, bool]] = {}
    for place, name in enumerate(figures):
        indicator, applicant = _split(name, printed)
        section, kind = printed[indicator]
        for column in (applicant,) if applicant else SPEAKING:
            wanted[section, indicator, column] = (place, kind == "amount")
    known = connection.execute('SELECT section, indicator, "column", id FROM slots').fetchall()
    return {slot: wanted[each] for *key, slot in known if (each := tuple(key)) in wanted}


def _split(name: str, printed: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """requests_new_business -> (requests_new, business); other names are those of their row."""
    if name in printed:
        return name, ""
    applicant = next(each for each in APPLICANTS if name.endswith(f"_{each}"))
    return name.removesuffix(f"_{applicant}"), applicant
