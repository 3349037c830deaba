"""What ran, what is kept, what waits and what is blocked; a missing file is a status too."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.capture import FILE, CaptureStore
from archive.facts import FILE as FACTS
from archive.facts import FactsStore
from archive.sqlite import plain_errors, sqlite3

PACKAGES = ("gongkai", "scrapy", "sqlite-utils", "datasette", "zstandard")
FILES = (FILE, FACTS, "gongkai.db")
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
# What each month added: captures, bodies seen first in it, and their bytes as stored.
GROWTH = """
SELECT substr(first, 1, 7) AS month, count(*) AS bodies, sum(size) AS bytes,
    sum(length(data)) AS stored_bytes
FROM (SELECT body, min(fetched_at) AS first FROM captures WHERE body IS NOT NULL GROUP BY body)
JOIN bodies ON bodies.id = body GROUP BY month ORDER BY month DESC LIMIT 12
"""
RUNS = """
SELECT id, started, finished, state, reason, counts ->> '$.read' AS pages,
    counts ->> '$.facts' AS facts FROM runs ORDER BY id DESC LIMIT 5
"""
DUE = """
SELECT count(*) AS waiting, min(coalesce(retry_at, '')) AS next FROM frontier
JOIN rounds ON rounds.id = round WHERE state = 'waiting' AND rounds.finished IS NULL
"""
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
        "runs": _runs(data),
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
        "growth": list(db.query(GROWTH)),
        "frontier": _frontier(db),
        "visits": list(db.query(VISITS)),
        "due": _due(db),
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


def _due(db: Database) -> dict[str, object]:
    """What an interrupted or postponed crawl left to fetch; "" is at once."""
    row = next(iter(db.query(DUE)))
    return {"waiting": row["waiting"], "next": row["next"] if row["waiting"] else None}


def _runs(data: Path) -> list[dict[str, object]]:
    if not (data / FACTS).is_file():
        return []
    with FactsStore.reader(data) as facts, plain_errors(facts.path):
        return list(facts.db.query(RUNS))


Told = tuple[str, tuple[str, ...], Sequence[tuple[object, ...]]]


def told(found: Mapping[str, Any]) -> Iterator[Told]:
    """The status as tables for people: title, heads, rows."""
    files = [
        (name, "not there yet", "")
        if size is None
        else (name, _mb(size["bytes"]), _mb(size["wal_bytes"]))
        for name, size in found["files"].items()
    ]
    yield f"files in {found['data']}", ("file", "MB", "MB in the WAL"), files
    if found["archive"]:
        yield from _told_archive(found["archive"])
    runs = [tuple(row.values()) for row in found["runs"]]
    if runs:
        yield "last readings", tuple(found["runs"][0]), runs
    versions = [(name, value or "not installed") for name, value in found["versions"].items()]
    yield "versions", ("of", "is"), versions


def _told_archive(archive: Mapping[str, Any]) -> Iterator[Told]:
    bodies, due = archive["bodies"], archive["due"]
    blocked = " ".join(p["portal"] for p in archive["portals"] if p["blocked"])
    waiting = f"{due['waiting']}, from {due['next'] or 'now'} on" if due["waiting"] else "nothing"
    yield "archive", ("what", "how much"), [
        ("captures", archive["captures"]),
        *((f"  {outcome}", number) for outcome, number in archive["outcomes"].items()),
        ("bodies", f"{bodies['bodies']}, {_mb(bodies['bytes'])} MB"),
        ("stored in", f"{_mb(bodies['stored_bytes'])} MB, {bodies['ratio'] or '-'} times smaller"),
        ("blocked portals", blocked or "none"),
        ("left to fetch", waiting),
    ]  # fmt: skip
    yield "growth", ("month", "new bodies", "MB", "MB stored"), [
        (row["month"], row["bodies"], _mb(row["bytes"]), _mb(row["stored_bytes"]))
        for row in archive["growth"]
    ]  # fmt: skip
    yield "last crawls", ("id", "started", "finished", "why", "ended", "captures"), [
        tuple(row.values()) for row in archive["crawls"]
    ]  # fmt: skip
    visits = {visit["portal"]: visit for visit in archive["visits"]}
    portals = [
        (p["portal"], p["captures"], p["last_success"], "blocked" if p["blocked"] else "",
         *(visits.get(p["portal"], {}).get(name, "") for name in ("state", "due_at")),
         ", ".join(f"{n} {s}" for s, n in archive["frontier"].get(p["portal"], {}).items()))
        for p in archive["portals"]
    ]  # fmt: skip
    if portals:
        heads = ("portal", "captures", "last success", "now", "last visit", "due", "last round")
        yield "portals", heads, portals


def _mb(size: int | None) -> str:
    return f"{(size or 0) / 1e6:,.1f}"
