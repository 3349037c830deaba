"""Which numbers changed, from what to what, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from archive.capture import now
from archive.fact_rows import Key, Value
from archive.facts import FactsStore, Reading
from parsers.errors import ArchiveError

Cause = Literal["source", "parser", "patch"]
ChangeKind = Literal["changed", "added", "removed", "field", "edition"]
# Fields of a report whose change is told beside its numbers. Titles and dates move with every
# rebuild of a site and change no number.
TOLD = ("agency", "region_code", "year", "scope", "form")


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell in two readings; None is "not printed"."""

    key: Key
    old: Value | None
    new: Value | None

    @property
    def kind(self) -> ChangeKind:
        if self.old is None:
            return "added"
        return "removed" if self.new is None else "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """A recorded change with both of its readings."""

    run: int
    at: str
    cause: Cause
    kind: ChangeKind
    report: int | None
    agency: str
    year: int | None
    scope: str
    url: str
    section: str
    indicator: str
    column: str
    seq: int
    old: str | None
    new: str | None
    old_state: str | None
    new_state: str | None
    reason: str
    old_body: str
    new_body: str
    old_parser: str
    new_parser: str
    old_capture: int
    new_capture: int
    old_reading: int
    new_reading: int


ROWS = (
    "SELECT c.run, c.at, c.cause, c.kind, c.report, a.name, n.year, n.scope, c.url, c.section, "
    'c.indicator, c."column", c.seq, c.old, c.new, c.old_state, c.new_state, c.reason, o.body, '
    "n.body, o.parser, n.parser, o.capture, n.capture, o.id, n.id FROM changes c "
    "JOIN readings o ON o.id = c.old_reading JOIN readings n ON n.id = c.new_reading "
    "JOIN agencies a ON a.id = n.agency JOIN runs u ON u.id = c.run "
)
# Two copies of one report edited alike are one change of the report.
ONCE = (
    "NOT EXISTS (SELECT 1 FROM changes e WHERE e.id < c.id AND e.run = c.run AND e.cause = c.cause "
    "AND e.report = c.report AND e.section = c.section AND e.indicator = c.indicator "
    'AND e."column" = c."column" AND e.seq = c.seq AND e.old IS c.old AND e.new IS c.new)'
)
NAMES = tuple(ChangeRow.__dataclass_fields__)


def changes(
    data: Path,
    *,
    since: str | None = None,
    run: int | None = None,
    cause: Cause | None = None,
) -> list[ChangeRow]:
    """Recorded changes in order; `since` is an ISO date or instant.

    Those of a candidate or a refused run are no changes yet: only asking for that run shows them.
    """
    with FactsStore.reader(data) as facts:
        if run is not None and not facts.rows("SELECT 1 FROM runs WHERE id = ?", (run,)):
            raise ArchiveError(f"there is no run {run}")
        return listed(facts, since=since, run=run, cause=cause)


def listed(
    facts: FactsStore,
    *,
    since: str | None = None,
    run: int | None = None,
    cause: Cause | None = None,
    limit: int = -1,
) -> list[ChangeRow]:
    """The same from an open store; a negative limit is none."""
    rows = facts.rows(
        ROWS + f"WHERE {ONCE} AND (?1 IS NULL OR c.at >= ?1) AND (?2 IS NULL OR c.run = ?2) "
        "AND (?3 IS NULL OR c.cause = ?3) AND (?2 IS NOT NULL OR u.promoted IS NOT NULL) "
        "ORDER BY c.id LIMIT ?4",
        (since, run, cause, limit),
    )
    return [ChangeRow(**dict(zip(NAMES, row, strict=True))) for row in rows]


def differences(old: Mapping[Key, Value], new: Mapping[Key, Value]) -> Iterator[Difference]:
    """Cells that are not the same in both, in order of their keys."""
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if before is None or after is None or before.differs(after):
            yield Difference(key, before, after)


def record(facts: FactsStore, run: int, cause: Cause, old: Reading, new: Reading) -> int:
    """Writes what differs between a reading and the one that takes its place; how many cells."""
    found = list(differences(facts.values(old.id), facts.values(new.id)))
    at = now()
    rows = [
        (run, new.url, item.kind, cause, *item.key, *_sides(item), old.id, new.id, at)
        for item in found
    ]
    rows += [
        (
            run,
            new.url,
            "field",
            cause,
            "",
            name,
            "",
            0,
            *_fields(name, old, new),
            old.id,
            new.id,
            at,
        )
        for name in TOLD
        if getattr(old, name) != getattr(new, name)
    ]
    facts.db.conn.executemany(INSERT, rows)
    return len(found)


def record_edition(facts: FactsStore, run: int, cause: Cause, old: Reading, new: Reading) -> int:
    """Another copy speaks for a report from now on: the published numbers that move with it."""
    found = list(differences(facts.values(old.id), facts.values(new.id)))
    at = now()
    facts.db.conn.executemany(
        INSERT,
        [
            (run, new.url, "edition", cause, *item.key, *_sides(item), old.id, new.id, at)
            for item in found
        ],
    )
    return len(found)


def record_patch(
    facts: FactsStore,
    run: int,
    where: tuple[str, str],
    key: Key,
    sides: tuple[Value | None, Value | None],
    why: str,
) -> None:
    """A ruling comes (no old value), goes (no new one) or says another: what is printed stays."""
    old, new = sides
    ((reading,),) = facts.rows(
        "SELECT max(id) FROM readings WHERE url = ? AND body = ? "
        "AND (to_run IS NULL OR to_run > from_run)",
        where,
    )
    printed = facts.values(reading).get(key)
    item = Difference(key, old or printed, new or printed)
    row = (run, where[0], item.kind, "patch", *key, *_sides(item), reading, reading, now())
    added = facts.db.conn.execute(INSERT, row).lastrowid
    facts.rows("UPDATE changes SET reason = ? WHERE id = ?", (why, added))


INSERT = (
    'INSERT INTO changes (run, url, kind, cause, section, indicator, "column", seq, old, new, '
    f"old_state, new_state, old_reading, new_reading, at) VALUES ({', '.join('?' * 15)})"
)


def _sides(item: Difference) -> tuple[str | None, str | None, str | None, str | None]:
    """Old and new text, old and new state; the units too where nothing else differs."""
    old, new = item.old, item.new
    if old and new and (old.state, old.text) == (new.state, new.text):
        return (
            f"{old.text} {old.unit}".strip(),
            f"{new.text} {new.unit}".strip(),
            old.state,
            new.state,
        )
    return (
        old.text if old else None,
        new.text if new else None,
        old.state if old else None,
        new.state if new else None,
    )


def _fields(name: str, old: Reading, new: Reading) -> tuple[str | None, str | None, None, None]:
    before, after = getattr(old, name), getattr(new, name)
    return (
        None if before is None else str(before),
        None if after is None else str(after),
        None,
        None,
    )
