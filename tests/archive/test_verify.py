"""Any flipped byte is found, and named with the address it touches."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.bodies import digest
from archive.capture import CaptureStore
from archive.promotion import Order
from archive.reparse import reparse
from archive.shape import damage
from archive.sqlite import sqlite3
from archive.verify import verify
from gongkai import main
from parsers.errors import ArchiveError, MissingCapture
from tests.archive import samples

from .exchanges import HOST, exchange, filled, flip, page

PAGES = 5


@pytest.fixture
def archive(data: Path) -> Path:
    filled(data, PAGES)
    return data


def stored(data: Path, sql: str) -> bytes:
    with CaptureStore.reader(data) as store:
        return bytes(store.db.conn.execute(sql).fetchone()[0])


def test_a_sound_archive_is_sound(archive: Path) -> None:
    told: list[tuple[int, int]] = []
    summary = verify(archive, progress=lambda done, total: told.append((done, total)))
    assert summary.ok
    assert (summary.bodies, summary.captures, summary.dictionaries) == (PAGES, PAGES, 1)
    assert told == [(11, 11)]


def test_a_flipped_byte_of_a_body_is_found_with_its_addresses(archive: Path) -> None:
    with CaptureStore.open(archive) as store:
        crawl = store.begin_crawl(reason="again", settings={})
        store.record(exchange(3, url=f"{HOST}/copy"), crawl=crawl)
    data = stored(archive, "SELECT data FROM bodies WHERE id = 4")
    flip(archive / "capture.db", data[-60:-20])
    summary = verify(archive)
    (bad,) = summary.bad
    assert bad.sha256 == digest(page(3))
    assert bad.urls == (f"{HOST}/xxgk-show-3.html", f"{HOST}/copy")
    assert bad.captures == (4, 6)
    assert "damaged" in bad.why
    assert not summary.ok
    assert (summary.bad_captures, summary.bad_dictionaries, summary.structure) == ((), (), ())


def test_a_flipped_byte_of_a_dictionary_names_the_host_and_its_bodies(archive: Path) -> None:
    data = stored(archive, "SELECT data FROM dictionaries")
    flip(archive / "capture.db", data[500:560])
    summary = verify(archive)
    (bad,) = summary.bad_dictionaries
    assert (bad.host, bad.bodies) == ("www.jian.gov.cn", PAGES)
    assert len(summary.bad) == PAGES


@pytest.mark.parametrize(
    "near",
    [b"2025-03-04T05:06:07.089Zok", "吉安市公开".encode(), "公开.doc".encode("gbk"), b"/only-once"],
)
def test_a_flipped_byte_of_a_row_is_found(data: Path, near: bytes) -> None:
    with CaptureStore.open(data) as store:
        crawl = store.begin_crawl(reason="test", settings={})
        only = {"fetched_at": "2025-03-04T05:06:07.089Z", "link_text": "吉安市公开"}
        store.record(exchange(1, redirect_to="/only-once", **only), crawl=crawl)
    flip(data / "capture.db", near, 3)
    summary = verify(data)
    assert [found.id for found in summary.bad_captures] == [1]
    assert not summary.bad


def break_bodies(data: Path, sql: str) -> None:
    with CaptureStore.open(data) as store:
        for trigger in ("bodies_no_update", "bodies_no_delete", "captures_no_delete"):
            store.db.conn.execute(f"DROP TRIGGER {trigger}")
        store.db.conn.execute("PRAGMA foreign_keys=OFF")
        store.db.conn.execute("PRAGMA ignore_check_constraints=ON")
        store.db.conn.execute(sql)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("DELETE FROM bodies WHERE id = 2", "the row is gone"),
        ("UPDATE bodies SET size = size + 1 WHERE id = 2", "the size is wrong"),
        ("UPDATE bodies SET dictionary = 9 WHERE id = 2", "dictionary 9 is gone"),
        ("UPDATE bodies SET data = x'00' WHERE id = 2", "damaged"),
        ("UPDATE bodies SET data = x'00', codec = 'raw' WHERE id = 2", "the digest differs"),
    ],
)
def test_what_a_foreign_hand_did_is_found(archive: Path, sql: str, why: str) -> None:
    break_bodies(archive, sql)
    summary = verify(archive)
    assert not summary.ok
    assert [why in bad.why for bad in summary.bad] == [True]
    assert summary.bad[0].urls == (f"{HOST}/xxgk-show-1.html",)


def test_a_capture_that_is_gone_is_missed(archive: Path) -> None:
    break_bodies(archive, "DELETE FROM captures WHERE id = 2")
    assert [bad.id for bad in verify(archive).bad_captures] == [2]


def overwrite(path: Path, first: int, last: int) -> None:
    content = bytearray(path.read_bytes())
    content[first * 4096 : last * 4096] = random.Random(1).randbytes((last - first) * 4096)
    path.write_bytes(content)


def test_lost_pages_of_the_file_end_no_verification(data: Path) -> None:
    filled(data, 200)
    pages = (data / "capture.db").stat().st_size // 4096
    overwrite(data / "capture.db", pages - 40, pages - 20)
    summary = verify(data)
    assert summary.structure
    assert summary.bad or summary.bad_captures


def test_no_archive_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(MissingCapture, match="run gongkai crawl"):
        verify(tmp_path)


@pytest.fixture
def read_once(tmp_path: Path) -> Path:
    """Two reports, read and sealed."""
    for year in (2015, 2016):
        page_ = samples.body({"requests_received": "150", "budget": "1.50"}, year=year)
        samples.crawl(tmp_path, samples.captured(page_, url=f"{HOST}/{year}.html"))
    reparse(tmp_path, engine=samples.FIRST)
    assert verify(tmp_path).ok
    return tmp_path


def edit(path: Path, *statements: str) -> None:
    """What somebody with a SQLite shell can do."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


VANDALISM = {
    "UPDATE facts SET value = 151 WHERE indicator = 'requests_received' AND reading = 1",
    "UPDATE facts SET exact = '1.60' WHERE indicator = 'budget' AND reading = 1",
    "DELETE FROM facts WHERE reading = 1",
    "UPDATE readings SET year = 2005 WHERE id = 1",
}


@pytest.mark.parametrize("statement", sorted(VANDALISM))
def test_a_number_changed_in_place_is_found_and_written_anew(
    read_once: Path, statement: str
) -> None:
    edit(read_once / "facts.db", statement)
    (bad,) = verify(read_once).bad_readings
    assert (bad.id, bad.url) == (1, f"{HOST}/2015.html")
    done = reparse(read_once, engine=samples.FIRST, mode="all")
    assert (done.unchanged, done.mended, sum(done.changes.values())) == (2, 1, 0)
    assert verify(read_once).ok


def test_an_address_that_no_page_can_prove_stays_named(read_once: Path) -> None:
    edit(read_once / "facts.db", "UPDATE readings SET captured_at = '2001-01-01T' WHERE id = 1")
    reparse(read_once, engine=samples.FIRST, mode="all")
    assert [bad.id for bad in verify(read_once).bad_readings] == [1]


def test_readings_of_an_older_release_are_noted_and_sealed_when_read_anew(read_once: Path) -> None:
    edit(read_once / "facts.db", "UPDATE readings SET seal = ''")
    found = verify(read_once)
    assert found.ok
    assert "2 readings of an older release" in "".join(found.told())
    assert reparse(read_once, engine=samples.FIRST, mode="all").mended == 0
    assert list(verify(read_once).told()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE changes SET old = '9' WHERE id = 1",
        "UPDATE changes SET cause = 'source'",
        "DELETE FROM changes WHERE id = 1",
        "UPDATE runs SET reason = 'another' WHERE id = 2",
        "UPDATE runs SET promoted = '2001-01-01T00:00:00.000Z' WHERE id = 2",
    ],
)
def test_a_history_changed_in_place_is_found(read_once: Path, statement: str) -> None:
    done = reparse(read_once, engine=samples.WRONG, order=Order(force=True))
    assert done.promoted
    assert done.changes["parser"]
    assert verify(read_once).ok
    edit(read_once / "facts.db", statement)
    summary = verify(read_once)
    assert summary.structure == ("facts.db: run 2: it or its changes are not what was recorded",)
    assert not summary.ok


def test_runs_of_an_older_release_bear_no_seal(read_once: Path) -> None:
    edit(read_once / "facts.db", "UPDATE runs SET seal = '', reason = 'another'")
    assert verify(read_once).ok


def test_what_a_refused_candidate_leaves_is_no_damage(read_once: Path) -> None:
    reparse(read_once, engine=samples.WRONG, order=Order(candidate=True))
    reparse(read_once, engine=samples.FIRST)  # drops it
    assert verify(read_once).ok


DROPPED = {
    "capture.db": ("TRIGGER captures_no_update", "INDEX captures_by_url"),
    "facts.db": ("INDEX changes_by_run",),
}


@pytest.mark.parametrize(
    ("file", "what"), [(file, what) for file, whats in DROPPED.items() for what in whats]
)
def test_what_was_dropped_is_named(read_once: Path, file: str, what: str) -> None:
    edit(read_once / file, f"DROP {what}")
    assert verify(read_once).structure == (f"{file}: {what.lower()} is gone",)


def test_a_trigger_that_is_not_ours_is_named(read_once: Path) -> None:
    edit(
        read_once / "facts.db",
        "CREATE TRIGGER evil AFTER INSERT ON facts BEGIN DELETE FROM facts; END",
    )
    assert verify(read_once).structure == ("facts.db: trigger evil is not ours",)


def test_the_end_of_the_captures_cut_off_is_found_and_not_read(read_once: Path) -> None:
    edit(
        read_once / "capture.db",
        "DROP TRIGGER captures_no_delete",
        "DELETE FROM captures WHERE id = 2",
    )
    found = verify(read_once)
    assert "ends with capture 1, run 1 saw 2" in "".join(found.structure)
    assert [bad.id for bad in found.bad_readings] == [2]
    with pytest.raises(ArchiveError, match=r"restore it and facts\.db from one backup"):
        reparse(read_once, engine=samples.FIRST)


@pytest.mark.parametrize("state", ["empty", "gone"])
def test_lost_captures_are_never_begun_anew_beside_their_facts(read_once: Path, state: str) -> None:
    for path in read_once.glob("capture.db*"):
        path.unlink()
    if state == "empty":
        (read_once / "capture.db").touch()
    for open_ in (CaptureStore.open, CaptureStore.reader):
        with pytest.raises(ArchiveError, match=f"is {state}, but .* was read from it"):
            open_(read_once)


@pytest.mark.parametrize(
    ("file", "statement", "told"),
    [
        ("facts.db", "DROP TABLE facts", "table facts is gone"),
        ("facts.db", "DELETE FROM readings", "belong to rows of readings that are gone"),
        ("capture.db", "DROP VIEW exchanges", "view exchanges is gone"),
    ],
)
def test_verbs_say_in_one_line_what_is_gone(
    read_once: Path, file: str, statement: str, told: str
) -> None:
    edit(read_once / file, "PRAGMA foreign_keys=OFF", statement)
    assert told in damage(read_once)
    if "DROP" in statement:
        said = CliRunner().invoke(main, ["build", "--data", str(read_once)])
        assert (said.exit_code, said.stderr.count("\n")) == (1, 1)
        assert told in said.stderr
    assert told in "".join(verify(read_once).told())
