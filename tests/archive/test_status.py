"""Status with nothing there, and with a crawl behind it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.capture import CaptureStore
from archive.frontier import Frontier, Task
from archive.status import status

from .exchanges import HOST, exchange


def test_an_empty_folder_has_a_status(tmp_path: Path) -> None:
    found = status(tmp_path / "none", fingerprint="abc")
    assert found["archive"] is None
    assert found["files"] == {"capture.db": None, "facts.db": None, "gongkai.db": None}
    versions = found["versions"]
    assert isinstance(versions, dict)
    assert versions["parsers"] == "abc"
    assert versions["sqlite-utils"]


def test_a_crawl_is_summed_up(data: Path) -> None:
    with CaptureStore.open(data) as store:
        crawl = store.begin_crawl(reason="test", settings={})
        cycle = Frontier(store).start_cycle(["jian", "pingtan"])
        Frontier(store).put([Task(url=HOST, portal="jian", kind="listing")], cycle)
        store.record_all([exchange(number) for number in range(20)], crawl=crawl)
        last = {"portal": "pingtan", "fetched_at": "2025-01-02T00:00:00.000Z"}
        store.record(exchange(1, outcome="blocked", **last), crawl=crawl)
        store.end_crawl(crawl, reason="finished", stats={})
        found = status(data)
    json.dumps(found)
    archive = found["archive"]
    assert isinstance(archive, dict)
    assert archive["outcomes"] == {"blocked": 1, "ok": 20}
    assert archive["bodies"]["bodies"] == 20
    assert archive["bodies"]["ratio"] > 10
    assert archive["crawls"][0]["captures"] == 21
    assert archive["crawls"][0]["end_reason"] == "finished"
    assert archive["frontier"] == {"jian": {"waiting": 1}}
    portals = {row["portal"]: row["blocked"] for row in archive["portals"]}
    assert portals == {"jian": False, "pingtan": True}
    files = found["files"]
    assert isinstance(files, dict)
    assert files["capture.db"]["bytes"] > 0


@pytest.mark.parametrize("kind", ["robots", "report"])
def test_robots_txt_is_no_sign_of_life(data: Path, kind: str) -> None:
    with CaptureStore.open(data) as store:
        crawl = store.begin_crawl(reason="test", settings={})
        early, late = "2025-01-01T00:00:00.000Z", "2025-01-02T00:00:00.000Z"
        store.record(exchange(1, outcome="blocked", fetched_at=early), crawl=crawl)
        store.record(exchange(2, kind=kind, fetched_at=late), crawl=crawl)
    archive = status(data)["archive"]
    assert isinstance(archive, dict)
    assert archive["portals"][0]["blocked"] == (kind == "robots")


def test_an_archive_without_bodies_has_no_ratio(data: Path) -> None:
    CaptureStore.open(data).close()
    archive = status(data)["archive"]
    assert isinstance(archive, dict)
    assert archive["bodies"]["ratio"] is None
