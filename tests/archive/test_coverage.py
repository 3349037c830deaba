"""Absence is data: each state, its reason, and what beats what."""

from dataclasses import replace

import pytest

from archive.capture import CaptureStore
from archive.coverage import covered, order, words
from archive.frontier import Frontier, Task
from archive.reparse import reparse
from parsers.errors import ArchiveError
from parsers.problems import PROBLEMS
from tests.archive.samples import FIRST, body, captured, crawl

THREE = {"requests_new/total": "5", "reconsideration_total": "1"}


def listed(data, url, year):
    """A page that a column lists for a year."""
    with CaptureStore.open(data) as store:
        frontier = Frontier(store)
        cycle = frontier.start_cycle(["jian"])
        task = Task(url=url, portal="jian", kind="report", year=year)
        frontier.put([task], cycle)


def states(data, **selection):
    reparse(data, engine=FIRST)
    return {cell.year: (cell.state, cell.reason) for cell in covered(data, **selection)}


def test_a_page_under_200_that_holds_no_report_is_a_soft_404(tmp_path):
    crawl(tmp_path, captured(body({"a": "1"}, year=2023)), captured(b"<html>404", url="http://a/1"))
    listed(tmp_path, "http://a/1", 2024)
    assert states(tmp_path)[2024] == (
        "soft_404",
        "the listed page answers, but holds no report: no annual disclosure report",
    )


@pytest.mark.parametrize(
    ("outcome", "status", "state"),
    [
        ("blocked", 412, "blocked"),
        ("robots", None, "blocked"),
        ("http-error", 404, "not_found"),
        ("timeout", None, "unreachable"),
        ("dns", None, "unreachable"),
    ],
)
def test_what_became_of_a_listed_page(tmp_path, outcome, status, state):
    failed = captured(None, url="http://a/1", outcome=outcome, status=status)
    crawl(tmp_path, captured(body({"a": "1"}, year=2023), day=2), failed)
    listed(tmp_path, "http://a/1", 2024)
    assert states(tmp_path)[2024][0] == state


def test_a_report_that_was_taken_away_stays_and_says_so(tmp_path):
    away = captured(None, url="http://a/1", day=5, outcome="http-error", status=410)
    pages = [captured(body({"a": "1"}, year=year), url=f"http://a/{year}") for year in (2022, 2023)]
    again = captured(pages[1].body, url="http://a/2023", day=6)
    gone = [replace(away, url=page.url) for page in pages]
    for one in (*pages, *gone, again):
        crawl(tmp_path, one)
    found = states(tmp_path)
    told = "numbers were read; the page has been taken away since: 410 on 2026-01-05"
    assert found[2022] == ("ok", told)
    assert found[2023] == ("ok", "numbers were read")


def test_numbers_in_doubt_and_parts_of_a_report(tmp_path):
    pages = [
        captured(body({"a": "1"}, year=2017, problems=["reading-doubtful"]), url="http://a/17"),
        captured(body({"a": "1"}, year=2018, problems=["truncated"]), url="http://a/18"),
        captured(body(THREE, year=2021, form="2021"), url="http://a/21"),
        captured(body({}, year=2022, problems=["image-only"]), url="http://a/22"),
        captured(body({}, year=2023, problems=["encrypted"]), url="http://a/23"),
    ]
    crawl(tmp_path, *pages)
    listed(tmp_path, "http://a/23", 2023)
    found = {year: state for year, (state, _) in states(tmp_path).items()}
    assert found == {
        2017: "suspicious", 2018: "partial", 2019: "not_found", 2020: "not_found",
        2021: "partial", 2022: "image_only", 2023: "no_table", 2024: "not_found",
        2025: "not_due",
    }  # fmt: skip


def test_a_body_without_any_report_is_absent_from_its_first_year_on(tmp_path):
    with CaptureStore.open(tmp_path) as store:
        entry = {"agency": "空县人民政府", "region": "360800", "since": 2022}
        run = store.begin_crawl(reason="crawl", settings={"portals": {"kong": entry}})
        store.record(captured(b"<html>list", portal="kong", kind="listing"), crawl=run)
    found = states(tmp_path)
    assert list(found) == [2022, 2023, 2024, 2025]
    assert found[2022] == ("not_found", "no report of this body was found")
    assert found[2025][0] == "not_due"


def test_a_portal_that_blocks_us_hides_its_later_years(tmp_path):
    shut = captured(None, url="http://a/list", day=3, kind="listing", outcome="blocked", status=412)
    crawl(tmp_path, captured(body({"a": "1"}, year=2022)), shut)
    assert states(tmp_path)[2024] == ("blocked", "the host answers our address with a challenge")


def test_selection_by_year_and_region(tmp_path):
    other = body({"a": "1"}, agency="赣州市", region_code="360700")
    crawl(tmp_path, captured(body({"a": "1"})), captured(other, url="http://a/1"))
    reparse(tmp_path, engine=FIRST)
    assert {cell.agency for cell in covered(tmp_path, year=2017, region="360700")} == {"赣州市"}
    assert {cell.agency for cell in covered(tmp_path, region="360000")} == {"赣州市", "吉安市"}
    assert covered(tmp_path, year=2017, region="360700")[0].days_late == -11
    with pytest.raises(ArchiveError, match="no region code"):
        covered(tmp_path, region="99")


@pytest.mark.parametrize(
    ("agency", "year", "published", "deadline", "late"),
    [
        ("吉安市财政局", 2018, "2019-03-31", "2019-03-31", 0),
        ("吉安市财政局", 2018, "2019-04-01", "2019-03-31", 1),
        ("吉安市财政局", 2019, "2020-03-31", "2020-01-31", 60),  # the first under the new articles
        ("吉安市", 2019, "2020-03-31", "2020-03-31", 0),
        ("吉安市", 2023, "2024-02-29", "2024-03-31", -31),
        ("吉安市", 2023, "", "2024-03-31", None),
        ("某某镇", 2023, "2024-05-01", None, None),
    ],
)
def test_late_by_the_law_of_the_year(tmp_path, agency, year, published, deadline, late):
    crawl(tmp_path, captured(body({"a": "1"}, agency=agency, year=year, published=published)))
    reparse(tmp_path, engine=FIRST)
    (cell,) = covered(tmp_path, year=year)
    assert (cell.deadline, cell.days_late) == (deadline, late)


def test_numbers_without_a_year_are_in_doubt_for_the_year_of_the_list(tmp_path):
    pages = (
        captured(body({"a": "1"}, year=2022)),
        captured(body({"a": "1"}, year=None), "http://a/1"),
    )
    crawl(tmp_path, *pages)
    listed(tmp_path, "http://a/1", 2023)
    assert states(tmp_path)[2023][0] == "suspicious"


def test_a_portal_without_a_report_tells_of_its_listed_pages(tmp_path):
    with CaptureStore.open(tmp_path) as store:
        entry = {"agency": "空县人民政府", "region": "360800", "since": 2023}
        run = store.begin_crawl(reason="crawl", settings={"portals": {"jian": entry}})
        store.record(captured(b"<html>list", url="http://a/", kind="listing"), crawl=run)
        gone = captured(None, url="http://a/1", outcome="http-error", status=404)
        store.record(gone, crawl=run)
    listed(tmp_path, "http://a/1", 2023)
    told = states(tmp_path)
    assert told[2023] == ("not_found", "the listed page answers with an error: 404")
    assert told[2024] == ("not_found", "no report of this body was found")


def test_the_words_are_whole():
    told = {state for part in words().values() for state, _ in part.values()}
    assert told | {"confirmed_missing"} == set(order())
    assert set(words()["doubt"]) <= set(PROBLEMS)
