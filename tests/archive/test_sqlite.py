"""Files refused with one line, and locks that die with their holder."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from archive.sqlite import (
    CAPTURE_ID,
    FACTS_ID,
    immediate,
    lock,
    open_reader,
    open_writer,
    plain_errors,
    sqlite3,
)
from parsers.errors import ArchiveError, Locked, SchemaTooNew, Unwritable

first = Migrations("notes")
both = Migrations("notes")


@first()
@both()
def notes(db: Database) -> None:
    db.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")


@both()
def authors(db: Database) -> None:
    db.execute("CREATE TABLE authors (name TEXT) STRICT")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notes 100%.db"


def written(path: Path, migrations: Migrations = first) -> Path:
    open_writer(path, CAPTURE_ID, migrations).close()
    return path


def interrupted_after(_: object) -> KeyboardInterrupt:
    return KeyboardInterrupt()


def one_line(error: BaseException) -> str:
    assert "\n" not in str(error)
    return str(error)


def test_a_writer_is_durable(path: Path) -> None:
    db = open_writer(path, CAPTURE_ID, first)
    pragmas = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys", "page_size")
    found = [db.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
    db.close()
    assert found == ["wal", 2, 10_000, 1, 4096]


def test_the_file_of_another_room_is_refused_and_untouched(path: Path) -> None:
    before = written(path).read_bytes()
    for opening in (
        lambda: open_writer(path, FACTS_ID, first),
        lambda: open_reader(path, FACTS_ID),
    ):
        with pytest.raises(ArchiveError, match="is not the file for facts: it holds captures"):
            opening()
    assert path.read_bytes() == before


def test_a_foreign_database_is_refused_and_untouched(path: Path) -> None:
    Database(path).execute("CREATE TABLE theirs (a)").connection.close()
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match="not a file of gongkai"):
        open_writer(path, CAPTURE_ID, first)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"<html>" * 1000)
    with pytest.raises(ArchiveError, match="it is no SQLite file") as caught:
        open_writer(path, CAPTURE_ID, first)
    assert str(path) in one_line(caught.value)


def test_a_newer_file_is_refused_by_writer_and_reader(path: Path) -> None:
    written(path, both)
    for opening in (
        lambda: open_writer(path, CAPTURE_ID, first),
        lambda: open_reader(path, CAPTURE_ID, first),
    ):
        with pytest.raises(SchemaTooNew, match="newer gongkai"):
            opening()


def test_an_older_file_is_migrated_by_a_writer_and_named_by_a_reader(path: Path) -> None:
    written(path, first)
    with pytest.raises(ArchiveError, match="older gongkai: gongkai reparse"):
        open_reader(path, CAPTURE_ID, both)
    written(path, both)
    open_reader(path, CAPTURE_ID, both).close()


def test_a_missing_file_is_named(path: Path) -> None:
    with pytest.raises(ArchiveError, match="there is no"):
        open_reader(path, CAPTURE_ID)


def test_a_reader_cannot_write(path: Path) -> None:
    db = open_reader(written(path), CAPTURE_ID)
    with pytest.raises(Unwritable, match="may not be written"), plain_errors(path):
        db.conn.execute("DELETE FROM notes")
    db.close()


def test_a_transaction_is_all_or_nothing(path: Path) -> None:
    db = open_writer(path, CAPTURE_ID, first)
    half = "INSERT INTO notes (text) VALUES ('half')"
    with pytest.raises(KeyboardInterrupt), immediate(db, path) as connection:
        raise interrupted_after(connection.execute(half))
    assert db["notes"].count == 0
    with immediate(db, path) as connection:
        connection.execute("INSERT INTO notes (text) VALUES ('whole')")
    db.close()
    assert [row["text"] for row in Database(path)["notes"].rows] == ["whole"]


def test_a_foreign_writer_in_the_middle_is_a_lock(path: Path) -> None:
    written(path)
    mine = open_writer(path, CAPTURE_ID, first)
    other = open_writer(path, CAPTURE_ID, first)
    mine.conn.execute("PRAGMA busy_timeout=0")
    with (
        immediate(other, path),
        pytest.raises(Locked, match="another program"),
        immediate(mine, path),
    ):
        pass
    mine.close()
    other.close()


def test_misused_sql_stays_a_bug(path: Path) -> None:
    db = open_writer(path, CAPTURE_ID, first)
    with pytest.raises(sqlite3.IntegrityError), immediate(db, path) as connection:
        connection.execute("INSERT INTO notes (text) VALUES (NULL)")
    db.close()


def test_text_that_is_no_utf8_is_damage(path: Path) -> None:
    db = open_writer(path, CAPTURE_ID, first)
    db.conn.execute("INSERT INTO notes (text) VALUES (CAST(x'ff' AS TEXT))")
    with pytest.raises(ArchiveError, match="cannot read"), plain_errors(path):
        db.conn.execute("SELECT text FROM notes").fetchall()
    db.close()


def test_the_second_process_learns_who_holds_the_lock(path: Path) -> None:
    script = "import sys; from pathlib import Path; from archive.sqlite import lock\n"
    script += "held = lock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(Locked, match=f"written by process {child.pid}$"):
            lock(path)
        child.kill()
        child.wait()
        lock(path).release()


def test_a_forked_child_does_not_inherit_the_lock(path: Path) -> None:
    held = lock(path)
    ready, go = os.pipe(), os.pipe()
    child = os.fork()
    if not child:  # it waits, as a worker that outlives its parent would
        os.write(ready[1], b"x")
        os.read(go[0], 1)
        os._exit(0)
    os.read(ready[0], 1)
    held.release()
    lock(path).release()
    os.write(go[1], b"x")
    os.waitpid(child, 0)
    for end in (*ready, *go):
        os.close(end)


def test_a_lock_is_released_once(path: Path) -> None:
    with lock(path) as held:
        held.release()
    held.release()


def test_a_folder_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(Unwritable) as caught:
        lock(tmp_path / "data" / "capture.db")
    assert one_line(caught.value).endswith(("file exists", "not a directory"))


def test_a_file_that_is_a_folder_cannot_be_written(path: Path) -> None:
    path.mkdir()
    with pytest.raises(Unwritable, match="cannot open"):
        open_writer(path, CAPTURE_ID, first)


def test_a_read_only_disk_is_named_and_still_read(small_disk: Path) -> None:
    path = written(small_disk / "notes.db")
    remount(small_disk, "ro")
    try:
        with pytest.raises(Unwritable, match="read-only file system"):
            lock(path)
        with pytest.raises(Unwritable, match="cannot open"):
            open_writer(path, CAPTURE_ID, both)
        open_reader(path, CAPTURE_ID, first).close()
    finally:
        remount(small_disk, "rw")


def test_a_disk_that_is_full_already_is_named(small_disk: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        (small_disk / "filler").write_bytes(bytes(4 << 20))
    for _ in range(2):  # the failed attempt keeps no lock
        with pytest.raises(Unwritable, match=r"the disk is full$"):
            lock(small_disk / "notes.db")


def test_an_error_of_the_disk_is_one_line(path: Path) -> None:
    """A limit on the length of files stands for a disk that fails in the middle of a write."""
    db = open_writer(path, CAPTURE_ID, first)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
    try:
        with pytest.raises(Unwritable, match="the disk reports an error") as caught:
            long_note(db, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "\n" not in str(caught.value)
    assert db["notes"].count == 0
    db.close()


def long_note(db: Database, path: Path) -> None:
    with immediate(db, path) as connection:
        connection.execute("INSERT INTO notes (text) VALUES (hex(zeroblob(400000)))")


def remount(folder: Path, mode: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{mode}", str(folder)], check=True)
