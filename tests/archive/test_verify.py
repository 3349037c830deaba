"""Any flipped byte is found, and named with the address it touches."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from archive.bodies import digest
from archive.capture import CaptureStore
from archive.verify import verify
from parsers.errors import MissingCapture

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
