"""Identities over two years, with their lawful exceptions."""

import pytest

from archive.explain import explain
from archive.facts import FactsStore
from archive.reparse import reparse
from tests.archive.samples import FIRST, body, captured, crawl


def judged(tmp_path, *pages):
    crawl(tmp_path, *(captured(page, url=f"http://a/{n}") for n, page in enumerate(pages)))
    reparse(tmp_path, engine=FIRST)
    with FactsStore.reader(tmp_path) as facts:
        return facts.rows(
            "SELECT p.year, n.year, y.check_id, y.per, y.status, y.lhs, y.rhs FROM year_checks y "
            "JOIN reports p ON p.id = y.report JOIN reports n ON n.id = y.neighbour "
            "ORDER BY p.year, y.check_id, y.per"
        )


def carry(year, out, into, **fields):
    facts = {"requests_carried_out/total": out, "requests_carried_in/total": into}
    return body(facts, year=year, form="2021", **fields)


@pytest.mark.parametrize(
    ("out", "into", "status"),
    [
        ("121", "121", "holds"),
        ("0", "", "holds_if_blank_is_zero"),
        ("/", "0", "holds_if_blank_is_zero"),
        ("121", "120", "broken"),
        ("121", "", "undecided"),
        ("121", "12余", "undecided"),
    ],
)
def test_carried_over(tmp_path, out, into, status):
    (row,) = judged(tmp_path, carry(2021, out, "9"), carry(2022, "7", into))
    assert row[:5] == (2021, 2022, "B-carry", "total", status)


def test_missing_neighbour_other_scope_and_old_form_are_no_violation(tmp_path):
    assert judged(tmp_path / "gap", carry(2021, "5", "1"), carry(2023, "7", "6")) == []
    scopes = carry(2021, "5", "1", scope="own"), carry(2022, "7", "6")
    assert judged(tmp_path / "scope", *scopes) == []
    old = body({"requests_received": "9"}, year=2018)
    border = body({"requests_carried_in/total": "4"}, year=2019, form="2019")
    assert judged(tmp_path / "border", old, border) == []


def test_a_row_that_the_neighbour_does_not_print_is_no_check(tmp_path):
    other = body({"granted/total": "5"}, year=2022, form="2021")
    assert judged(tmp_path, carry(2021, "5", "1"), other) == []


def test_cumulative_columns_by_row(tmp_path):
    def page(year, annual, total):
        facts = {"disclosed_total/annual": annual, "disclosed_total/cumulative": total}
        return body(facts, year=year, form="2008")

    rows = judged(tmp_path, page(2010, "5", "20"), page(2011, "7", "27"), page(2012, "3", "29"))
    assert [row[:5] for row in rows] == [
        (2011, 2010, "2008-cumulative", "disclosed_total", "holds"),
        (2012, 2011, "2008-cumulative", "disclosed_total", "broken"),
    ]
    assert rows[1][5:] == (29, 30)


def test_a_later_reading_judges_anew_and_explain_shows_both_years(tmp_path):
    assert judged(tmp_path, carry(2021, "5", "1"), carry(2022, "7", "6"))[0][4] == "broken"
    (check,) = explain(tmp_path, "吉安市 2022", "requests_carried_in", "total").checks[-1:]
    assert (check.id, check.with_year, check.status) == ("B-carry", 2021, "broken")
    assert (
        explain(tmp_path, "吉安市 2021", "requests_carried_out", "total").checks[-1].with_year
        == 2022
    )
    crawl(tmp_path, captured(carry(2022, "7", "5"), url="http://a/1", day=2))
    reparse(tmp_path, engine=FIRST)
    with FactsStore.reader(tmp_path) as facts:
        assert facts.rows("SELECT status FROM year_checks") == [("holds",)]
