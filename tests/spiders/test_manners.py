"""Manners beyond one process: pace over a kill, budgets, hours, switches; and addresses."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from archive import visits
from archive.capture import CaptureStore
from archive.frontier import Task
from parsers.errors import Unwritable
from spiders.hosts import Turn
from spiders.identity import identity, placed
from spiders.pace import Pace, opens_in
from spiders.room import MB, Room

from . import crawls, sites
from .sites import Reply, Site


@pytest.fixture
def site() -> Iterator[Site]:
    with sites.serve("127.0.0.31") as served:
        yield served


def test_the_delay_counts_from_answer_to_request(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2018, 2021), delay="0.3")
    slow = site.routes["/nb/"]

    def late(asked: sites.Asked) -> Reply:
        time.sleep(0.2)
        return slow(asked)  # type: ignore[operator]

    site.routes["/nb/"] = late
    crawls.crawl(tmp_path, [crawls.portal(site)])
    at = {one.path: one.at for one in site.asked}
    starts = [one.at for one in site.asked]
    assert min(b - a for a, b in pairwise(starts)) >= 0.3
    assert starts[2] - at["/nb/"] >= 0.5  # the 0.2 s of the answer come on top


def test_the_pace_outlives_a_kill(site: Site, tmp_path: Path) -> None:
    """Crawl-delay as robots.txt last asked for it, counted from the start of the next process."""
    sites.static_portal(site, range(2010, 2021), delay="0.4")
    with crawls.started(tmp_path / "data", crawls.registry(tmp_path, crawls.portal(site))) as one:
        site.at[4] = one.kill
        one.wait(120)
    killed = len(site.asked)
    begun = time.monotonic()
    crawls.crawl(tmp_path / "data", [crawls.portal(site)], limit=1)
    assert site.asked[killed].at - begun >= 0.4
    starts = [one.at for one in site.asked]
    assert min(b - a for a, b in pairwise(starts)) >= 0.4


def test_a_budget_of_the_day_is_kept_over_crawls(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2010, 2021))
    portal = crawls.portal(site, daily=5)
    assert crawls.crawl(tmp_path, [portal]).exit_code == 5
    assert len(site.asked) == 5
    done = crawls.crawl(tmp_path, [portal])
    assert (len(site.asked), done.exit_code) == (5, 5)
    assert crawls.crawl(tmp_path, [crawls.portal(site)]).exit_code == 0


def test_a_switch_turns_a_portal_off(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2019, 2021))
    (tmp_path / "off").mkdir()
    (tmp_path / "off" / "sample").touch()
    done = crawls.crawl(tmp_path, [crawls.portal(site)])
    assert (done.exit_code, site.asked) == (5, [])
    told = "left for later: sample is switched off by off/sample"
    assert done.portals["sample"].notes == [told]
    assert "| sample 样例市 | partial | not-visited |" in (tmp_path / "crawls/last.md").read_text()
    (tmp_path / "off" / "sample").unlink()
    assert crawls.crawl(tmp_path, [crawls.portal(site)]).exit_code == 0


@pytest.mark.parametrize(
    ("hours", "utc", "wait"),
    [
        ("", "2026-01-20T03:00", 0),
        ("22-6", "2026-01-20T13:59", 60),  # 21:59 in China
        ("22-6", "2026-01-20T14:00", 0),
        ("22-6", "2026-01-20T21:59", 0),
        ("22-6", "2026-01-20T22:00", 16 * 3600),
        ("1-5", "2026-01-19T16:30", 1800),
        ("0-24", "2026-01-19T16:30", 0),
    ],
)
def test_hours(hours: str, utc: str, wait: float) -> None:
    assert opens_in(hours, datetime.fromisoformat(utc).replace(tzinfo=UTC)) == wait


def test_outside_of_its_hours_a_portal_is_not_asked(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2019, 2021))
    hour = (datetime.now(UTC) + timedelta(hours=8)).hour
    closed = f"{(hour + 3) % 24}-{(hour + 4) % 24}"
    assert crawls.crawl(tmp_path, [crawls.portal(site, hours=closed)]).exit_code == 5
    assert not site.pages()


def test_jitter_goes_upward_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spiders.pace.time.monotonic", lambda: 1000.0)
    portal = crawls.portal(Site(host="portal.example", port=80), home="http://portal.example/")
    pace = Pace(delay=2.0)
    pace.answered("portal.example")
    waits = [pace.wait("portal.example", portal) for _ in range(200)]
    assert 2.0 < min(waits) < 2.1
    assert 2.7 < max(waits) < 2.82
    assert Pace().floor("portal.example", portal) == 1.0  # of a public host, whatever it says


async def _order(priorities: list[int]) -> list[int]:
    turn, served = Turn(), []
    await turn.acquire(0)

    async def one(priority: int) -> None:
        await turn.acquire(priority)
        served.append(priority)
        turn.release()

    tasks = [asyncio.ensure_future(one(priority)) for priority in priorities]
    await asyncio.sleep(0)
    tasks[0].cancel()
    turn.release()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert not turn.held
    return served


def test_the_most_urgent_has_the_turn() -> None:
    assert asyncio.run(_order([9, 1, 5, 7, 5])) == [7, 5, 5, 1]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://x.cn/a;jsessionid=0A1B?id=3", "http://x.cn/a?id=3"),
        ("http://x.cn/a?token=ab.c&id=3&_=0.381", "http://x.cn/a?id=3"),
        ("http://x.cn/a?MmEwMD=xyz", "http://x.cn/a"),
        ("http://x.cn/a?uid=3&pageNum=2&_type=1", "http://x.cn/a?uid=3&pageNum=2&_type=1"),
        ("http://x.cn/a?b=1;2&c=%E4%BF%A1", "http://x.cn/a?b=1;2&c=%E4%BF%A1"),
    ],
)
def test_what_a_session_adds_is_no_identity(url: str, expected: str) -> None:
    assert identity(url) == expected


def test_a_session_id_is_kept_for_fetching_only(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2019, 2020))
    for number in (1, 2):
        target = f"/nb/r.html;jsessionid=S{number}"
        site.routes["/nb/"] = sites.page(
            sites.column(sites.row(target, "样例市2019年政府信息公开年度报告"))
        )
        site.routes[target] = sites.page(sites.report(2019))
        crawls.crawl(tmp_path, [crawls.portal(site)])
        assert target in site.paths()
    kept = crawls.captures(tmp_path, "kind = 'report'")
    assert [one.url.rpartition("/")[2] for one in kept] == ["r.html", "r.html"]
    assert [one.outcome for one in kept] == ["ok", "not-modified"]
    assert b"jsessionid=S2" in kept[1].request_head


def test_a_limit_of_size_ends_the_crawl(tmp_path: Path) -> None:
    path = tmp_path / "capture.db"
    path.write_bytes(b"0" * 2 * MB)
    Room(path, 3 * MB, 0).check()
    with pytest.raises(Unwritable, match="2 MB, the limit is 1 MB"):
        Room(path, MB, 0).check()
    with pytest.raises(Unwritable, match="are free"):
        Room(path, 0, 1 << 60).check()


def test_other_bytes_around_the_same_text_are_unchanged(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2019, 2020))
    path = "/nb/201903/t20190301_2019.html"
    body = f'<div id="zoom">{sites.report(2019)}</div><script>var visits = %d</script>'
    seen = []
    for visit, text in enumerate([body % 1, body % 2, body.replace("若干", "两千") % 3]):
        site.routes[path] = sites.page(text, etag=False)
        tally = crawls.crawl(tmp_path, [crawls.portal(site)]).portals["sample"]
        seen.append((visit, tally.new, tally.changed, tally.unchanged))
    assert seen == [(0, 1, 1, 0), (1, 0, 0, 1), (2, 0, 1, 0)]


def test_every_crawl_writes_its_report(site: Site, tmp_path: Path) -> None:
    done = crawls.crawl(tmp_path, [crawls.portal(site, columns=())])
    text = (tmp_path / "crawls" / "last.md").read_text("utf-8")
    assert f"# Crawl {done.crawl}: exit 5" in text
    assert "| sample 样例市 | empty | http-error | the column is gone" in text
    with CaptureStore.reader(tmp_path) as store:
        visit = visits.load(store)["sample"]
    assert (visit.state, visit.streak, visit.days) == ("empty", 1, 7.0)


def test_placed_leaves_other_tasks_alone() -> None:
    task = Task(url="http://x.cn/a?id=1", portal="x", kind="report")
    assert placed(task) is task
