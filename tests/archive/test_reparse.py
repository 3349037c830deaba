"""What a re-parse stores, and which cause it gives to each change."""

import time

import pytest

from archive.capture import CaptureStore
from archive.changes import changes
from archive.facts import FactsStore
from archive.reading import Engine
from archive.reparse import reparse
from archive.sqlite import sqlite3
from archive.workers import Failed, results
from parsers.errors import ArchiveError, Locked, MissingCapture
from tests.archive.deaths import exit_on_one
from tests.archive.samples import BETTER, DEADLY, FIRST, JIAN, body, captured, crawl

OTHER = "http://www.jian.gov.cn/copy.html"


def counts(data):
    """Rows of every table that grows with readings."""
    with FactsStore.reader(data) as facts:
        tables = ("readings", "facts", "checks", "problems", "texts", "changes", "pages")
        return {name: facts.rows(f"SELECT count(*) FROM {name}")[0][0] for name in tables}


def told(data, **selection):
    return [
        (row.cause, row.kind, row.indicator, row.old, row.new) for row in changes(data, **selection)
    ]


def spoken(data):
    """Year, url and reason of every report that has a reading."""
    with FactsStore.reader(data) as facts:
        return facts.rows(
            "SELECT p.year, r.url, p.chosen_because, p.rivals FROM reports p "
            "JOIN readings r ON r.id = p.reading ORDER BY p.year, r.url"
        )


def test_first_reading_is_stored_and_is_no_change(tmp_path):
    crawl(tmp_path, captured(body({"requests_received": "154", "budget": "24252.311082"})))
    summary = reparse(tmp_path, engine=FIRST)
    assert (summary.read, summary.new, summary.facts) == (1, 1, 2)
    assert summary.changes == {"source": 0, "parser": 0, "patch": 0}
    with FactsStore.reader(tmp_path) as facts:
        assert facts.rows("SELECT name, region_code FROM agencies") == [("吉安市", "360800")]
        ((run, state),) = facts.rows("SELECT id, state FROM runs")
        assert (run, state) == (summary.run, "finished")


def test_unchanged_reading_adds_no_rows(tmp_path):
    crawl(tmp_path, captured(body({"requests_received": "154"})))
    reparse(tmp_path, engine=FIRST)
    before = counts(tmp_path)
    assert reparse(tmp_path, engine=FIRST).read == 0
    again = reparse(tmp_path, engine=FIRST, mode="all")
    other_parser = reparse(tmp_path, engine=BETTER)
    assert (again.read, again.unchanged) == (1, 1)
    assert (other_parser.read, other_parser.unchanged) == (1, 1)
    assert counts(tmp_path) == before


def test_not_modified_is_the_same_body(tmp_path):
    (first,) = crawl(tmp_path, captured(body({"requests_received": "154"})))
    reparse(tmp_path, engine=FIRST)
    crawl(
        tmp_path,
        captured(None, day=2, outcome="not-modified", status=304, revisit_of=first),
    )
    assert reparse(tmp_path, engine=FIRST).read == 0


def test_other_body_is_a_change_of_the_source(tmp_path):
    crawl(tmp_path, captured(body({"requests_received": "154", "budget": "3"})))
    reparse(tmp_path, engine=FIRST)
    crawl(tmp_path, captured(body({"requests_received": "155", "budget": "3"}), day=2))
    summary = reparse(tmp_path, engine=FIRST)
    assert (summary.changed, summary.changes["source"]) == (1, 1)
    (row,) = changes(tmp_path)
    assert (row.cause, row.indicator, row.old, row.new) == (
        "source", "requests_received", "154", "155"
    )  # fmt: skip
    assert row.old_body != row.new_body
    assert (row.report, row.agency, row.year) == (1, "吉安市", 2017)


def test_changed_page_with_equal_numbers_is_no_change(tmp_path):
    crawl(tmp_path, captured(body({"requests_received": "154"})))
    reparse(tmp_path, engine=FIRST)
    crawl(tmp_path, captured(body({"requests_received": "154"}, counter=9, title="x"), day=2))
    assert reparse(tmp_path, engine=FIRST).changed == 1
    assert told(tmp_path) == []


def test_other_parser_is_a_change_of_ours(tmp_path):
    crawl(tmp_path, captured(body({"requests_received": "154", "hidden_row": "7"})))
    reparse(tmp_path, engine=FIRST)
    reparse(tmp_path, engine=BETTER)
    reparse(tmp_path, engine=FIRST)
    assert told(tmp_path) == [
        ("parser", "added", "hidden_row", None, "7"),
        ("parser", "removed", "hidden_row", "7", None),
    ]


def test_both_changed_gives_each_part_its_cause(tmp_path):
    crawl(tmp_path, captured(body({"requests_received": "154", "hidden_row": "7"})))
    reparse(tmp_path, engine=FIRST)
    crawl(tmp_path, captured(body({"requests_received": "155", "hidden_row": "8"}), day=2))
    reparse(tmp_path, engine=BETTER)
    assert told(tmp_path) == [
        ("parser", "added", "hidden_row", None, "7"),
        ("source", "changed", "hidden_row", "7", "8"),
        ("source", "changed", "requests_received", "154", "155"),
    ]
    assert told(tmp_path, cause="parser") == told(tmp_path)[:1]
    assert told(tmp_path, run=1) == []
    assert told(tmp_path, since="2999-01-01") == []


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("0", "", ("0", "")),
        ("/", "0", ("/", "0")),
        ("12余", "约12", ("12余", "约12")),
        ("154", "154.0", None),
    ],
)
def test_states_are_different_claims(tmp_path, old, new, change):
    crawl(tmp_path, captured(body({"budget": old})))
    reparse(tmp_path, engine=FIRST)
    crawl(tmp_path, captured(body({"budget": new}), day=2))
    reparse(tmp_path, engine=FIRST)
    assert [row[3:] for row in told(tmp_path)] == ([change] if change else [])


def test_body_that_comes_back_is_read_again(tmp_path):
    pages = [body({"budget": "1"}), body({"budget": "2"}), body({"budget": "1"})]
    for day, page in enumerate(pages, 1):
        crawl(tmp_path, captured(page, day=day))
        reparse(tmp_path, engine=FIRST)
    assert [row[3:] for row in told(tmp_path)] == [("1", "2"), ("2", "1")]


def test_address_that_carries_next_years_report_keeps_both(tmp_path):
    crawl(tmp_path, captured(body({"budget": "1"}, year=2022)))
    reparse(tmp_path, engine=FIRST)
    crawl(tmp_path, captured(body({"budget": "2"}, year=2023), day=2))
    reparse(tmp_path, engine=FIRST)
    assert told(tmp_path) == []
    assert [row[:2] for row in spoken(tmp_path)] == [(2022, JIAN), (2023, JIAN)]


def test_corrected_year_moves_the_report(tmp_path):
    crawl(tmp_path, captured(body({"budget": "1"}, year=2021)))
    reparse(tmp_path, engine=FIRST)
    crawl(tmp_path, captured(body({"budget": "1"}, year=2022), day=2))
    reparse(tmp_path, engine=FIRST)
    assert told(tmp_path) == [("source", "field", "year", "2021", "2022")]
    assert [row[0] for row in spoken(tmp_path)] == [2022]


def test_page_without_numbers_does_not_unsay_them(tmp_path):
    crawl(tmp_path, captured(body({"budget": "1"})))
    reparse(tmp_path, engine=FIRST)
    crawl(tmp_path, captured(b"<html>maintenance", day=2))
    reparse(tmp_path, engine=FIRST)
    assert told(tmp_path) == []
    assert len(spoken(tmp_path)) == 1
    summary = reparse(tmp_path, engine=BETTER)
    assert summary.read == 2


@pytest.mark.parametrize(
    ("first", "second", "winner", "reason"),
    [
        ({"published": "2018-03-01"}, {"published": "2018-03-02"}, 1, "it was published later"),
        ({"edition": "更正"}, {"published": "2019-01-01"}, 0, "it is the revised edition"),
        ({"edition": "图片版"}, {"published": "2018-03-21"}, 1, "it was published later"),
        ({"texts": [["a", "long"]]}, {}, 0, "it is the longest"),
        ({}, {}, 1, "its address comes first"),
        (
            {"problems": ["ocr-consistent"], "edition": "更正", "published": "2019-01-01"},
            {},
            1,
            "it is text, not a picture",
        ),
    ],
)
def test_one_copy_speaks(tmp_path, first, second, winner, reason):
    crawl(
        tmp_path,
        captured(body({"budget": "1"}, **first)),
        captured(body({"budget": "2"}, **second), url=OTHER),
    )
    reparse(tmp_path, engine=FIRST)
    assert spoken(tmp_path) == [(2017, (JIAN, OTHER)[winner], reason, 1)]


def test_copy_with_numbers_beats_a_revised_one_without(tmp_path):
    crawl(
        tmp_path,
        captured(body({"budget": "1"})),
        captured(body({}, edition="更正", problems=["no-table"]), url=OTHER),
    )
    reparse(tmp_path, engine=FIRST)
    assert spoken(tmp_path) == [(2017, JIAN, "it has the numbers", 1)]


def test_web_page_beats_pdf(tmp_path, monkeypatch):
    crawl(
        tmp_path,
        captured(body({"budget": "1"})),
        captured(body({"budget": "1"}, x=1), url=OTHER),
    )
    reparse(tmp_path, engine=FIRST)
    with FactsStore.open(tmp_path) as facts, facts.transaction():
        facts.rows("UPDATE readings SET media = 'pdf' WHERE url = ?", (OTHER,))
    crawl(tmp_path, captured(body({"budget": "1", "x": "1"}), day=2))
    reparse(tmp_path, engine=FIRST)
    assert spoken(tmp_path) == [(2017, JIAN, "it is a web page", 1)]


def test_new_edition_elsewhere_changes_what_is_published(tmp_path):
    crawl(tmp_path, captured(body({"budget": "1", "trainees": "5"})))
    reparse(tmp_path, engine=FIRST)
    page = body({"budget": "2", "trainees": "5"}, edition="更正")
    crawl(tmp_path, captured(page, url=OTHER, day=2))
    reparse(tmp_path, engine=FIRST)
    assert told(tmp_path) == [("source", "edition", "budget", "1", "2")]
    assert changes(tmp_path)[0].report == 1


def test_new_edition_and_better_parser_at_once_have_their_own_causes(tmp_path):
    crawl(tmp_path, captured(body({"budget": "1", "hidden_row": "7"})))
    reparse(tmp_path, engine=FIRST)
    page = body({"budget": "2", "hidden_row": "7"}, edition="更正")
    crawl(tmp_path, captured(page, url=OTHER, day=2))
    reparse(tmp_path, engine=BETTER)
    assert told(tmp_path) == [
        ("parser", "added", "hidden_row", None, "7"),
        ("source", "edition", "budget", "1", "2"),
    ]


def test_a_crawl_writes_while_pages_are_read(tmp_path):
    """The spider never waits for the reader: two files, and no lock of one on the other."""
    numbers = (captured(body({"a": str(n)}), url=f"{OTHER}?{n}") for n in range(3))
    crawl(tmp_path, *numbers)

    def crawling(content, url, content_type, hints):
        crawl(tmp_path, captured(b"<html>", url=f"http://a/{url[-1]}", kind="listing"))
        return FIRST.read(content, url, content_type, hints)

    assert reparse(tmp_path, engine=Engine("7" * 64, crawling)).read == 3
    with CaptureStore.reader(tmp_path) as store:
        assert store.count("kind = 'listing'") == 3


def test_reports_without_agency_or_year_stay_apart(tmp_path):
    crawl(
        tmp_path,
        captured(body({"budget": "1"}, agency="", region_code="")),
        captured(body({"budget": "2"}, agency="", region_code=""), url=OTHER),
        captured(body({"budget": "3"}, year=None), url=OTHER + "?3"),
    )
    reparse(tmp_path, engine=FIRST)
    assert len(spoken(tmp_path)) == 3


def test_dry_run_tells_and_writes_nothing(tmp_path):
    crawl(tmp_path, captured(body({"requests_received": "154", "hidden_row": "7"})))
    assert reparse(tmp_path, engine=FIRST, dry_run=True).new == 1
    assert not (tmp_path / "facts.db").exists()
    reparse(tmp_path, engine=FIRST)
    before = counts(tmp_path), (tmp_path / "facts.db").read_bytes()
    summary = reparse(tmp_path, engine=BETTER, dry_run=True)
    assert summary.changes["parser"] == 1
    assert [(row.indicator, row.new) for row in summary.sample] == [("hidden_row", "7")]
    assert (counts(tmp_path), (tmp_path / "facts.db").read_bytes()) == before
    assert reparse(tmp_path, engine=BETTER).changes["parser"] == 1


def test_where_selects_captures(tmp_path):
    crawl(tmp_path, captured(body({"a": "1"})), captured(body({"a": "2"}), url=OTHER))
    assert reparse(tmp_path, engine=FIRST, where="url LIKE '%copy%'").read == 1
    with pytest.raises(ArchiveError, match="cannot select captures"):
        reparse(tmp_path, engine=FIRST, where="no such")
    with FactsStore.reader(tmp_path) as facts:
        assert facts.rows("SELECT state FROM runs") == [("finished",), ("failed",)]


def test_listings_and_failures_are_not_read(tmp_path):
    crawl(
        tmp_path,
        captured(body({"a": "1"}), kind="listing"),
        captured(body({"a": "1"}), url=OTHER, outcome="http-error", status=404),
    )
    assert reparse(tmp_path, engine=FIRST).read == 0


def test_page_that_raises_costs_only_itself(tmp_path):
    crawl(tmp_path, captured(body({}, **{"raise": "bug"})), captured(body({"a": "1"}), url=OTHER))
    seen = []
    summary = reparse(
        tmp_path, engine=FIRST, progress=lambda done, total: seen.append((done, total))
    )
    assert (summary.read, summary.failed, summary.new) == (2, 1, 1)
    assert seen[-1] == (2, 2)
    with FactsStore.reader(tmp_path) as facts:
        assert facts.rows("SELECT status, error FROM pages WHERE url = ?", (JIAN,)) == [
            ("error", "ValueError: bug")
        ]
    assert reparse(tmp_path, engine=FIRST).read == 0  # not again with the same parser


def test_damaged_body_is_not_read(tmp_path):
    crawl(tmp_path, captured(body({"a": "1"})), captured(body({"b": "1"}), url=OTHER))
    with CaptureStore.open(tmp_path) as store:
        for (name,) in store.db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            store.db.execute(f"DROP TRIGGER {name}")
        store.db.execute("UPDATE bodies SET data = zeroblob(length(data)) WHERE id = 1")
    summary = reparse(tmp_path, engine=FIRST)
    assert (summary.read, summary.failed, summary.new) == (2, 1, 1)


def test_dying_worker_costs_one_page(tmp_path):
    pages = [captured(body({"a": str(n)}), url=f"{OTHER}?{n}") for n in range(6)]
    crawl(tmp_path, captured(body({"die": "1"}, title="die")), *pages)
    summary = reparse(tmp_path, engine=DEADLY, workers=2)
    assert (summary.read, summary.failed, summary.new, summary.promoted) == (7, 1, 6, True)
    with FactsStore.reader(tmp_path) as facts:
        assert facts.rows("SELECT url, status FROM pages WHERE status <> 'read'") == [
            (JIAN, "crashed")
        ]


def test_processes_read_what_one_process_reads(tmp_path):
    pages = [captured(body({"a": str(n)}), url=f"{OTHER}?{n}") for n in range(5)]
    digests = []
    for workers in (0, 2):
        data = tmp_path / str(workers)
        crawl(data, *pages)
        reparse(data, engine=FIRST, workers=workers)
        with FactsStore.reader(data) as facts:
            digests.append(facts.rows("SELECT url, output_sha256 FROM readings ORDER BY url"))
    assert digests[0] == digests[1]
    assert len(digests[0]) == 5


def test_hanging_worker_is_given_up():
    outcomes = dict(results([0.0, 60.0], time.sleep, workers=2, limit=lambda _: 1.0))
    assert outcomes == {0.0: None, 60.0: Failed("timeout", "no result after 1 seconds")}


def test_one_worker_is_a_process_with_a_limit():
    outcomes = dict(results([0.0, 60.0], time.sleep, workers=1, limit=lambda _: 1.0))
    assert outcomes == {0.0: None, 60.0: Failed("timeout", "no result after 1 seconds")}


def test_pool_outlives_a_death_in_the_middle():
    outcomes = dict(results([0, 1, 2], exit_on_one, workers=2, limit=lambda _: 20))
    assert outcomes == {0: 0, 1: Failed("crashed", "the worker process died"), 2: 2}


def test_one_writer(tmp_path):
    crawl(tmp_path, captured(body({"a": "1"})))
    with FactsStore.open(tmp_path), pytest.raises(Locked):
        reparse(tmp_path, engine=FIRST)


def test_killed_run_is_told_and_taken_up(tmp_path):
    crawl(tmp_path, captured(body({"a": "1"})))
    with FactsStore.open(tmp_path) as facts:
        facts.begin_run(reason="reparse", parser="x", selection={})
    assert reparse(tmp_path, engine=FIRST).new == 1
    with FactsStore.reader(tmp_path) as facts:
        states = facts.rows("SELECT state FROM runs ORDER BY id")
    assert states == [("interrupted",), ("finished",)]


def test_without_captures_the_error_says_what_to_do(tmp_path):
    with pytest.raises(MissingCapture, match="run gongkai crawl"):
        reparse(tmp_path, engine=FIRST)
    with pytest.raises(ArchiveError, match="run gongkai reparse"):
        changes(tmp_path)


def test_facts_file_refuses_what_is_no_number(tmp_path):
    text_as_value = (
        "INSERT INTO facts VALUES (1, 'S', 'a', '', 0, '2014', '154', NULL, 'number', "
        "'154', '', '', '', 0, 0, 0, '')"
    )
    with FactsStore.open(tmp_path) as facts:
        facts.db.conn.execute("PRAGMA foreign_keys = OFF")
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            facts.rows(text_as_value)
