"""facts.db: what was read from the captures, as spans over runs; rebuildable but for history."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from sqlite_utils import Database

from archive.capture import now, refuse_clock
from archive.fact_rows import TOLD, Kept, Key, Row, Value, as_json, value_of
from archive.facts_schema import migrations
from archive.sqlite import (
    FACTS_ID,
    Lock,
    immediate,
    lock,
    open_reader,
    open_writer,
    plain_errors,
    sqlite3,
)
from archive.stored import storable
from parsers.errors import ArchiveError

FILE = "facts.db"
SOFTWARE = ("gongkai", "selectolax", "lxml", "beautifulsoup4", "pdfplumber", "sqlite-utils")
TOGETHER = 50  # rows a statement: each run of one makes the lists of its CHECKs anew
PageStatus = Literal["read", "crashed", "timeout", "damaged", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a reading was made from."""

    url: str
    body: str
    capture: int
    captured_at: str
    portal: str
    media: str
    pictures: tuple[str, ...] = ()  # digests of those that the page shows as its own pages


@dataclass(frozen=True, slots=True)
class Seen:
    """The parser that read a body last, how that went, and with which pictures."""

    parser: str = ""
    state: PageStatus = "read"
    pictures: tuple[str, ...] = ()


UNSEEN = Seen()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An open span: enough of it to decide whether a new reading takes its place."""

    id: int
    url: str
    body: str
    output_sha256: str
    facts: int
    agency: str
    region_code: str
    year: int | None
    scope: str
    form: str


READING = (
    "SELECT r.id, r.url, r.body, r.output_sha256, r.facts, a.name AS agency, a.region_code, "
    "r.year, r.scope, r.form FROM readings r JOIN agencies a ON a.id = r.agency "
)

# In force and not to be replaced, or proposed and not replaced by a later proposal.
HELD = (
    READING + "WHERE r.url = ?1 AND r.to_run IS NULL "
    "AND r.id NOT IN (SELECT replaces FROM proposals WHERE url = ?1 AND replaces IS NOT NULL) "
    "UNION ALL " + READING + "WHERE r.id IN (SELECT reading FROM proposals WHERE url = ?1) "
    "AND r.id NOT IN (SELECT replaces FROM proposals WHERE url = ?1 AND replaces IS NOT NULL) "
    "ORDER BY 1"
)


class FactsStore:
    """One open facts.db; a writer holds its lock."""

    def __init__(self, path: Path, db: Database, held: Lock | None) -> None:
        self.path = path
        self.db = db
        self._lock = held

    @classmethod
    def open(cls, data: Path) -> Self:
        """The writer; NORMAL, because facts can be made again."""
        path = data / FILE
        held = lock(path)
        try:
            return cls(path, open_writer(path, FACTS_ID, migrations, synchronous="NORMAL"), held)
        except BaseException:
            held.release()
            raise

    @classmethod
    def reader(cls, data: Path) -> Self:
        """Read-only, also while a reparse writes."""
        path = data / FILE
        if not path.is_file():
            raise ArchiveError(f"nothing was read in {data} yet: run gongkai reparse")
        return cls(path, open_reader(path, FACTS_ID, migrations), None)

    @classmethod
    def scratch(cls) -> Self:
        """An empty store in memory, for a dry run before the first real one."""
        db = Database(sqlite3.connect(":memory:", isolation_level=None), execute_plugins=False)
        migrations.apply(db)
        return cls(Path(":memory:"), db, None)

    def close(self) -> None:
        """Gives the lock back, whatever the disk says."""
        try:
            self.db.close()
        finally:
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; inside an open transaction (a dry run) it joins that one."""
        if self.db.conn.in_transaction:
            yield
            return
        with immediate(self.db, self.path):
            yield

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query; no cursor stays open."""
        with plain_errors(self.path):
            return self.db.conn.execute(sql, tuple(parameters)).fetchall()

    def begin_run(self, *, reason: str, parser: str, selection: Mapping[str, object]) -> int:
        """A run without an end was killed; the next one says so."""
        refuse_clock(self.rows("SELECT max(started) FROM runs")[0][0], "a run began")
        with self.transaction():
            self.rows("UPDATE runs SET state = 'interrupted' WHERE state = 'running'")
            cursor = self.db.conn.execute(
                "INSERT INTO runs (started, state, reason, parser, software, selection, counts, "
                "error) VALUES (?, 'running', ?, ?, ?, ?, '{}', '')",
                (now(), reason, parser, as_json(_software()), as_json(selection)),
            )
        return int(cursor.lastrowid or 0)

    def end_run(
        self,
        run: int,
        state: Literal["finished", "failed"],
        counts: Mapping[str, object],
        error: str = "",
    ) -> None:
        """Failed runs are kept too."""
        with self.transaction():
            self.rows(
                "UPDATE runs SET finished = ?, state = ?, counts = ?, error = ? WHERE id = ?",
                (now(), state, as_json(counts), storable(error), run),
            )

    def count(self, run: int, counts: Mapping[str, object]) -> None:
        """What a run came to, when it is known."""
        with self.transaction():
            self.rows("UPDATE runs SET counts = ? WHERE id = ?", (as_json(counts), run))

    def seen(self, url: str) -> dict[str, Seen]:
        """What was read of each body of an address last."""
        sql = "SELECT body, parser, status, pictures FROM pages WHERE url = ?"
        return {
            body: Seen(parser, state, tuple(pictures.split()))
            for body, parser, state, pictures in self.rows(sql, (url,))
        }

    def mark(
        self, source: Source, run: int, parser: str, state: PageStatus, error: str = ""
    ) -> None:
        """Remembers that this parser has seen this body here."""
        self.rows(
            "INSERT INTO pages (url, body, capture, first_run, run, parser, status, error, "
            "pictures) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url, body) DO UPDATE SET "
            "run = excluded.run, parser = excluded.parser, status = excluded.status, "
            "error = excluded.error, pictures = excluded.pictures",
            (
                source.url,
                source.body,
                source.capture,
                run,
                run,
                parser,
                state,
                storable(error),
                " ".join(source.pictures),
            ),
        )

    def open_readings(self, url: str) -> list[Reading]:
        """What is held of the bodies of one address, oldest first, the candidate's included."""
        return [_reading(row) for row in self.rows(HELD, (url,))]

    def reading(self, key: int) -> Reading:
        """The reading of that number."""
        return _reading(self.rows(READING + "WHERE r.id = ?", (key,))[0])

    def values(self, reading: int) -> dict[Key, Value]:
        """The facts of a reading as compared."""
        sql = (
            'SELECT section, indicator, "column", seq, state, value, exact, raw, unit '
            "FROM facts WHERE reading = ?"
        )
        return {tuple(row[:4]): value_of(*row[4:]) for row in self.rows(sql, (reading,))}

    def add_reading(
        self, source: Source, rows: Kept, digest: str, run: int, parser: str
    ) -> Reading:
        """Everything the report holds, as an empty span: a candidate until its run is promoted."""
        agency = self._agency(rows.agency, rows.region_code)
        cursor = self.db.conn.execute(INSERT_READING, (
            source.url, source.body, digest, run, run, source.capture, source.captured_at,
            source.portal, source.media, parser, agency, *rows.told,
        ))  # fmt: skip
        key = int(cursor.lastrowid or 0)
        self.write(key, rows)
        return self.reading(key)

    def write(self, reading: int, rows: Kept) -> None:
        """The rows of a reading."""
        for table, content in rows.content.items():
            for start in range(0, len(content), TOGETHER):
                self._insert(table, reading, content[start : start + TOGETHER])

    def _insert(self, table: str, key: int, rows: Sequence[Row]) -> None:
        marks = ", ".join("?" * (len(rows[0]) + 1))
        self.db.conn.execute(
            f"INSERT INTO {table} VALUES {', '.join([f'({marks})'] * len(rows))}",
            [cell for row in rows for cell in (key, *row)],
        )

    def know(self, portal: str, agency: str, region_code: str, since: int | None) -> None:
        """The body of a portal, for the years in which nothing of it is found."""
        self.rows(
            "INSERT INTO agencies (name, region_code, portal, since) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (name, region_code) DO UPDATE SET portal = excluded.portal, "
            "since = excluded.since",
            (storable("".join(agency.split())), region_code, portal, since),
        )

    def _agency(self, name: str, region_code: str) -> int:
        """An agency is its name without white space, in its region."""
        sql = "SELECT id FROM agencies WHERE name = ? AND region_code = ?"
        if known := self.rows(sql, (name, region_code)):
            return int(known[0][0])
        added = self.db.conn.execute(
            "INSERT INTO agencies (name, region_code) VALUES (?, ?)", (name, region_code)
        )
        return int(added.lastrowid or 0)


FROM = (
    "url", "body", "output_sha256", "from_run", "to_run", "capture", "captured_at", "portal",
    "media", "parser", "agency",
)  # fmt: skip
INSERT_READING = (
    f"INSERT INTO readings ({', '.join((*FROM, *TOLD))}) "
    f"VALUES ({', '.join('?' * len((*FROM, *TOLD)))})"
)


def _reading(row: Sequence[Any]) -> Reading:
    names = ("id", "url", "body", "output_sha256", "facts", "agency", "region_code")
    return Reading(**dict(zip((*names, "year", "scope", "form"), row, strict=True)))


def _software() -> dict[str, str]:
    """What a reading may depend on besides our own code: the tree builders above all."""
    known = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    for name in SOFTWARE:
        try:
            known[name] = version(name)
        except PackageNotFoundError:
            continue
    return known
