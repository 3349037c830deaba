"""A page of a static column that shows the first page again: no list goes on like that."""

from __future__ import annotations

from dataclasses import replace

from archive.frontier import Task
from parsers.errors import DigestMismatch, MissingCapture, ReadError

from .endings import other_base
from .reading import Column, read
from .session import Session


def misnumbered(session: Session, task: Task, column: Column) -> Task | None:
    """The same page under its other number, where this one brought page 1; asked once a column."""
    other = other_base(task)
    if other is None or not column.listing.rows:
        return None
    first = session.store.last_good(column.url)
    if first is None or first.body_sha256 is None:
        return None
    entry = replace(task, url=column.url, page=1, depth=0)
    try:
        body = session.store.body(first.body_sha256)
        again = read(session.portals[task.portal], entry, body)
    except (DigestMismatch, MissingCapture, ReadError, ValueError):
        return None
    same = [row.url for row in again.listing.rows] == [row.url for row in column.listing.rows]
    return other if same else None
