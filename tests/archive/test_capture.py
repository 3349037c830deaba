"""What goes into capture.db comes out again, once, unchanged, or not at all."""

from __future__ import annotations

import random
from dataclasses import fields
from pathlib import Path

import pytest

from archive.bodies import CACHED_HOSTS, digest
from archive.capture import CaptureStore, host_of, now
from archive.sqlite import sqlite3
from archive.stored import StoredCapture
from parsers.errors import (
    ArchiveError,
    DigestMismatch,
    Locked,
    MissingCapture,
    SchemaTooNew,
    Unwritable,
)
from parsers.model import Capture

from .exchanges import GBK_HEAD, HOST, exchange, filled, flip, page

OPTIONAL = {
    "status": None,
    "body": None,
    "wire_length": None,
    "elapsed_ms": None,
    "response_head": b"",
    "found_on": "",
}


def scalar(store: CaptureStore, sql: str) -> object:
    return store.db.conn.execute(sql).fetchone()[0]


@pytest.mark.parametrize(
    "fields_given",
    [
        {},
        {"verified": True, "decoded": False, "head_is_wire": False},
        {"verified": False, "method": "POST", "request_body": b"page=2&\x00\xff"},
        {"outcome": "dns", "error": "no such host", **OPTIONAL},
        {"outcome": "robots", **OPTIONAL},
        {"outcome": "redirect", "status": 302, "redirect_to": "/公开/", "body": b""},
        {"outcome": "http-error", "status": 404, "body": "没有找到".encode("gbk")},
        {"url": f"{HOST}/%D0%C5?a=1&b=信息#x", "link_text": "换行\n\t与\x00零"},
    ],
)
def test_every_field_survives(store: CaptureStore, crawl: int, fields_given: dict) -> None:
    given = exchange(**fields_given)
    key = store.record(given, crawl=crawl)
    found = store.get(key)
    shared = {field.name for field in fields(Capture)} & {f.name for f in fields(StoredCapture)}
    assert {name: getattr(found, name) for name in shared} == {
        name: getattr(given, name) for name in shared
    }
    assert {field.name for field in fields(Capture)} - shared == {"body"}
    assert found.crawl == crawl
    if given.body is None:
        assert (found.body_sha256, found.body_size) == (None, None)
    else:
        assert found.body_size == len(given.body)
        assert store.body(found.body_sha256 or "") == given.body


def test_gbk_bytes_of_a_head_survive(data: Path) -> None:
    filled(data, 1)
    with CaptureStore.reader(data) as store:
        assert store.get(1).response_head == GBK_HEAD
        assert "公开.doc" in store.get(1).response_head.decode("gbk")


def test_text_that_is_no_unicode_becomes_visible(store: CaptureStore, crawl: int) -> None:
    broken = exchange(url=f"{HOST}/\udcd0", error="\ud800 gone", link_text="\udcff")
    key = store.record(broken, crawl=crawl)
    assert store.get(key).error == r"\ud800 gone"
    assert store.last_good(broken.url) == store.get(key)


def test_a_body_is_stored_once(store: CaptureStore, crawl: int) -> None:
    for url in ("/a", "/b", "/a"):
        store.record(exchange(url=HOST + url), crawl=crawl)
    assert scalar(store, "SELECT count(*) FROM bodies") == 1
    assert scalar(store, "SELECT count(*) FROM captures") == 3


def test_the_first_good_page_is_the_dictionary_of_its_host(store: CaptureStore, crawl: int) -> None:
    not_fit = [
        exchange(url=f"{HOST}/1", outcome="http-error", body=page(1)),
        exchange(url=f"{HOST}/2", body=page(2)[:15_000]),
        exchange(url=f"{HOST}/3", body=b"%PDF" + page(3)[20:]),
        exchange(url=f"{HOST}/4", body=page(4), decoded=False),
        exchange(url=f"{HOST}/5", body=page(5) * 30),
    ]
    store.record_all(not_fit, crawl=crawl)
    assert scalar(store, "SELECT count(*) FROM dictionaries") == 0
    store.record_all([exchange(number) for number in range(10, 40)], crawl=crawl)
    store.record(exchange(99, url="http://other.gov.cn/"), crawl=crawl)
    rows = store.db.conn.execute("SELECT host, sha256 FROM dictionaries ORDER BY id").fetchall()
    assert rows == [("www.jian.gov.cn", digest(page(10))), ("other.gov.cn", digest(page(99)))]
    ratio = "SELECT sum(size) / sum(length(data)) FROM bodies WHERE codec = 'zstd-dictionary'"
    assert scalar(store, ratio) > 10
    assert [store.body(digest(page(number))) for number in range(10, 40)] == [
        page(number) for number in range(10, 40)
    ]


def test_what_does_not_compress_is_kept_as_it_is(store: CaptureStore, crawl: int) -> None:
    noise = random.Random(7).randbytes(5_000)
    store.record(exchange(body=noise), crawl=crawl)
    assert scalar(store, "SELECT codec FROM bodies") == "raw"
    assert store.body(digest(noise)) == noise


def test_more_hosts_than_compressors_are_cached(data: Path) -> None:
    hosts = [f"http://h{number}.gov.cn/" for number in range(CACHED_HOSTS + 3)]
    with CaptureStore.open(data) as store:
        crawl = store.begin_crawl(reason="test", settings={})
        for number in (0, 100):
            several = [exchange(n + number, url=url) for n, url in enumerate(hosts)]
            store.record_all(several, crawl=crawl)
        bodies = [page(n + number) for number in (0, 100) for n in range(len(hosts))]
        assert [store.body(digest(body)) for body in bodies] == bodies
        assert scalar(store, "SELECT count(*) FROM dictionaries") == len(hosts)


def test_a_304_stands_for_the_body_it_confirms(store: CaptureStore, crawl: int) -> None:
    first = store.record(exchange(), crawl=crawl)
    again = exchange(outcome="not-modified", status=304, body=None, revisit_of=first)
    assert store.get(store.record(again, crawl=crawl)).body_sha256 == digest(page(1))
    unasked = exchange(outcome="not-modified", status=304, body=None)
    assert store.get(store.record(unasked, crawl=crawl)).body_sha256 is None


def test_only_good_answers_to_the_same_request_lend_validators(
    store: CaptureStore, crawl: int
) -> None:
    url = f"{HOST}/list"
    assert store.last_good(url) is None
    old, new = "2025-01-01T00:00:00.000Z", "2025-06-01T00:00:00.000Z"
    newest = store.record(exchange(2, url=url, fetched_at=new), crawl=crawl)
    store.record(exchange(1, url=url, fetched_at=old), crawl=crawl)  # imported later
    store.record(exchange(3, url=url, outcome="blocked"), crawl=crawl)
    store.record(exchange(4, url=url, method="POST", request_body=b"page=2"), crawl=crawl)
    found = store.last_good(url)
    assert found is not None
    assert found.id == newest
    posted = store.last_good(url, "POST", b"page=2")
    assert posted is not None
    assert posted.body_sha256 == digest(page(4))
    assert store.last_good(url, "POST", b"page=3") is None


def test_captures_are_selected_by_sql_in_ranges(store: CaptureStore, crawl: int) -> None:
    several = [exchange(n, portal="jian" if n % 2 else "pingtan") for n in range(1_200)]
    store.record_all(several, crawl=crawl)
    assert [found.id for found in store.captures()] == list(range(1, 1_201))
    jian = [found.id for found in store.captures("portal = ?", ("jian",), after=100)]
    assert jian == list(range(102, 1_201, 2))
    assert store.count("portal = 'pingtan' AND body_size > 0") == 600
    with pytest.raises(ArchiveError, match="cannot select captures: no such column: portl"):
        list(store.captures("portl = 'jian'"))


def test_reading_while_writing_holds_no_cursor(store: CaptureStore, crawl: int, data: Path) -> None:
    store.record_all([exchange(number) for number in range(600)], crawl=crawl)
    with CaptureStore.reader(data) as reader:
        walk = reader.captures()
        next(walk)
        store.record(exchange(9_999), crawl=crawl)
        blocked = store.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        assert not blocked
        assert len(list(walk)) == 599
        assert reader.count() == 601


@pytest.mark.parametrize("table", ["urls", "dictionaries", "bodies", "captures", "crawls"])
def test_nothing_stored_is_ever_changed(store: CaptureStore, crawl: int, table: str) -> None:
    store.record(exchange(), crawl=crawl)
    store.end_crawl(crawl, reason="finished", stats={})
    store.db.conn.execute("PRAGMA recursive_triggers=off")  # as other programs have it
    columns = [row[1] for row in store.db.conn.execute(f"PRAGMA table_info({table})")]
    for sql in (
        f"UPDATE {table} SET {columns[1]} = {columns[1]}",
        f"DELETE FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    ):
        with pytest.raises(sqlite3.IntegrityError, match=r"append-only|finished once"):
            store.db.conn.execute(sql)


@pytest.mark.parametrize(
    "fields_given",
    [
        {"body": None},
        {"fetched_at": "2025-01-01 00:00:00"},
        {"fetched_at": "2025-01-01T00:00:00+08:00"},
        {"outcome": "fine"},
        {"kind": "page"},
    ],
)
def test_a_capture_that_lies_about_itself_is_not_stored(
    store: CaptureStore, crawl: int, fields_given: dict
) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        store.record(exchange(**fields_given), crawl=crawl)
    assert scalar(store, "SELECT count(*) FROM bodies") == 0


def test_a_rolled_back_dictionary_is_forgotten(store: CaptureStore, crawl: int) -> None:
    half = [exchange(1), exchange(2), exchange(3, outcome="nonsense")]
    with pytest.raises(sqlite3.IntegrityError):
        store.record_all(half, crawl=crawl)
    store.record(exchange(5, url="http://other.gov.cn/"), crawl=crawl)
    store.record(exchange(2), crawl=crawl)
    assert store.body(digest(page(2))) == page(2)


def test_a_crawl_tells_how_to_repeat_it_and_ends_once(store: CaptureStore, data: Path) -> None:
    crawl = store.begin_crawl(reason="due", settings={"PATH": data, "名": "吉安"})
    store.end_crawl(crawl, reason="finished", stats={"fetched": 3})
    with pytest.raises(ArchiveError, match="no open crawl"):
        store.end_crawl(crawl, reason="finished", stats={})
    row = next(iter(store.db.query("SELECT * FROM crawls WHERE id = ?", [crawl])))
    assert (row["reason"], row["end_reason"], row["stats"]) == ("due", "finished", '{"fetched": 3}')
    assert str(data) in row["settings"]
    assert '"sqlite":' in row["software"]


def test_the_disk_confirms_a_crawl_once_a_second(
    store: CaptureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies between two confirmations is safe from a kill, and a power cut rewinds the
    frontier with it; every other transaction is confirmed at once."""
    levels = []
    for at in (100.0, 100.4, 100.9, 101.0, 101.5):
        monkeypatch.setattr("archive.capture.monotonic", lambda at=at: at)
        with store.flowing():
            levels.append(scalar(store, "PRAGMA synchronous"))
        assert scalar(store, "PRAGMA synchronous") == 2
    assert levels == [2, 1, 1, 2, 1]


def test_a_second_writer_is_refused_and_readers_are_not(store: CaptureStore, data: Path) -> None:
    with pytest.raises(Locked, match="written by process"):
        CaptureStore.open(data)
    CaptureStore.reader(data).close()


def test_the_lock_is_given_back_when_opening_fails(data: Path) -> None:
    data.mkdir()
    (data / "capture.db").write_bytes(b"not a database" * 1_000)
    for _ in range(2):
        with pytest.raises(ArchiveError, match="no SQLite file"):
            CaptureStore.open(data)


def test_what_is_not_there_is_named(store: CaptureStore, tmp_path: Path) -> None:
    with pytest.raises(MissingCapture, match=r"no archive in .* yet: run gongkai crawl"):
        CaptureStore.reader(tmp_path)
    with pytest.raises(MissingCapture, match="no capture 7"):
        store.get(7)
    with pytest.raises(MissingCapture, match="no body"):
        store.body("0" * 64)


def test_an_archive_killed_at_birth_is_none_yet_and_is_made_again(data: Path) -> None:
    data.mkdir()
    (data / "capture.db").touch()
    with pytest.raises(MissingCapture, match="run gongkai crawl"):
        CaptureStore.reader(data)
    filled(data, 1)
    CaptureStore.reader(data).close()


def test_a_newer_archive_is_refused(data: Path) -> None:
    filled(data, 1)
    with CaptureStore.open(data) as store:
        store.db["_sqlite_migrations"].insert(
            {"migration_set": "capture", "name": "quantum", "applied_at": now()}
        )
    for opening in (CaptureStore.open, CaptureStore.reader):
        with pytest.raises(SchemaTooNew, match="quantum"):
            opening(data)


def test_a_flipped_byte_is_never_given_out(data: Path) -> None:
    noise = random.Random(3).randbytes(9_000)
    with CaptureStore.open(data) as store:
        crawl = store.begin_crawl(reason="test", settings={})
        store.record(exchange(body=noise), crawl=crawl)
    flip(data / "capture.db", noise[-500:-400])
    with CaptureStore.reader(data) as store, pytest.raises(DigestMismatch, match="damaged"):
        store.body(digest(noise))


def test_a_full_disk_is_one_clear_line_and_loses_nothing(small_disk: Path) -> None:
    acknowledged: list[int] = []
    with CaptureStore.open(small_disk) as store:
        crawl = store.begin_crawl(reason="test", settings={})
        with pytest.raises(Unwritable, match=r"capture\.db: the disk is full$"):
            fill(store, crawl, acknowledged)
    assert_whole(small_disk, acknowledged)


def test_a_full_file_is_one_clear_line_and_loses_nothing(data: Path) -> None:
    """The same without root: SQLite may not make the file any longer."""
    acknowledged: list[int] = []
    with CaptureStore.open(data) as store:
        crawl = store.begin_crawl(reason="test", settings={})
        store.db.conn.execute("PRAGMA max_page_count=400")
        with pytest.raises(Unwritable, match=r"capture\.db: the disk is full$"):
            fill(store, crawl, acknowledged)
    assert_whole(data, acknowledged)


def fill(store: CaptureStore, crawl: int, acknowledged: list[int]) -> None:
    """Records until it raises; 10 MB at most."""
    noise = random.Random(5)
    for number in range(200):
        body = noise.randbytes(50_000)
        acknowledged.append(store.record(exchange(number, body=body), crawl=crawl))


def assert_whole(data: Path, acknowledged: list[int]) -> None:
    """Every capture has its body, and the next writer can go on."""
    with CaptureStore.open(data) as store:
        assert scalar(store, "PRAGMA integrity_check") == "ok"
        stored = list(store.captures())
        assert [found.id for found in stored] == acknowledged
        assert len(stored) > 5
        assert all(len(store.body(found.body_sha256 or "")) == 50_000 for found in stored)
        assert scalar(store, "SELECT count(*) FROM bodies") == len(stored)


@pytest.mark.parametrize(
    ("url", "host"),
    [("http://A.gov.cn:8080/x", "a.gov.cn"), ("http://[::1", ""), ("mailto:a@b", ""), ("", "")],
)
def test_host_of_anything(url: str, host: str) -> None:
    assert host_of(url) == host
