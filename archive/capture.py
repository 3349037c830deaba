"""capture.db: every exchange as it was received, written once and never changed."""

from __future__ import annotations

import json
import platform
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from sqlite_utils import Database

from archive.bodies import Bodies
from archive.capture_schema import migrations
from archive.sqlite import (
    CAPTURE_ID,
    Lock,
    immediate,
    lock,
    open_reader,
    open_writer,
    plain_errors,
    sqlite3,
)
from archive.stored import FIELDS, INSERT, PLAIN, StoredCapture, seal, storable, stored
from parsers.errors import ArchiveError, MissingCapture
from parsers.model import Capture

FILE = "capture.db"
AHEAD = timedelta(hours=1)  # what a clock may be put right by
BATCH = 500
FLUSH = 1.0  # seconds between two moments at which the disk confirms what a crawl wrote
SOFTWARE = ("gongkai", "scrapy", "twisted", "sqlite-utils", "zstandard")


class CaptureStore:
    """One open capture.db; a writer holds its lock, readers see whole transactions only."""

    def __init__(self, path: Path, db: Database, held: Lock | None) -> None:
        self.path = path
        self.db = db
        self._lock = held
        self._bodies = Bodies(db.conn)
        self._flushed = -FLUSH

    @classmethod
    def open(cls, data: Path) -> Self:
        """The writer; the folder and the file are made when missing."""
        path = data / FILE
        _refuse_lost(data)
        held = lock(path)
        try:
            return cls(path, open_writer(path, CAPTURE_ID, migrations), held)
        except BaseException:
            held.release()
            raise

    @classmethod
    def reader(cls, data: Path) -> Self:
        """Read-only, also while a crawl writes."""
        path = data / FILE
        if not _filled(path):  # empty: killed while it was made
            _refuse_lost(data)
            raise MissingCapture(f"no archive in {data} yet: run gongkai crawl")
        return cls(path, open_reader(path, CAPTURE_ID, migrations), None)

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
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; caches that might name rolled-back rows go with it."""
        try:
            with immediate(self.db, self.path) as connection:
                yield connection
        except BaseException:
            self._bodies.forget()
            raise

    @contextmanager
    def flowing(self) -> Iterator[sqlite3.Connection]:
        """A transaction of a crawl under way: safe from a kill at once, from a power cut within
        FLUSH. Captures and frontier end at the same commit then, so what is lost is fetched again.

        An fsync of 7 ms for every commit would hold 300 hosts at 3 s up for longer than there is.
        """
        due = monotonic() - self._flushed >= FLUSH
        if not due:
            self.db.conn.execute("PRAGMA synchronous=NORMAL")
        try:
            with self.transaction() as connection:
                yield connection
        finally:
            if not due:
                self.db.conn.execute("PRAGMA synchronous=FULL")
        if due:
            self._flushed = monotonic()

    def begin_crawl(self, *, reason: str, settings: Mapping[str, object]) -> int:
        """A row that tells how to repeat what follows."""
        refuse_clock(self._rows("SELECT max(started) FROM crawls", ())[0][0], "a crawl began")
        with self.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO crawls (started, reason, software, settings) VALUES (?, ?, ?, ?)",
                (now(), reason, _json(_software()), _json(settings)),
            )
        return int(cursor.lastrowid or 0)

    def end_crawl(self, crawl: int, *, reason: str, stats: Mapping[str, object]) -> None:
        """Once; a crawl without an end was killed."""
        with self.transaction() as connection:
            cursor = connection.execute(
                "UPDATE crawls SET finished = ?, end_reason = ?, stats = ? "
                "WHERE id = ? AND finished IS NULL",
                (now(), reason, _json(stats), crawl),
            )
        if not cursor.rowcount:
            raise ArchiveError(f"there is no open crawl {crawl}")

    def record(self, capture: Capture, *, crawl: int, task: int | None = None) -> int:
        """Body, capture and (when given) the end of its frontier task, in one transaction."""
        with self.flowing() as connection:
            key = self._insert(connection, capture, crawl)
            if task is not None:
                _close_task(connection, task, key)
        return key

    def record_all(self, captures: Iterable[Capture], *, crawl: int) -> list[int]:
        """Many captures in one transaction, for imports: their input survives a crash."""
        with self.transaction() as connection:
            return [self._insert(connection, capture, crawl) for capture in captures]

    def last_good(
        self, url: str, method: str = "GET", request_body: bytes = b""
    ) -> StoredCapture | None:
        """The newest `ok` answer to this very request: the only kind that lends its validators."""
        return next(
            self._select(
                "id = (SELECT c.id FROM captures c JOIN urls u ON u.id = c.url WHERE u.url = ? "
                "AND c.method = ? AND c.request_body = ? AND c.outcome = 'ok' "
                "ORDER BY c.fetched_at DESC, c.id DESC LIMIT 1)",
                (storable(url), method, request_body),
            ),
            None,
        )

    def get(self, capture: int) -> StoredCapture:
        """The capture of that number."""
        known = capture < 2**63  # what SQLite can number
        found = next(self._select("id = ?", (capture,)), None) if known else None
        if found is None:
            raise MissingCapture(f"there is no capture {capture}")
        return found

    def body(self, sha256: str) -> bytes:
        """Verified on every read."""
        with plain_errors(self.path):
            return self._bodies.get(sha256)

    def captures(
        self, where: str = "1", parameters: Sequence[object] = (), *, after: int = 0
    ) -> Iterator[StoredCapture]:
        """Captures in order of arrival, selected by SQL over the fields of StoredCapture.

        Those that are there now: their numbers are noted first, then they are read in batches,
        because a cursor left open would make the writer's WAL grow without end.
        """
        keys = self._keys(f"id > ? AND ({where})", (after, *parameters))
        for start in range(0, len(keys), BATCH):
            batch = json.dumps(keys[start : start + BATCH].tolist())
            yield from self._select("id IN (SELECT value FROM json_each(?)) ORDER BY id", (batch,))

    def last(self) -> int:
        """The number of the newest capture: they are never deleted, so it never becomes less."""
        return int(self._rows("SELECT coalesce(max(id), 0) FROM captures", ())[0][0])

    def count(self, where: str = "1", parameters: Sequence[object] = ()) -> int:
        """How many `captures` would yield."""
        ((number,),) = self._rows(f"SELECT count(*) FROM exchanges WHERE {where}", parameters)
        return int(number)

    def _select(self, where: str, parameters: Sequence[object]) -> Iterator[StoredCapture]:
        sql = f"SELECT {', '.join(FIELDS)} FROM exchanges WHERE {where}"
        return (stored(row) for row in self._rows(sql, parameters))

    def _keys(self, where: str, parameters: Sequence[object]) -> array[int]:
        """Eight bytes each, so that millions fit."""
        with self._selecting():
            sql = f"SELECT id FROM exchanges WHERE {where} ORDER BY id"
            found = self.db.conn.execute(storable(sql), tuple(parameters))
            return array("q", (row[0] for row in found))

    def _rows(self, sql: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        with self._selecting():
            return self.db.conn.execute(storable(sql), tuple(parameters)).fetchall()

    @contextmanager
    def _selecting(self) -> Iterator[None]:
        """A condition that SQLite does not understand is the user's, and is told in one line."""
        with plain_errors(self.path):
            try:
                yield
            except (sqlite3.OperationalError, sqlite3.ProgrammingError) as error:
                if getattr(error, "sqlite_errorname", "SQLITE_ERROR") != "SQLITE_ERROR":
                    raise
                raise ArchiveError(f"cannot select captures: {error}") from error

    def _insert(self, connection: sqlite3.Connection, capture: Capture, crawl: int) -> int:
        body, sha256, size = self._keep_body(connection, capture)
        values = {name: _column(capture, name) for name in PLAIN}
        url, found_on = storable(capture.url), storable(capture.found_on)
        sealed = seal(
            values
            | {"crawl": crawl, "url": url, "found_on": found_on}
            | {"body_sha256": sha256, "body_size": size}
        )
        keys = (crawl, _url_key(connection, url), _url_key(connection, found_on), body, sealed)
        cursor = connection.execute(INSERT, (*keys, *values.values()))
        return int(cursor.lastrowid or 0)

    def _keep_body(
        self, connection: sqlite3.Connection, capture: Capture
    ) -> tuple[int | None, str | None, int | None]:
        """Row, digest and size of the body; a 304 stands for the body whose validators it drew."""
        if capture.body is None:
            if capture.outcome != "not-modified":
                return None, None, None
            sql = (
                "SELECT b.id, b.sha256, b.size FROM captures c JOIN bodies b ON b.id = c.body "
                "WHERE c.id = ?"
            )
            row = connection.execute(sql, (capture.revisit_of,)).fetchone()
            return row or (None, None, None)
        host = host_of(capture.url)
        if capture.outcome == "ok" and capture.decoded:
            self._bodies.offer_dictionary(host, capture.body, capture.fetched_at)
        key, sha256 = self._bodies.put(capture.body, host)
        return key, sha256, len(capture.body)


def now() -> str:
    """UTC, RFC 3339 with milliseconds and Z: the one form of time in this file."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def refuse_clock(last: str | None, what: str) -> None:
    """The newest page and what was said on a day are told by our clock alone."""
    if last and datetime.now(UTC) < datetime.fromisoformat(last) - AHEAD:
        raise ArchiveError(
            f"the clock of this machine says {now()}, but {what} at {last}: set the clock"
        )


def host_of(url: str) -> str:
    """The host a body shares its dictionary with; "" for what is no address."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _column(capture: Capture, name: str) -> str | bytes | int | None:
    value: str | bytes | bool | int | None = getattr(capture, name)
    if isinstance(value, bool):
        return int(value)
    return storable(value) if isinstance(value, str) else value


def _url_key(connection: sqlite3.Connection, url: str) -> int | None:
    if not url:
        return None
    row = connection.execute("SELECT id FROM urls WHERE url = ?", (url,)).fetchone()
    if row is not None:
        return int(row[0])
    cursor = connection.execute("INSERT INTO urls (url, host) VALUES (?, ?)", (url, host_of(url)))
    return cursor.lastrowid


def _refuse_lost(data: Path) -> None:
    """Facts without captures: a new file in place of the lost one would hide the loss."""
    path, facts = data / FILE, data / "facts.db"
    if not _filled(path) and _filled(facts):
        state = "empty" if path.is_file() else "gone"
        raise ArchiveError(
            f"{path} is {state}, but {facts} was read from it: bring it back from a backup, or "
            "move both away to begin anew"
        )


def _filled(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _close_task(connection: sqlite3.Connection, task: int, capture: int) -> None:
    cursor = connection.execute(
        "UPDATE frontier SET state = 'done', retry_at = NULL, capture = ? WHERE id = ?",
        (capture, task),
    )
    if not cursor.rowcount:
        raise ArchiveError(f"there is no task {task}")


def _json(value: Mapping[str, object]) -> str:
    """Settings hold paths and classes too; what JSON does not know is written as its text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _software() -> dict[str, str]:
    known = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    for name in SOFTWARE:
        try:
            known[name] = version(name)
        except PackageNotFoundError:
            continue
    return known
