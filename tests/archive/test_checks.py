"""Pass rates, floors, and the list of what is broken."""

import pytest

from archive.checks import check
from archive.reparse import reparse
from parsers.errors import ArchiveError
from tests.archive.samples import FIRST, body, captured, crawl


def judged(tmp_path, *pages):
    crawl(tmp_path, *(captured(page, url=f"http://a/{n}") for n, page in enumerate(pages)))
    reparse(tmp_path, engine=FIRST)
    return check(tmp_path)


def test_counts_and_broken_list(archive):
    summary = check(archive)
    row = next(identity for identity in summary.identities if identity.id == "B-row")
    assert (row.kind, row.broken, row.undecided, row.rate) == ("hard", 1, 1, 0.0)
    balance = next(identity for identity in summary.identities if identity.id == "B-balance")
    assert (balance.holds, balance.rate) == (1, 1.0)
    over_years, broken = summary.broken
    assert (broken.agency, broken.year, broken.id, broken.per, broken.lhs, broken.rhs) == (
        "吉安市", 2022, "B-row", "requests_new", "100", "99"
    )  # fmt: skip
    assert (over_years.id, over_years.year, over_years.with_year) == ("B-carry", 2022, 2023)
    assert summary.reports == {"no-table": 1, "ok": 6}
    assert summary.below_floor  # one of three hard checks is broken


def test_floor_is_seen_to_hold_and_to_fail(tmp_path):
    good = [["2014-received", "", "holds", "1", "1"]] * 8 + [
        ["2014-received", "", "holds_if_blank_is_zero", "1", "1"]
    ]
    bad = [["2014-received", "", "broken", "1", "2"]]
    above = judged(tmp_path / "above", body({"a": "1"}, checks=good + bad))
    below = judged(tmp_path / "below", body({"a": "1"}, checks=good[1:] + bad))
    assert (above.below_floor, below.below_floor) == (False, True)
    assert [floor.name for floor in below.floors if floor.below] == ["hard identities"]


def test_soft_identities_do_not_sink_the_floor(tmp_path):
    soft = [["2014-denied", "", "broken", "1", "2"]] * 50
    assert not judged(tmp_path, body({"a": "1"}, checks=soft)).below_floor


def test_each_hard_identity_has_a_floor_when_there_is_enough(tmp_path):
    many = [["2014-received", "", "holds", "1", "1"]] * 900
    few = [["2014-staff", "", "broken", "1", "2"]] * 29
    assert not judged(tmp_path / "29", body({"a": "1"}, checks=many + few)).below_floor
    more = judged(tmp_path / "30", body({"a": "1"}, checks=many + few + few[:1]))
    assert [floor.name for floor in more.floors if floor.below] == ["2014-staff"]


def test_unreadable_reports_sink_the_floor(tmp_path):
    empty = [body({}, problems=["no-table"], year=year) for year in (2010, 2011)]
    summary = judged(tmp_path, body({"a": "1"}), *empty)
    assert [floor.name for floor in summary.floors if floor.below] == ["readable reports"]


def test_absent_years_sink_the_floor(tmp_path):
    from archive.capture import CaptureStore  # the years are those of its last look

    summary = judged(tmp_path, body({"a": "1"}, year=1994), body({"a": "1"}, year=2020))
    assert [floor.name for floor in summary.floors if floor.below] == ["agency-years with a report"]
    assert summary.coverage == {"ok": 2, "not_found": 29, "not_due": 1}
    with CaptureStore.reader(tmp_path) as store:
        assert store.count() == 2


def test_nothing_measured_is_not_below(tmp_path):
    summary = judged(tmp_path)
    assert summary.identities == ()
    assert not summary.below_floor


@pytest.mark.parametrize("text", ["[identities", "[identities]\nhard = 1", "identities = 3"])
def test_bad_floor_file_is_named(tmp_path, archive, text):
    path = tmp_path / "floors.toml"
    path.write_text(text)
    with pytest.raises(ArchiveError, match=r"floors\.toml"):
        check(archive, path)
