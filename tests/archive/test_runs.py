"""Runs as points in time: what was said on a day, and what two runs say otherwise."""

from contextlib import closing

import pytest

from archive.explain import explain
from archive.facts import FactsStore
from archive.reparse import reparse
from archive.runs import between, numbers, run_on
from archive.sqlite import sqlite3
from parsers.errors import ArchiveError
from tests.archive.samples import BETTER, FIRST, body, captured, crawl

OTHER = "http://www.jian.gov.cn/other.html"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Three runs on three days: first read, edited by the source, read by a better parser."""
    data = tmp_path_factory.mktemp("runs")
    crawl(data, captured(body({"budget": "1", "trainees": "5", "hidden_row": "7"})))
    reparse(data, engine=FIRST)
    crawl(
        data,
        captured(body({"budget": "2", "trainees": "5.0", "hidden_row": "7"}), day=2),
        captured(body({"budget": "9"}, year=2018), url=OTHER),
    )
    reparse(data, engine=FIRST)
    reparse(data, engine=BETTER)
    with FactsStore.open(data) as facts, facts.transaction():
        facts.rows("UPDATE runs SET promoted = '2026-02-0' || id || 'T08:00:00.000Z'")
    return data


def test_the_run_of_a_day(data):
    with FactsStore.reader(data) as facts:
        days = ("2026-01-31", "2026-02-01", "2026-02-02T07:59:59.999Z", "2026-02-02", "2099-01-01")
        assert [run_on(facts, day) for day in days] == [0, 1, 1, 2, 3]
        for no_day in ("yesterday", "2026-13-01", "2026-02-30", "2026-02-01T25:00:00.000Z"):
            with pytest.raises(ArchiveError, match="is no day"):
                run_on(facts, no_day)
    with pytest.raises(ArchiveError, match=r"first run came in force at 2026-02-01T08"):
        explain(data, "吉安市 2017", "requests_received", as_of="2026-01-31")


def test_numbers_as_they_were_said(data):
    with FactsStore.reader(data) as facts:
        told = [
            [(n.year, n.indicator, n.value) for n in numbers(facts, run)] for run in (0, 1, 2, 3)
        ]
    assert told[0] == []
    assert told[1] == [(2017, "budget", "1"), (2017, "trainees", "5")]
    assert told[2] == [(2017, "budget", "2"), (2017, "trainees", "5.0"), (2018, "budget", "9")]
    assert told[3][1] == (2017, "hidden_row", "7")


def test_between_any_two_runs(data):
    with FactsStore.reader(data) as facts:
        told = {
            (a, b): [(m.year, m.indicator, m.old, m.new) for m in between(facts, a, b)]
            for a, b in ((1, 2), (2, 3), (1, 3), (3, 1), (2, 2))
        }
    assert told[1, 2] == [(2017, "budget", "1", "2"), (2018, "budget", None, "9")]
    assert told[2, 3] == [(2017, "hidden_row", None, "7")]
    assert told[1, 3] == [
        (2017, "budget", "1", "2"), (2017, "hidden_row", None, "7"), (2018, "budget", None, "9")
    ]  # fmt: skip
    assert told[3, 1] == [(year, name, new, old) for year, name, old, new in told[1, 3]]
    assert told[2, 2] == []


def test_a_run_that_was_never_in_force_is_named(data):
    with FactsStore.reader(data) as facts, pytest.raises(ArchiveError, match="run 9"):
        list(between(facts, 1, 9))


def test_explained_as_it_was_said(data):
    then = explain(data, "吉安市 2017", "budget", as_of="2026-02-01")
    assert (then.value, then.run) == ("1", 1)
    assert explain(data, "吉安市 2017", "budget", as_of="2026-02-02").value == "2"
    assert explain(data, "吉安市 2017", "budget").value == "2"
    with pytest.raises(ArchiveError, match=r"no indicator .hidden_row"):
        explain(data, "吉安市 2017", "hidden_row", as_of="2026-02-02")
    with pytest.raises(ArchiveError, match="there is no report"):
        explain(data, "吉安市 2018", "budget", as_of="2026-02-01")


def test_a_clock_that_was_set_back_is_said(tmp_path):
    """Which page is the newest, and what was said on a day, hang on it."""
    crawl(tmp_path, captured(body({"budget": "1"})))
    reparse(tmp_path, engine=FIRST)
    for file, table in (("capture.db", "crawls"), ("facts.db", "runs")):
        with closing(sqlite3.connect(tmp_path / file, isolation_level=None)) as db:
            db.execute("DROP TRIGGER IF EXISTS crawls_no_update")
            db.execute(f"UPDATE {table} SET started = '2999-01-01T00:00:00.000Z'")
    with pytest.raises(ArchiveError, match=r"a crawl began at 2999-.*: set the clock"):
        crawl(tmp_path, captured(body({"budget": "2"}), day=2))
    with pytest.raises(ArchiveError, match=r"a run began at 2999-.*: set the clock"):
        reparse(tmp_path, engine=FIRST)
