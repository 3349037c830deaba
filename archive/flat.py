"""`numbers` written out as a table, while that costs little.

A table has what a view lacks: a page for each row, keyset paging of long downloads, indexes for
outer joins, and a name in the lists of tables that other tools print. It also takes four times the
room (some 500 bytes a number beside 107), so that a large archive keeps the view over narrow rows.
Columns, types and rows are the same.
"""

from __future__ import annotations

from dataclasses import replace

from archive.dictionary import tables
from archive.sqlite import sqlite3

MOST = 2_000_000  # rows that are written out unless one asks otherwise: a gigabyte
INDEXES = (
    "CREATE INDEX numbers_indicator ON numbers (indicator, year, value)",
    "CREATE INDEX numbers_region_code ON numbers (region_code, year)",
    "CREATE INDEX numbers_doubt ON numbers (doubt) WHERE doubt <> ''",
    "CREATE INDEX numbers_ruling ON numbers (ruling) WHERE ruling IS NOT NULL",
)


def is_wanted(db: sqlite3.Connection, flat: bool | None) -> bool:
    """What was asked for, else by the number of cells."""
    if flat is not None:
        return flat
    return int(db.execute("SELECT count(*) FROM cells").fetchone()[0]) <= MOST


def write_out(db: sqlite3.Connection) -> None:
    """The view gives way to a table of the same name."""
    view = next(table for table in tables() if table.name == "numbers")
    key = ", ".join(f'"{name}"' for name in view.key)
    given = [column[0] for column in db.execute(f"SELECT * FROM ({view.view}) LIMIT 0").description]
    db.execute('DROP VIEW "numbers"')
    db.execute(replace(view, view="").sql)
    named = ", ".join(f'"{name}"' for name in given)
    db.execute(f"INSERT INTO numbers ({named}) SELECT * FROM ({view.view}) ORDER BY {key}")
    for index in INDEXES:
        db.execute(index)
