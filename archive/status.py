"""What ran, what is kept, what waits and what is blocked; a missing file is a status too."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.capture import FILE, CaptureStore
from archive.sqlite import plain_errors, sqlite3

PACKAGES = ("gongkai", "scrapy", "sqlite-utils", "datasette", "zstandard")
FILES = (FILE, "facts.db", "gongkai.db")
LAST_CRAWLS = 5

CRAWLS = f"""
SELECT crawls.id, started, finished, reason, end_reason, count(captures.id) AS captures
FROM crawls LEFT JOIN captures ON captures.crawl = crawls.id
WHERE crawls.id > (SELECT coalesce(max(id), 0) - {LAST_CRAWLS} FROM crawls)
GROUP BY crawls.id ORDER BY crawls.id DESC
"""
OUTCOMES = "SELECT outcome, count(*) AS captures FROM captures GROUP BY outcome ORDER BY outcome"
BODIES = """
SELECT count(*) AS bodies, coalesce(sum(size), 0) AS bytes,
    coalesce(sum(length(data)), 0)
        + (SELECT coalesce(sum(length(data)), 0) FROM dictionaries) AS stored_bytes,
    (SELECT count(*) FROM dictionaries) AS dictionaries
FROM bodies
"""
# `blocked` names the last challenge only while no good answer has come after it.
PORTALS = """
SELECT portal, count(*) AS captures,
    max(fetched_at) FILTER (WHERE outcome IN ('ok', 'not-modified') AND kind <> 'robots')
        AS last_success,
    max(fetched_at) FILTER (WHERE outcome = 'blocked') AS last_blocked
FROM captures WHERE portal <> '' GROUP BY portal ORDER BY portal
"""
VISITS = "SELECT portal, state, streak, due_at, reason FROM visits ORDER BY due_at, portal"
QUEUE = """
SELECT portal, state, count(*) AS tasks FROM rounds JOIN frontier ON frontier.round = rounds.id
WHERE rounds.id IN (SELECT max(id) FROM rounds GROUP BY portal)
GROUP BY portal, state ORDER BY portal, state
"""


def status(data: Path, *, fingerprint: str = "") -> dict[str, object]:
    """JSON-ready; `fingerprint` is that of the parsers, which this room does not ask."""
    report: dict[str, object] = {
        "data": str(data),
        "versions": _versions(fingerprint),
        "files": _files(data),
        "archive": None,
    }
    if (data / FILE).is_file():
        with CaptureStore.reader(data) as store, plain_errors(store.path):
            report["archive"] = _archive(store.db)
    return report


def _versions(fingerprint: str) -> dict[str, str | None]:
    found: dict[str, str | None] = {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "sqlite-library": sqlite3.__name__,
        "parsers": fingerprint or None,
    }
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def _files(data: Path) -> dict[str, dict[str, int] | None]:
    """Bytes of each file and of the WAL beside it; None for a file that is not there yet."""
    return {
        name: {"bytes": size, "wal_bytes": _size(data / f"{name}-wal") or 0}
        if (size := _size(data / name)) is not None
        else None
        for name in FILES
    }


def _size(path: Path) -> int | None:
    """A WAL may vanish between a look and a stat."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _archive(db: Database) -> dict[str, object]:
    outcomes = {row["outcome"]: row["captures"] for row in db.query(OUTCOMES)}
    return {
        "crawls": list(db.query(CRAWLS)),
        "captures": sum(outcomes.values()),
        "outcomes": outcomes,
        "bodies": _bodies(db),
        "portals": [_portal(row) for row in db.query(PORTALS)],
        "frontier": _frontier(db),
        "visits": list(db.query(VISITS)),
    }


def _bodies(db: Database) -> dict[str, object]:
    row = next(iter(db.query(BODIES)))
    stored = row["stored_bytes"]
    return {**row, "ratio": round(row["bytes"] / stored, 2) if stored else None}


def _portal(row: Mapping[str, Any]) -> dict[str, object]:
    blocked = (row["last_blocked"] or "") > (row["last_success"] or "")
    return {**row, "blocked": blocked}


def _frontier(db: Database) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in db.query(QUEUE):
        found.setdefault(row["portal"], {})[row["state"]] = row["tasks"]
    return found
