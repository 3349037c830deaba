"""The sample portals are the truth of other tests, so they are tested by hand-written sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.simulator import Truth, World

from .simulated import cells_of, report

STATES = {"slash": {"/", "／"}, "dash": {"—", "——", "-"}, "blank": {""}, "none": {"无"}}
PEOPLE = "natural_person"
BUSINESS = ("business", "research", "charity", "legal_service", "other_organisation")
Cells = dict[str, dict[tuple[str, str], Decimal]]


@pytest.fixture(scope="module")
def still() -> World:
    """A world that nobody visits."""
    return World()


def numbers(truth: Truth) -> Cells:
    """section -> cells; what is no number counts as nothing, as the identities allow."""
    cells: Cells = {}
    for fact in truth.facts:
        value = Decimal(fact.value) if fact.value else Decimal(0)
        cells.setdefault(fact.section, {})[fact.indicator, fact.column] = value
    return cells


def free_slots(html: str) -> list[int]:
    """Of every data table: slots of its rectangle that no cell, or more than one, covers."""
    tables = LexborHTMLParser(html).css("table")
    data = [table for table in tables if len(table.css("table")) == 1]  # itself, no inner one
    return [bad_slots([row.css("td") for row in table.css("tr")]) for table in data]


def bad_slots(rows: list[list[LexborNode]]) -> int:
    taken: Counter[tuple[int, int]] = Counter()
    for y, row in enumerate(rows):
        x = 0
        for td in row:
            while (y, x) in taken:
                x += 1
            wide, high = (int(td.attributes.get(name) or 1) for name in ("colspan", "rowspan"))
            taken.update((y + j, x + i) for j in range(high) for i in range(wide))
    height, width = (max(ends) + 1 for ends in zip(*taken, strict=True))
    return sum(taken[y, x] != 1 for y in range(height) for x in range(width)) + height - len(rows)


def as_printed(truth: Truth, text: str, index: int) -> bool:
    fact = truth.facts[index]
    if fact.state == "number":
        return text == f"{fact.value}{truth.units.get(fact.indicator, '')}"
    return text in STATES[fact.state] if fact.state in STATES else bool(text)


# --- what is printed -----------------------------------------------------------------------


def test_same_seed_same_bytes(still: World) -> None:
    again = World()
    for portal, site in still.sites.items():
        assert dict(site.pages) == dict(again.sites[portal].pages)
    assert still.truth() == again.truth()


def test_other_seed_other_numbers(still: World) -> None:
    other = World(seed=7)
    ours, theirs = report(still, "吉安市", 2023), report(other, "吉安市", 2023)
    assert ours.facts != theirs.facts
    assert report(still, "吉安市", 2017) == report(other, "吉安市", 2017)


def test_world_covers_what_it_promises(still: World) -> None:
    truth = still.truth()
    assert {t.form for t in truth} == {"2008", "2014", "2019", "2021"}
    assert {t.year for t in truth if t.agency == "吉安市"} == set(range(2008, 2025))
    states = {fact.state for t in truth for fact in t.facts}
    assert states == {"number", "slash", "dash", "blank", "none", "text"}
    kinds = {row.kind for row in still.rows()}
    assert kinds == {"report", "revised", "cover", "other"}
    assert sum(row.expect == "robots" for row in still.rows()) == 1
    assert sum(row.expect == "noise" for row in still.rows()) >= 12


def test_every_page_prints_its_truth_in_order(still: World, subtests: pytest.Subtests) -> None:
    for truth in still.truth():
        with subtests.test(truth.title):
            page = still.sites[truth.portal].pages[truth.path].body
            charset = "gb18030" if b"charset=gb2312" in page else "utf-8"
            texts = iter(cells_of(page.decode(charset)))
            for index in range(len(truth.facts)):
                assert any(as_printed(truth, text, index) for text in texts), truth.facts[index]


@pytest.mark.parametrize(
    ("table", "bad"),
    [
        ("<tr><td>1<td>2<tr><td colspan=2>3", 0),
        ("<tr><td>1<td>2<tr><td>3", 1),
        ("<tr><td rowspan=2>1<td>2<tr><td>3<td>4", 1),
        ("<tr><td rowspan=3>1<td>2<tr><td>3", 2),
    ],
)
def test_the_rectangle_test_can_fail(table: str, bad: int) -> None:
    assert free_slots(f"<table><tr><td><table>{table}</table></table>") == [bad]


def test_data_tables_are_rectangles(still: World, subtests: pytest.Subtests) -> None:
    for truth in still.truth():
        with subtests.test(truth.title):
            page = still.sites[truth.portal].pages[truth.path].body.decode("utf-8", "replace")
            bad = free_slots(page)
            assert len(bad) > len({fact.section for fact in truth.facts})
            assert not any(bad)


def test_pages_declare_gb2312_over_gb18030(still: World) -> None:
    pages = still.sites["haitan"].pages
    old = [page.body for page in pages.values() if b"charset=gb2312" in page.body]
    assert len(old) >= 8
    for body in old:
        assert "政府信息公开" in body.decode("gb18030")
        with pytest.raises(UnicodeDecodeError):
            body.decode("utf-8")


def test_jian_2017(still: World) -> None:
    truth = report(still, "吉安市", 2017)
    assert truth.title == "吉安市2017年政府信息公开工作年度报告"
    assert sum(fact.state == "number" for fact in truth.facts) == 46
    assert sum(fact.state == "slash" for fact in truth.facts) == 12
    assert truth.disagreements == (("press_conferences", "60", "56"),)
    page = still.sites["jian"].pages[truth.path].body.decode()
    prose = LexborHTMLParser(page).css_first("#font_size").text(deep=True)
    for told in ("484860条", "新闻发布会60次", "154件", "79.00%", "维持2件", "驳回3件", "22件"):
        assert told in prose


# --- the sums ------------------------------------------------------------------------------


def sums_2014(n: dict[tuple[str, str], Decimal]) -> None:
    s = {name: value for (name, _), value in n.items()}
    channels = ("in_person", "fax", "online", "letter")
    assert s["requests_received"] == sum(s[f"requests_{name}"] for name in channels)
    assert s["requests_completed"] == s["completed_on_time"] + s["completed_extended"]
    kinds = ("already_public", "granted", "partial", "denied", "not_this_agency", "not_exist")
    kinds = (*kinds, "amend", "other_channel")
    assert s["replies_total"] == sum(s[f"replies_{name}"] for name in kinds)
    assert s["staff_total"] == s["staff_full_time"] + s["staff_part_time"]
    assert s["press_conferences_by_leaders"] <= s["press_conferences"]
    assert s["online_interviews_by_leaders"] <= s["online_interviews"]


def sums_b(truth: Truth, n: dict[tuple[str, str], Decimal]) -> None:
    totals_printed = {f.indicator for f in truth.facts if f.column == "total" and f.value}
    for name in totals_printed:
        parts = sum(n[name, column] for column in (PEOPLE, *BUSINESS))
        assert n[name, "total"] == parts, name
    ends = {"requests_new", "requests_carried_in", "outcomes_total", "requests_carried_out"}
    for column in (PEOPLE, *BUSINESS, "total"):
        c = {name: value for (name, where), value in n.items() if where == column}
        arrived = c["requests_new"] + c["requests_carried_in"]
        assert arrived == c["outcomes_total"] + c["requests_carried_out"]
        outcomes = sum(value for name, value in c.items() if name not in ends)
        if column != "total" or "granted" in totals_printed:
            whole = outcomes == c["outcomes_total"]
            assert whole or (truth.breaks and column in (PEOPLE, "total"))


def sums_c(n: dict[tuple[str, str], Decimal]) -> None:
    for group in ("reconsideration", "suit_direct", "suit_after_reconsideration"):
        parts = ("upheld", "corrected", "other", "pending")
        assert n[f"{group}_total", ""] == sum(n[f"{group}_{part}", ""] for part in parts)


def test_hard_identities_hold(still: World, subtests: pytest.Subtests) -> None:
    for truth in still.truth():
        with subtests.test(truth.title):
            n = numbers(truth)
            if truth.form == "2014":
                sums_2014(n["S"])
            if truth.form in ("2019", "2021"):
                sums_b(truth, n["B"])
                sums_c(n["C"])
            if truth.form == "2019":
                for kind in ("rules", "normative_docs"):
                    newly = n["A"][f"{kind}_newly_public", ""]
                    assert newly <= n["A"][f"{kind}_public_total", ""]


def test_the_broken_report_is_broken(still: World) -> None:
    truth = report(still, "海坛县", 2020)
    assert truth.breaks == ("B-outcomes-2019",)
    n = numbers(truth)["B"]
    ends = {"requests_new", "requests_carried_in", "outcomes_total", "requests_carried_out"}
    for column in (PEOPLE, "total"):
        rows = sum(v for (name, where), v in n.items() if where == column and name not in ends)
        assert rows == n["outcomes_total", column] + 6


def joins_requests(before: Cells, now: Cells) -> None:
    for column in (PEOPLE, *BUSINESS, "total"):
        left = before["B"]["requests_carried_out", column]
        assert left == now["B"]["requests_carried_in", column]


def joins_documents(before: Cells, now: Cells) -> None:
    for kind in ("rules", "normative_docs"):
        kept = before["A"][f"{kind}_in_force", ""] - now["A"][f"{kind}_repealed", ""]
        assert now["A"][f"{kind}_in_force", ""] == kept + now["A"][f"{kind}_made", ""]


def joins_items(before: Cells, now: Cells) -> None:
    for kind in ("licences", "other_services", "penalties", "coercion", "fees"):
        change = before["A"][f"{kind}_items_change", ""]
        expected = before["A"][f"{kind}_items_last_year", ""] + change
        assert now["A"][f"{kind}_items_last_year", ""] == expected


def joins_cumulative(before: Cells, now: Cells) -> None:
    for name in {name for name, _ in before["S"]} & {name for name, _ in now["S"]}:
        annual = now["S"][name, "annual"]
        assert now["S"][name, "cumulative"] == before["S"][name, "cumulative"] + annual


JOINTS = [
    ("2008", "2008", joins_cumulative),
    ("2019", "2019", joins_items),
    ("2019", "2019", joins_requests),
    ("2019", "2021", joins_requests),
    ("2021", "2021", joins_requests),
    ("2021", "2021", joins_documents),
]


@pytest.mark.parametrize("agency", ["吉安市", "海坛县"])
@pytest.mark.parametrize(("early", "late", "join"), JOINTS)
def test_years_join(
    still: World, agency: str, early: str, late: str, join: Callable[[Cells, Cells], None]
) -> None:
    own = {t.year: t for t in still.truth() if t.agency == agency and not t.edition}
    pairs = [(own[year], own[year + 1]) for year in own if year + 1 in own]
    pairs = [(a, b) for a, b in pairs if (a.form, b.form) == (early, late)]
    assert pairs
    for before, now in pairs:
        join(numbers(before), numbers(now))
