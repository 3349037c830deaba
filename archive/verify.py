"""Fixity: SQLite's own check notices no flipped byte inside a body, re-hashing notices all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from archive.bodies import Bodies
from archive.capture import FILE, CaptureStore
from archive.capture_schema import migrations
from archive.shape import faults, unsound
from archive.sqlite import plain_errors, sqlite3
from archive.stored import FIELDS, seal
from archive.verify_facts import BadReading, verify_facts
from parsers.errors import ArchiveError, DigestMismatch, MissingCapture

STEP = 1_000
T = TypeVar("T")
Progress = Callable[[int, int], None]  # done, total


@dataclass(frozen=True, slots=True, kw_only=True)
class BadBody:
    """A body that can no longer be given out, and what was received with it."""

    sha256: str
    why: str
    urls: tuple[str, ...]
    captures: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadCapture:
    """A capture whose row is no longer what was written."""

    id: int
    why: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BadDictionary:
    """A dictionary gone takes the bodies of its host with it."""

    host: str
    why: str
    bodies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifySummary:
    """What was looked at, and everything that is damaged."""

    bodies: int
    captures: int
    dictionaries: int
    bad: tuple[BadBody, ...]
    bad_captures: tuple[BadCapture, ...]
    bad_dictionaries: tuple[BadDictionary, ...]
    structure: tuple[str, ...]  # what SQLite's own check says, without "ok"; what is gone
    readings: int = 0
    bad_readings: tuple[BadReading, ...] = ()
    notes: tuple[str, ...] = ()  # what could not be looked at, and is no damage

    @property
    def ok(self) -> bool:
        """Nothing is damaged."""
        return not (
            self.bad
            or self.bad_captures
            or self.bad_dictionaries
            or self.structure
            or self.bad_readings
        )

    def told(self) -> Iterator[str]:
        """One line for each damage, with the addresses that it touches."""
        for host in self.bad_dictionaries:
            yield f"dictionary of {host.host}, {host.bodies} bodies: {host.why}"
        for body in self.bad:
            yield f"body {body.sha256 or '?'}: {body.why}: {' '.join(body.urls)}"
        for row in self.bad_captures:
            yield f"capture {row.id}: {row.why}: {row.url}"
        for read in self.bad_readings:
            yield f"reading {read.id}, {read.agency} {read.year or '?'}: {read.why}: {read.url}"
        for line in self.structure:
            yield f"structure: {line}"
        if any(read.mendable for read in self.bad_readings):
            yield "gongkai reparse --all writes damaged numbers anew from their pages"
        yield from self.notes


def verify(data: Path, *, progress: Progress | None = None) -> VerifySummary:
    """Hashes bodies, dictionaries, captures and readings again; reads only, also beside writers."""
    with CaptureStore.reader(data) as store:
        gone = tuple(f"{FILE}: {fault}" for fault in faults(store.db, migrations))
        if any(fault.startswith(f"{FILE}: table ") for fault in gone):
            raise ArchiveError(f"{store.path} is damaged: {'; '.join(gone)}")
        found = _Verifier(store, progress).run()
        facts = verify_facts(data, store)
    return replace(
        found,
        structure=(*gone, *found.structure, *facts.structure),
        readings=facts.readings,
        bad_readings=facts.bad,
        notes=facts.notes,
    )


class _Verifier:
    """One walk over the file; damage in one row never ends it."""

    def __init__(self, store: CaptureStore, progress: Progress | None) -> None:
        self._store = store
        self._path = store.path
        self._connection = store.db.conn
        self._bodies = Bodies(store.db.conn)
        self._progress = progress
        self._done = 0
        self._total = 0

    def run(self) -> VerifySummary:
        dictionaries, bodies, captures = (
            self._last(table) for table in ("dictionaries", "bodies", "captures")
        )
        self._total = dictionaries + bodies + captures
        return VerifySummary(
            dictionaries=dictionaries,
            bodies=bodies,
            captures=captures,
            bad_dictionaries=tuple(self._bad_dictionaries(dictionaries)),
            bad=tuple(self._bad_bodies(bodies)),
            bad_captures=tuple(self._bad_captures(captures)),
            structure=tuple(unsound(self._connection)),
        )

    def _last(self, table: str) -> int:
        """Rows are never deleted, so the last number is the count: a hole is damage."""
        with plain_errors(self._path):
            row = self._connection.execute(f"SELECT max(id) FROM {table}").fetchone()
        return int(row[0] or 0)

    def _keys(self, last: int) -> Iterator[int]:
        for key in range(1, last + 1):
            yield key
            self._done += 1
            if self._progress and (self._done % STEP == 0 or self._done == self._total):
                self._progress(self._done, self._total)

    def _bad_dictionaries(self, last: int) -> Iterator[BadDictionary]:
        for key in self._keys(last):
            if why := self._damage(self._check_dictionary, key):
                host = self._ask("SELECT host FROM dictionaries WHERE id = ?", key)
                bodies = self._ask("SELECT count(*) FROM bodies WHERE dictionary = ?", key)
                yield BadDictionary(host=_first(host, ""), why=why, bodies=_first(bodies, 0))

    def _bad_bodies(self, last: int) -> Iterator[BadBody]:
        sql = (
            "SELECT captures.id, urls.url FROM captures JOIN urls ON urls.id = captures.url "
            "WHERE body = ? ORDER BY captures.id"
        )
        for key in self._keys(last):
            if why := self._damage(self._check_body, key):
                sha256 = self._ask("SELECT sha256 FROM bodies WHERE id = ?", key)
                touched = self._ask(sql, key)
                yield BadBody(
                    sha256=_first(sha256, ""),
                    why=why,
                    urls=tuple(dict.fromkeys(url for _, url in touched)),
                    captures=tuple(capture for capture, _ in touched),
                )

    def _bad_captures(self, last: int) -> Iterator[BadCapture]:
        for key in self._keys(last):
            if why := self._damage(self._check_capture, key):
                url = self._ask("SELECT url FROM exchanges WHERE id = ?", key)
                yield BadCapture(id=key, why=why, url=_first(url, ""))

    def _check_dictionary(self, key: int) -> None:
        self._bodies.dictionary(key)

    def _check_body(self, key: int) -> None:
        row = self._connection.execute("SELECT sha256 FROM bodies WHERE id = ?", (key,)).fetchone()
        if row is None:
            raise MissingCapture("the row is gone")
        self._bodies.get(row[0])

    def _check_capture(self, key: int) -> None:
        sql = f"SELECT {', '.join(FIELDS)}, seal FROM exchanges WHERE id = ?"
        row = self._connection.execute(sql, (key,)).fetchone()
        if row is None:
            raise MissingCapture("the row, its address or its crawl is gone")
        *values, printed = row
        if seal(dict(zip(FIELDS, values, strict=True))) != printed:
            raise DigestMismatch("the row differs from its seal")

    def _damage(self, check: Callable[[int], None], key: int) -> str:
        try:
            check(key)
        except (ArchiveError, sqlite3.DatabaseError) as error:
            return str(error)
        return ""

    def _ask(self, sql: str, key: int) -> list[tuple[Any, ...]]:
        """What can still be read of a damaged row."""
        try:
            return self._connection.execute(sql, (key,)).fetchall()
        except sqlite3.DatabaseError:
            return []


def _first(rows: list[tuple[Any, ...]], default: T) -> T:
    return rows[0][0] if rows else default
