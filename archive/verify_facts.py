"""Fixity of facts.db: every sealed reading is hashed again, and held against the captures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from archive.capture import CaptureStore
from archive.facts import FILE, FactsStore
from archive.facts_schema import migrations
from archive.seals import broken, broken_runs, sealed
from archive.shape import faults, unsound
from archive.sqlite import sqlite3
from parsers.errors import ArchiveError, SchemaTooOld

STEP = 1_000
NAMED = (
    "SELECT r.url, a.name, r.year FROM readings r LEFT JOIN agencies a ON a.id = r.agency "
    "WHERE r.id = ?"
)
DIFFERS = "its numbers or its address are not what was read"
MOVED = "it or its changes are not what was recorded"
# Readings that are, or were, what the archive says.
SAID = "(to_run IS NULL OR to_run > from_run)"
READ = f"SELECT id, url, body, capture FROM readings WHERE id > ? AND {SAID} ORDER BY id LIMIT ?"
HELD = "SELECT id, body_sha256 FROM exchanges WHERE id IN (SELECT value FROM json_each(?))"
SEEN = (
    "SELECT id, counts ->> '$.captures' AS captures FROM runs WHERE captures > ? ORDER BY id DESC "
    "LIMIT 1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadReading:
    """A reading whose rows are not what was read, or whose page is not in capture.db."""

    id: int
    why: str
    url: str
    agency: str
    year: int | None
    mendable: bool  # its page is there to be read again


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsVerified:
    """What was looked at in facts.db, and what is damaged."""

    readings: int = 0
    bad: tuple[BadReading, ...] = ()
    structure: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def verify_facts(data: Path, captures: CaptureStore) -> FactsVerified:
    """Damage of this file is told and never ends the look at the other one."""
    if not (data / FILE).is_file():
        return FactsVerified()
    with ExitStack() as stack:
        try:
            facts = stack.enter_context(FactsStore.reader(data))
        except SchemaTooOld as error:
            return FactsVerified(notes=(f"not verified: {error}",))
        except ArchiveError as error:
            return FactsVerified(structure=(str(error),))
        return _verified(facts, captures)


def _verified(facts: FactsStore, captures: CaptureStore) -> FactsVerified:
    structure = [f"{FILE}: {fault}" for fault in faults(facts.db, migrations)]
    try:
        bad = (*_bad_seals(facts), *_without_page(facts, captures))
        ((unsealed,),) = facts.rows(f"SELECT count(*) FROM readings WHERE seal = '' AND {SAID}")
        ((readings,),) = facts.rows(f"SELECT count(*) FROM readings WHERE {SAID}")
        if older := cut(facts, captures):
            structure.append(older)
        structure += [f"{FILE}: run {run}: {MOVED}" for run in broken_runs(facts)]
        structure += [f"{FILE}: {line}" for line in unsound(facts.db.conn)]
    except (ArchiveError, sqlite3.DatabaseError) as error:
        return FactsVerified(structure=(*structure, f"{FILE}: {error}"))
    old = f"{unsealed} readings of an older release bear no seal: gongkai reparse --all seals them"
    return FactsVerified(
        readings=readings,
        bad=bad,
        structure=tuple(structure),
        notes=(old,) if unsealed else (),
    )


def _bad_seals(facts: FactsStore) -> Iterator[BadReading]:
    for reading in sealed(facts):
        if broken(facts, reading):
            yield _named(facts, reading, DIFFERS, mendable=True)


def _without_page(facts: FactsStore, captures: CaptureStore) -> Iterator[BadReading]:
    after = 0
    while rows := facts.rows(READ, (after, STEP)):
        after = rows[-1][0]
        numbers = json.dumps([row[3] for row in rows])
        held = dict(captures.db.conn.execute(HELD, (numbers,)).fetchall())
        for reading, _, body, capture in rows:
            if held.get(capture) != body:
                why = f"its page, capture {capture}, is not in capture.db"
                yield _named(facts, reading, why, mendable=False)


def _named(facts: FactsStore, reading: int, why: str, *, mendable: bool) -> BadReading:
    ((url, agency, year),) = facts.rows(NAMED, (reading,))
    return BadReading(
        id=reading, why=why, url=url, agency=agency or "", year=year, mendable=mendable
    )


def cut(facts: FactsStore, captures: CaptureStore) -> str:
    """What is wrong when fewer captures are there than a run saw: they are never deleted."""
    last = captures.last()
    for run, seen in facts.rows(SEEN, (last,)):
        return (
            f"capture.db ends with capture {last}, run {run} saw {seen}: it is an older copy, or "
            "its end is gone"
        )
    return ""
