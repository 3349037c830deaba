"""What is done before the first visitor comes: templates, words, and what the build has counted.

Datasette itself counts every table of an immutable file at its first request and hashes the whole
file at the first page of a table: on 2 GB seconds each, during which nobody is answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from archive.dictionary import tables
from archive.site import look, metadata, words
from archive.site.published import Published, digest
from archive.sqlite import sqlite3

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself being imported
    from datasette.app import Datasette

COUNTS = 'SELECT "table", row_count FROM dictionary WHERE "column" = \'\' AND row_count IS NOT NULL'
# Datasette 0.65 asks for the description some 400 times a page.
_TOLD: WeakKeyDictionary[Datasette, dict[str, object]] = WeakKeyDictionary()


def prepare() -> None:
    """Everything that every page needs, read and compiled once."""
    look.version()
    for name in look.environment().list_templates():
        look.environment().get_template(name)
    for language in words.LANGUAGES:
        words.names(language)
        words.labels(language)
    words.messages()


async def know(datasette: Datasette, found: Published) -> None:
    """Hands Datasette what `datasette inspect` would tell; what the user handed over wins."""
    database = datasette.get_database(found.name)
    counts = await database.execute_fn(_counts)
    _TOLD[datasette] = metadata(found.name, counts)
    if database.is_mutable or datasette.inspect_data or not counts:
        return
    known = {name: {"count": count} for name, count in counts.items()}
    datasette.inspect_data = {
        found.name: {
            "hash": digest(found.path),
            "size": found.path.stat().st_size,
            "file": str(found.path),
            "tables": known,
        }
    }
    views = {table.name for table in tables() if table.view} - set(await database.table_names())
    database._cached_table_counts = {
        name: count for name, count in counts.items() if name not in views
    }


def description(datasette: Datasette, found: Published) -> dict[str, object]:
    """What describes the published file in this Datasette."""
    return _TOLD.get(datasette) or metadata(found.name)


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    """None in a file of an older build."""
    try:
        return dict(connection.execute(COUNTS).fetchall())
    except sqlite3.OperationalError:
        return {}
