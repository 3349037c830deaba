"""The queue: what is due first, what a kill costs, and which command goes on with what."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest

from archive.capture import CaptureStore, now
from archive.frontier import Frontier, Task
from parsers.errors import ArchiveError

from .exchanges import exchange


@pytest.fixture
def frontier(store: CaptureStore) -> Frontier:
    return Frontier(store)


def report(name: str, year: int | None = None, portal: str = "jian") -> Task:
    return Task(url=f"http://{portal}/{name}", portal=portal, kind="report", year=year)


def listing(name: str, portal: str = "jian") -> Task:
    return Task(url=f"http://{portal}/{name}", portal=portal, kind="listing", page=1)


def names(tasks: list[Task]) -> list[str]:
    return [task.url.rsplit("/", 1)[1] for task in tasks]


def in_hours(hours: int) -> str:
    then = datetime.now(UTC) + timedelta(hours=hours)
    return then.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_a_task_comes_back_as_it_was_put(frontier: Frontier) -> None:
    cycle = frontier.start_cycle(["jian"])
    given = Task(
        url="http://jian/公开?a=1",
        portal="jian",
        kind="attachment",
        method="POST",
        request_body=b"\x00\xff",
        found_on="http://jian/list",
        link_text="年报\udcff",
        year=2017,
        agency="吉安市",
        page=3,
        note="token=1",
    )
    assert frontier.put([given], cycle) == 1
    (found,) = frontier.lease(cycle, limit=5)
    assert (found.id, found.cycle, found.state, found.attempts) == (1, cycle, "leased", 0)
    for name in ("url", "portal", "kind", "method", "request_body", "year", "page", "note"):
        assert getattr(found, name) == getattr(given, name)
    assert found.link_text == r"年报\udcff"


def test_listings_come_first_then_the_newest_reports(frontier: Frontier) -> None:
    cycle = frontier.start_cycle(["jian"])
    sheet = Task(url="http://jian/sheet", portal="jian", kind="attachment", year=2025)
    tasks = [report("2008", 2008), sheet, report("unknown"), report("2024", 2024), listing("2")]
    frontier.put([*tasks, listing("1")], cycle)
    expected = ["2", "1", "2024", "2008", "unknown", "sheet"]
    assert names(frontier.lease(cycle, limit=4) + frontier.lease(cycle, limit=4)) == expected
    assert frontier.lease(cycle, limit=4) == []


def test_a_request_stands_once_in_a_cycle(frontier: Frontier) -> None:
    cycle = frontier.start_cycle(["jian"])
    page = Task(url="http://jian/api", portal="jian", kind="listing", method="POST")
    first = Task(url=page.url, portal="jian", kind="listing", method="POST", request_body=b"1")
    assert frontier.put([page, first, page, report("a"), report("a", 2024)], cycle) == 3
    assert frontier.put([page], cycle) == 0


def test_portals_share_a_batch_and_none_waits_for_another(frontier: Frontier) -> None:
    cycle = frontier.start_cycle(["jian", "pingtan", "xiamen"])
    frontier.put([report(str(n)) for n in range(50)], cycle)
    frontier.put([report("p", portal="pingtan"), report("x", portal="xiamen")], cycle)
    batch = frontier.lease(cycle, limit=10)
    assert sorted(task.portal for task in batch) == ["jian"] * 8 + ["pingtan", "xiamen"]
    frontier.put([report("p2", portal="pingtan")], cycle)
    assert [task.portal for task in frontier.lease(cycle, limit=1)] == ["pingtan"]
    assert names(frontier.lease(cycle, limit=1, portal="xiamen")) == []
    assert frontier.lease(cycle, limit=0) == []


def test_recording_closes_the_task_in_the_same_transaction(
    store: CaptureStore, crawl: int, frontier: Frontier
) -> None:
    cycle = frontier.start_cycle(["jian"])
    frontier.put([report("a")], cycle)
    (task,) = frontier.lease(cycle, limit=1)
    with pytest.raises(ArchiveError, match="no task 77"):
        store.record(exchange(), crawl=crawl, task=77)
    assert store.count() == 0
    store.record(exchange(), crawl=crawl, task=task.id)
    assert frontier.counts(cycle) == {
        "waiting": 0,
        "leased": 0,
        "done": 1,
        "failed": 0,
        "refused": 0,
    }


def test_a_listing_is_closed_with_its_children_or_not_at_all(frontier: Frontier) -> None:
    cycle = frontier.start_cycle(["jian"])
    frontier.put([listing("1")], cycle)
    (task,) = frontier.lease(cycle, limit=1)
    with pytest.raises(ArchiveError, match="portal 'elsewhere' is not part of cycle"):
        frontier.expand(task, [report("a"), report("b", portal="elsewhere")])
    assert frontier.counts(cycle)["leased"] == 1
    assert frontier.waiting(cycle) == 0
    assert frontier.expand(task, (report(f"r{n}") for n in range(3))) == 3
    assert (frontier.counts(cycle)["done"], frontier.waiting(cycle)) == (1, 3)


def test_a_failure_waits_for_its_time_or_is_final(frontier: Frontier) -> None:
    cycle = frontier.start_cycle(["jian"])
    frontier.put([report("a"), report("b"), report("c")], cycle)
    a, b, c = frontier.lease(cycle, limit=3)
    frontier.fail(a, "failed", retry_at=in_hours(1), reason="429")
    frontier.fail(b, "failed", retry_at=in_hours(-1))
    frontier.fail(c, "refused", reason="off-portal\udcff")
    (again,) = frontier.lease(cycle, limit=3)
    assert (again.id, again.attempts) == (b.id, 1)
    assert (frontier.next_due(cycle) or "") > now()
    assert frontier.counts_by_portal(cycle) == {
        "jian": {"waiting": 1, "leased": 1, "refused": 1},
    }
    with pytest.raises(ArchiveError, match="no task 0"):
        frontier.fail(report("never put"), "failed")


def test_next_due_is_at_once_or_never(frontier: Frontier) -> None:
    cycle = frontier.start_cycle(["jian"])
    assert frontier.next_due(cycle) is None
    frontier.put([report("a")], cycle)
    assert frontier.next_due(cycle) == ""


def test_the_same_command_goes_on_where_it_was_killed(frontier: Frontier) -> None:
    cycle = frontier.start_cycle(["jian", "pingtan"])
    frontier.put([listing("1"), report("p", portal="pingtan")], cycle)
    assert len(frontier.lease(cycle, limit=5)) == 2
    assert frontier.start_cycle(["pingtan", "jian", "jian"]) == cycle
    assert frontier.counts(cycle)["waiting"] == 2
    assert len(frontier.lease(cycle, limit=5)) == 2


def test_one_portal_is_taken_over_from_a_killed_crawl_of_all(frontier: Frontier) -> None:
    every = frontier.start_cycle(["jian", "pingtan"])
    frontier.put([report("j"), report("p", portal="pingtan")], every)
    frontier.lease(every, limit=5)
    only = frontier.start_cycle(["jian"])
    assert only != every
    (task,) = frontier.lease(only, limit=5)
    assert (task.portal, task.cycle) == ("jian", only)
    assert frontier.counts(every)["leased"] == 1  # 平潭 stays as the dead crawl left it
    frontier.expand(task, [])
    assert frontier.finish_cycle(only) == 0
    again = frontier.start_cycle(["jian", "pingtan"])
    assert names(frontier.lease(again, limit=5)) == ["p"]
    assert frontier.put([report("j")], again) == 1  # 吉安 was finished: a new round


def test_a_finished_cycle_leaves_open_what_still_waits(frontier: Frontier) -> None:
    cycle = frontier.start_cycle(["jian", "pingtan"])
    frontier.put([report("j"), report("p", portal="pingtan")], cycle)
    for task in frontier.lease(cycle, limit=5):
        later = in_hours(1) if task.portal == "pingtan" else None
        frontier.fail(task, "failed", retry_at=later)
    assert frontier.finish_cycle(cycle) == 1
    following = frontier.start_cycle(["jian", "pingtan"])
    assert following != cycle
    assert frontier.counts_by_portal(following) == {"pingtan": {"waiting": 1}}
    with pytest.raises(ArchiveError, match="not part of cycle"):
        frontier.put([report("j")], cycle)


def test_a_crawl_that_stops_gives_its_leases_back(frontier: Frontier) -> None:
    cycle = frontier.start_cycle(["jian"])
    frontier.put([report("a"), report("b")], cycle)
    frontier.lease(cycle, limit=1)
    assert frontier.finish_cycle(cycle) == 2
    assert frontier.release(cycle) == 0


def test_another_spider_of_the_same_process_keeps_its_leases(frontier: Frontier) -> None:
    jian = frontier.start_cycle(["jian"])
    frontier.put([report("a")], jian)
    frontier.lease(jian, limit=1)
    frontier.start_cycle(["pingtan"])
    assert frontier.counts(jian)["leased"] == 1


def test_an_old_round_is_given_up(store: CaptureStore, frontier: Frontier) -> None:
    cycle = frontier.start_cycle(["jian"])
    frontier.put([report("a")], cycle)
    store.db.conn.execute("UPDATE rounds SET started = '2020-01-01T00:00:00.000Z'")
    fresh = frontier.start_cycle(["jian"])
    assert fresh != cycle
    assert frontier.waiting(fresh) == 0


def test_only_the_last_finished_round_is_kept(store: CaptureStore, frontier: Frontier) -> None:
    for number in range(4):
        cycle = frontier.start_cycle(["jian"])
        frontier.put([report(str(number))], cycle)
        (task,) = frontier.lease(cycle, limit=1)
        frontier.expand(task, [])
        frontier.finish_cycle(cycle)
    kept = store.db.conn.execute("SELECT url FROM frontier ORDER BY id").fetchall()
    assert kept == [("http://jian/2",), ("http://jian/3",)]


def test_many_links_cost_no_memory(frontier: Frontier) -> None:
    cycle = frontier.start_cycle(["jian"])
    tracemalloc.start()
    added = frontier.put((report(str(n), 2000 + n % 25) for n in range(6_000)), cycle)
    batch = frontier.lease(cycle, limit=16)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (added, len(batch)) == (6_000, 16)
    assert {task.year for task in batch} == {2024}
    assert peak < 1_000_000
