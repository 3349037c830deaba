"""Chinese search: what people type becomes phrases of single characters."""

from __future__ import annotations

import sqlite3  # noqa: TID251 - Datasette hands us its own connection

from datasette import hookimpl

from archive.search import escape_fts


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]  # otherwise Datasette's own function of this name wins
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Register `escape_fts` on every connection."""
    conn.create_function("escape_fts", 1, escape_fts)
