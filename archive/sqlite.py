"""SQLite as the archive uses it: one library, one writer a file, and errors that fit on one line.

Nothing else may import `sqlite3`: two SQLite libraries on one file drop each other's locks, and
sqlite-utils takes `pysqlite3` by itself when it is installed.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Literal, Self
from weakref import WeakSet

from sqlite_utils import Database, Migrations
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # theirs, or pysqlite3

from parsers.errors import (
    ArchiveError,
    GongkaiError,
    Locked,
    SchemaTooNew,
    SchemaTooOld,
    Unwritable,
)

__all__ = [
    "CAPTURE_ID",
    "FACTS_ID",
    "PUBLISHED_ID",
    "Lock",
    "immediate",
    "lock",
    "open_reader",
    "open_writer",
    "plain_errors",
    "read_uri",
    "sqlite3",
]

# One `application_id` a file: "gkC1", "gkF1", "gkP1".
CAPTURE_ID = 0x676B4331
FACTS_ID = 0x676B4631
PUBLISHED_ID = 0x676B5031
NAMES = {CAPTURE_ID: "captures", FACTS_ID: "facts", PUBLISHED_ID: "the published copy"}

UNWRITABLE = frozenset({"FULL", "READONLY", "CANTOPEN", "PERM", "IOERR", "TOOBIG", "NOLFS"})
BUSY = frozenset({"BUSY", "LOCKED"})
DAMAGED = frozenset({"CORRUPT", "NOTADB", "FORMAT"})
REASONS = {
    "FULL": "the disk is full",
    "READONLY": "it may not be written",
    "CANTOPEN": "it may not be opened, or is no file",
    "PERM": "access is denied",
    "IOERR": "the disk reports an error",
    "TOOBIG": "a body is larger than SQLite can hold",
    "NOTADB": "it is no SQLite file",
}
STATEMENTS = 1000  # prepared ones kept: an insert of many rows is another for each number of rows
WAL_INDEX = 1 << 16  # bytes that a WAL needs beside itself, and some more
VERBS = {"CANTOPEN": "open", "IOERR": "read or write"}


class Lock:
    """An flock held until `release` or the death of the process, never by its children."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor: int | None = descriptor
        _held.add(self)

    def release(self) -> None:
        """Closing gives the flock back; the file stays, because removing it would race."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


_held: WeakSet[Lock] = WeakSet()


def _drop_in_child() -> None:
    """A forked worker that outlives its parent must not keep the parent's lock."""
    for held in list(_held):
        held.release()


os.register_at_fork(after_in_child=_drop_in_child)


def lock(path: Path) -> Lock:
    """The right to write `path`; Locked names the process that has it."""
    with plain_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with plain_errors(path):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    except BlockingIOError:
        holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
        os.close(descriptor)
        raise Locked(f"{path} is being written by process {holder or '?'}") from None
    except BaseException:
        os.close(descriptor)
        raise
    return Lock(path, descriptor)


def open_writer(
    path: Path,
    application_id: int,
    migrations: Migrations,
    *,
    synchronous: Literal["FULL", "NORMAL"] = "FULL",
) -> Database:
    """The one writing connection of a file, created and migrated; take `lock(path)` first.

    FULL for what cannot be made again, NORMAL for what can.
    """
    with plain_errors(path):
        db = _connect(path, f"file:{_quoted(path)}?mode=rwc")
        try:
            _claim(db, path, application_id)
            _refuse_newer(db, path, migrations)
            _set_pragmas(db, synchronous)
            migrations.apply(db)
        except BaseException:
            db.close()
            raise
    return db


def open_reader(path: Path, application_id: int, migrations: Migrations | None = None) -> Database:
    """A read-only connection; no lock is needed and none is taken."""
    if not path.is_file():
        raise ArchiveError(f"there is no {path}")
    with plain_errors(path):
        db = _connect(path, read_uri(path))
        try:
            db.conn.execute("PRAGMA busy_timeout=10000")
            _recognise(db, path, application_id)
            if migrations is not None:
                _refuse_newer(db, path, migrations)
                _refuse_older(db, path, migrations)
        except BaseException:
            db.close()
            raise
    return db


@contextmanager
def immediate(db: Database, path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction that holds the write lock from its first statement; all or nothing.

    A deferred BEGIN that reads before it writes fails with SQLITE_BUSY_SNAPSHOT at once.
    """
    with plain_errors(path):
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield db.conn
            db.conn.execute("COMMIT")
        except BaseException:
            # A full disk may have ended the transaction already.
            if db.conn.in_transaction:
                db.conn.execute("ROLLBACK")
            raise


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """What the system or SQLite refuses becomes an ArchiveError; a misuse of SQL stays a bug."""
    try:
        yield
    except sqlite3.Error as error:
        told = _told(error, path)
        if told is None:
            raise
        raise told from error
    except OSError as error:
        raise Unwritable(f"cannot write {path}: {_os_reason(error)}") from error


def _told(error: sqlite3.Error, path: Path) -> GongkaiError | None:
    name = str(getattr(error, "sqlite_errorname", "")).removeprefix("SQLITE_")
    family = name.split("_")[0]
    reason = f"{REASONS.get(family, 'SQLite says')} ({error})"
    if family in UNWRITABLE:
        verb = VERBS.get(family, "write")
        return Unwritable(f"cannot {verb} {path}: {_disk_reason(path, family) or reason}")
    if family in BUSY:
        return Locked(f"{path} is being written by another program")
    if family in DAMAGED:
        return ArchiveError(f"cannot read {path}: {reason}")
    if not name and isinstance(error, sqlite3.OperationalError):
        return ArchiveError(f"cannot read {path}: {error}")  # text that is no UTF-8: no code
    return None


def _disk_reason(path: Path, family: str) -> str:
    """SQLite reports a full disk as an I/O error when it was the WAL index that did not fit."""
    if family == "FULL":
        return REASONS["FULL"]
    if family != "IOERR" or not path.parent.is_dir():
        return ""
    return REASONS["FULL"] if _full(path.parent) else ""


def _os_reason(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return REASONS["FULL"]
    return f"{error.strerror or error}".lower()


def _quoted(path: Path) -> str:
    return path.absolute().as_uri().removeprefix("file://")


def read_uri(path: Path) -> str:
    """Where the index of a WAL may not or cannot be made, a file at rest opens as immutable."""
    at_rest = not path.with_name(path.name + "-wal").exists()
    shut = not os.access(path.parent, os.W_OK) or _full(path.parent)
    return f"file:{_quoted(path)}?mode=ro{'&immutable=1' if at_rest and shut else ''}"


def _full(folder: Path) -> bool:
    return shutil.disk_usage(folder).free < WAL_INDEX


def _connect(path: Path, uri: str) -> Database:
    connection = sqlite3.connect(
        uri, uri=True, isolation_level=None, timeout=10, cached_statements=STATEMENTS
    )
    try:
        return Database(connection, execute_plugins=False)
    except BaseException:
        connection.close()
        raise


def _claim(db: Database, path: Path, application_id: int) -> None:
    """An empty file becomes ours; any other must be ours already."""
    used = db.conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    stamp = db.conn.execute("PRAGMA application_id").fetchone()[0]
    if not used and not stamp:
        db.conn.execute(f"PRAGMA application_id={application_id}")
    _recognise(db, path, application_id)


def _recognise(db: Database, path: Path, application_id: int) -> None:
    stamp = db.conn.execute("PRAGMA application_id").fetchone()[0]
    if stamp == application_id:
        return
    found = f"it holds {NAMES[stamp]}" if stamp in NAMES else "it is not a file of gongkai"
    raise ArchiveError(f"{path} is not the file for {NAMES[application_id]}: {found}")


def _refuse_newer(db: Database, path: Path, migrations: Migrations) -> None:
    with closing(Database(memory=True, execute_plugins=False)) as empty:
        known = {migration.name for migration in migrations.pending(empty)}
    unknown = [step.name for step in migrations.applied(db) if step.name not in known]
    if unknown:
        raise SchemaTooNew(f"{path} was written by a newer gongkai (it has {unknown[-1]!r})")


def _refuse_older(db: Database, path: Path, migrations: Migrations) -> None:
    if migrations.pending(db):
        raise SchemaTooOld(f"{path} is of an older gongkai: gongkai reparse carries it over")


def _set_pragmas(db: Database, synchronous: str) -> None:
    for pragma in (
        "journal_mode=WAL",
        f"synchronous={synchronous}",
        "busy_timeout=10000",
        "foreign_keys=ON",
        f"journal_size_limit={64 << 20}",
    ):
        db.conn.execute(f"PRAGMA {pragma}").fetchall()
