"""What earlier crawls did: how often each host was asked of late, and when portals are due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Literal

from archive.capture import CaptureStore
from archive.sqlite import plain_errors
from parsers.model import RENDER

VisitState = Literal["ok", "partial", "empty", "blocked", "unreachable", "refused"]

# Outcomes of requests that were never sent.
UNSENT = ("robots", "off-portal", "dns")
ORIGIN = "substr(urls.url, 1, instr(substr(urls.url || '/', 9), '/') + 8)"  # scheme, host, port
LAST_DAY = f"""
SELECT {ORIGIN}, count(*), max(captures.fetched_at)
FROM captures JOIN urls ON urls.id = captures.url
WHERE captures.fetched_at > ? AND captures.outcome NOT IN {UNSENT}
    AND captures.method <> '{RENDER}' GROUP BY 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """How the last visit of a portal ended. `streak` counts visits that ended in this state."""

    portal: str
    visited_at: str
    changed_at: str | None
    state: VisitState
    streak: int
    days: float  # until the next visit
    due_at: str
    reason: str


NAMES = tuple(field.name for field in fields(Visit))
PUT = f"INSERT OR REPLACE INTO visits ({', '.join(NAMES)}) VALUES ({', '.join('?' * len(NAMES))})"


def last_day(store: CaptureStore) -> dict[str, tuple[int, str]]:
    """Origin -> requests of the last 24 hours and the time of the last one."""
    since = datetime.now(UTC) - timedelta(days=1)
    with plain_errors(store.path):
        rows = store.db.conn.execute(LAST_DAY, (since.isoformat(timespec="milliseconds"),))
        return {origin: (number, last) for origin, number, last in rows.fetchall()}


def was_killed(store: CaptureStore) -> bool:
    """Whether the last crawl has no end."""
    with plain_errors(store.path):
        sql = "SELECT finished IS NULL FROM crawls ORDER BY id DESC LIMIT 1"
        row = store.db.conn.execute(sql).fetchone()
    return bool(row and row[0])


def load(store: CaptureStore) -> dict[str, Visit]:
    """The last visit of every portal."""
    with plain_errors(store.path):
        rows = store.db.conn.execute(f"SELECT {', '.join(NAMES)} FROM visits").fetchall()
    return {row[0]: Visit(**dict(zip(NAMES, row, strict=True))) for row in rows}


def save(store: CaptureStore, visits: Iterable[Visit]) -> None:
    """One row a portal; the captures keep the whole history."""
    with store.transaction() as connection:
        connection.executemany(PUT, [astuple(visit) for visit in visits])
