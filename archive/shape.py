"""Whether a file still has the tables, indexes, views and triggers that its migrations made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database, Migrations

from archive import capture_schema, facts_schema
from archive.sqlite import CAPTURE_ID, FACTS_ID, open_reader, sqlite3
from parsers.errors import ArchiveError

FILES = {
    "capture.db": (CAPTURE_ID, capture_schema.migrations),
    "facts.db": (FACTS_ID, facts_schema.migrations),
}
# sqlite-utils keeps its own table, SQLite its statistics.
OBJECTS = (
    "SELECT name, type, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' "
    "AND name NOT LIKE '!_%' ESCAPE '!'"
)


def faults(db: Database, migrations: Migrations) -> Iterator[str]:
    """What is gone, what was made otherwise, triggers that are not ours, and rows left behind."""
    with closing(Database(memory=True, execute_plugins=False)) as made:
        migrations.apply(made)
        expected = _objects(made)
    found = _objects(db)
    for name, (kind, sql) in expected.items():
        if name not in found:
            yield f"{kind} {name} is gone"
        elif found[name] != (kind, sql):
            yield f"{kind} {name} is not as gongkai made it"
    for name in sorted(found.keys() - expected.keys()):
        if found[name][0] == "trigger":
            yield f"trigger {name} is not ours"
    yield from _left_behind(db)


def unsound(connection: sqlite3.Connection) -> Iterator[str]:
    """What SQLite's own check says, without "ok"."""
    try:
        rows = connection.execute("PRAGMA integrity_check").fetchall()
    except sqlite3.DatabaseError as error:
        rows = [(str(error),)]
    return (line for row in rows for line in str(row[0]).splitlines() if line != "ok")


def damage(data: Path) -> str:
    """One line when a file of the archive is not whole; empty when the fault is not theirs."""
    for name, (application_id, migrations) in FILES.items():
        if not (data / name).is_file():
            continue
        try:
            with closing(open_reader(data / name, application_id, migrations)) as db:
                fault = next(faults(db, migrations), "")
        except ArchiveError as error:
            return str(error)
        if fault:
            return f"{data / name} is damaged: {fault}; gongkai verify names all of it"
    return ""


def _objects(db: Database) -> dict[str, tuple[str, str]]:
    return {name: (kind, sql) for name, kind, sql in db.conn.execute(OBJECTS).fetchall()}


def _left_behind(db: Database) -> Iterator[str]:
    try:
        rows = db.conn.execute('SELECT "table", parent FROM pragma_foreign_key_check').fetchall()
    except sqlite3.DatabaseError as error:  # pages of the file are lost
        yield str(error)
        return
    for (table, parent), count in Counter(rows).items():
        yield f"{count} rows of {table} belong to rows of {parent} that are gone"
