"""From a number back to its cell, its checks and its past."""

import pytest

from archive.explain import explain
from archive.reparse import reparse
from parsers.errors import ArchiveError
from tests.archive.conftest import HOST
from tests.archive.samples import BETTER, FIRST, JIAN, body, captured, crawl


@pytest.mark.parametrize(
    "named", ["吉安市 2017", "吉安市2017年", "吉安市人民政府 2017", JIAN, f"{HOST}/2017-new.html"]
)
def test_report_is_found_by_name_and_address(archive, named):
    found = explain(archive, named, "requests_received")
    assert (found.value, found.raw, found.unit, found.label) == (
        "155", "155", "件", "label of requests_received"
    )  # fmt: skip
    assert found.url == f"{HOST}/2017-new.html"
    assert found.chosen_because == "it is the revised edition"
    assert found.rivals == 1
    assert explain(archive, str(found.report), "requests_received") == found


def test_cell_capture_and_parser_are_told(archive):
    found = explain(archive, "吉安市 2015", "requests_received")
    assert found.at == {"table": 0, "row": 0, "cell": 1}
    assert (len(found.sha256), found.parser) == (64, BETTER.fingerprint)
    assert found.fetched_at == "2026-01-02T08:00:00.000Z"
    assert found.problems == (("duplicate-row", "warning", "duplicate-row!"),)
    assert explain(archive, "吉安市 2015", "replies_granted").problems == ()


def test_earlier_values_come_with_run_and_cause(archive):
    (earlier,) = explain(archive, "吉安市 2015", "requests_received").history
    assert (earlier.cause, earlier.old, earlier.new, earlier.run) == ("source", "150", "151", 2)
    (edition,) = explain(archive, "吉安市 2017", "requests_received").history
    assert (edition.kind, edition.old, edition.new) == ("edition", "154", "155")


def test_checks_of_the_cell_are_told(archive):
    total = explain(archive, "吉安市 2022", "requests_new", "total")
    assert [(c.id, c.per, c.status) for c in total.checks] == [
        ("B-balance", "total", "holds"), ("B-row", "requests_new", "broken")
    ]  # fmt: skip
    person = explain(archive, "吉安市 2022", "requests_new", "natural_person")
    assert [c.id for c in person.checks] == ["B-row"]
    assert explain(archive, "吉安市 2022", "reconsideration_total").checks == ()


def test_cell_without_number_is_explained_too(archive):
    found = explain(archive, "吉安市 2017", "replies_partial")
    assert (found.value, found.state, found.raw) == (None, "slash", "/")


@pytest.mark.parametrize(
    ("report", "indicator", "column", "message"),
    [
        ("吉安市 1999", "x", "", "there is 吉安市 20"),
        ("吉安 2017", "x", "", "did you mean 吉安市 20"),
        ("", "x", "", "give its id, its URL, or AGENCY YEAR"),
        ("99999", "x", "", "there is no report"),
        ("吉安市 2017", "nothing", "", r"no indicator .nothing"),
        ("吉安市 2017", "request_received", "", "did you mean requests_received"),
        ("吉安市 2017", "requests_new", "", "does not print requests_new"),
        ("吉安市 2022", "requests_new", "", "name one: natural_person, total"),
        ("吉安市 2022", "requests_new", "sum", "has no column 'sum' here; it has: natural_person"),
    ],
)
def test_errors_say_what_would_work(archive, report, indicator, column, message):
    with pytest.raises(ArchiveError, match=message):
        explain(archive, report, indicator, column)


def test_two_scopes_of_one_year_ask_for_an_id(tmp_path):
    crawl(
        tmp_path,
        captured(body({"a": "1"})),
        captured(body({"a": "2"}, scope="own"), url=f"{HOST}/own.html"),
    )
    reparse(tmp_path, engine=FIRST)
    with pytest.raises(ArchiveError, match="more than one report"):
        explain(tmp_path, "吉安市 2017", "a")
