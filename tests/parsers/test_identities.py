"""Every identity in every status, hybrids, and sources that break their own sums."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from parsers.errors import FormError
from parsers.identities import check, cross_year, hard_score
from parsers.model import WHOLE, Check, Fact, FormId, Section, State
from parsers.relations import Identity, identities, load

COLUMNS = (
    *("natural_person", "business", "research", "charity", "legal_service"),
    *("other_organisation", "total"),
)
STATES: dict[str, State] = {"/": "slash", "—": "dash", "": "blank", "无": "none"}
WITHIN = [identity for identity in identities() if identity.per != "year"]


def fact(form: FormId, section: Section, indicator: str, raw: str, column: str = "") -> Fact:
    number = raw.lstrip("-").replace(".", "").isdigit()
    state: State = "number" if number else STATES.get(raw, "text")
    return Fact(
        form=form,
        section=section,
        indicator=indicator,
        column=column,
        value=Decimal(raw) if number else None,
        state=state,
        raw=raw,
        label=indicator,
        at=WHOLE,
    )


def table(form: FormId, section: Section, column: str = "", **cells: str) -> list[Fact]:
    return [fact(form, section, indicator, raw, column) for indicator, raw in cells.items()]


def statuses(facts: Iterable[Fact]) -> dict[str, str]:
    return {f"{one.id} {one.per}".strip(): one.status for one in check(tuple(facts))}


def one(facts: Iterable[Fact], id: str, per: str = "") -> Check:
    (found,) = [one for one in check(tuple(facts)) if (one.id, one.per) == (id, per)]
    return found


def received(total: str, *parts: str) -> list[Fact]:
    names = ("requests_in_person", "requests_fax", "requests_online", "requests_letter")
    return table("2014", "S", requests_received=total, **dict(zip(names, parts, strict=False)))


@pytest.mark.parametrize(
    ("total", "parts", "status"),
    [
        ("154", ("32", "0", "27", "95"), "holds"),
        ("154", ("32", "/", "27", "95"), "holds_if_blank_is_zero"),
        ("154", ("32", "", "27", "95"), "holds_if_blank_is_zero"),
        ("154", ("32", "—", "27", "95"), "holds_if_blank_is_zero"),
        ("154", ("32", "无", "27", "95"), "holds_if_blank_is_zero"),
        ("0", ("", "", "", ""), "holds_if_blank_is_zero"),
        ("155", ("32", "/", "27", "95"), "undecided"),
        ("153", ("32", "/", "27", "95"), "broken"),
        ("153", ("32", "0", "27", "95"), "broken"),
        ("155", ("32", "0", "27", "95"), "broken"),
        ("/", ("32", "0", "27", "95"), "undecided"),
        ("", ("", "", "", ""), "undecided"),
        ("154", ("32", "0", "27"), "undecided"),
        ("100", ("32", "0", "27", "95 "), "undecided"),
        ("154", ("32", "0", "27", "95余"), "undecided"),
        ("约154", ("32", "0", "27", "95"), "undecided"),
    ],
)
def test_status_of_a_sum(total: str, parts: tuple[str, ...], status: str) -> None:
    assert statuses(received(total, *parts)) == {"2014-received": status}


@pytest.mark.parametrize(
    ("total", "first", "second", "status"),
    [
        ("5", "3", "2", "holds"),
        ("5", "3", "4", "holds"),
        ("5", "/", "5", "holds_if_blank_is_zero"),
        ("5", "3", "/", "undecided"),
        ("5", "3", "1", "broken"),
        ("/", "3", "1", "undecided"),
    ],
)
def test_status_of_an_upper_bound(total: str, first: str, second: str, status: str) -> None:
    names = ("gazette", "weibo", "wechat")
    cells = {f"disclosed_{name}": "0" for name in names}
    cells |= {"disclosed_total": total, "disclosed_website": first, "disclosed_other": second}
    assert statuses(table("2014", "S", "", **cells))["2014-channels"] == status


@pytest.mark.parametrize(
    ("total", "upheld", "corrected", "status"),
    [
        ("8", "5", "1", "holds"),
        ("8", "5", "3", "holds"),
        ("8", "5", "/", "holds_if_blank_is_zero"),
        ("8", "5", "4", "broken"),
        ("8", "9", "/", "broken"),
        ("/", "5", "4", "undecided"),
    ],
)
def test_status_of_a_lower_bound(total: str, upheld: str, corrected: str, status: str) -> None:
    facts = table(
        "2014", "S", lawsuits_total=total, lawsuits_upheld=upheld, lawsuits_corrected=corrected
    )
    assert statuses([*facts, fact("2014", "S", "lawsuits_other", "0")])["2014-lawsuits"] == status


@pytest.mark.parametrize(
    ("part", "whole", "status"),
    [
        ("35", "56", "holds"),
        ("57", "56", "broken"),
        ("/", "56", "holds_if_blank_is_zero"),
        ("35", "/", "undecided"),
    ],
)
def test_part_and_whole(part: str, whole: str, status: str) -> None:
    facts = table("2014", "S", press_conferences_by_leaders=part, press_conferences=whole)
    assert statuses(facts) == {"2014-press": status}


def test_both_sides_are_shown_as_printed() -> None:
    found = one(received("154", "32", "/", "27", "95"), "2014-received")
    assert (found.lhs, found.rhs) == (Decimal(154), Decimal(154))
    nothing = one(received("/", "", "", "", ""), "2014-received")
    assert (nothing.lhs, nothing.rhs) == (None, None)


def test_a_cell_under_dispute_decides_nothing() -> None:
    facts = received("154", "32", "0", "27", "95")
    same = [*facts, fact("2014", "S", "requests_letter", "95")]
    differs = [*facts, fact("2014", "S", "requests_letter", "59")]
    assert one(same, "2014-received").status == "holds"
    assert one(differs, "2014-received").status == "undecided"


def test_no_facts_no_checks() -> None:
    assert check(()) == ()
    assert check((fact("2014", "S", "budget", "230"),)) == ()


def filled(identity: Identity, *, left: str, right: str) -> list[Fact]:
    """Facts for one instance: the first figure of each side as given, the others 0."""
    facts = []
    for terms, first in ((identity.left, left), (identity.right, right)):
        for place, term in enumerate(terms):
            raw = first if place == 0 else "0"
            column = term.column or ("natural_person" if identity.per == "column" else "")
            indicator = "granted" if term.indicator == "*" else term.indicator
            facts.append(fact(identity.forms[0], identity.section, indicator, raw, column))
    return facts


@pytest.mark.parametrize("identity", WITHIN, ids=lambda i: f"{i.id}-{i.case}")
def test_every_identity_holds_and_breaks(identity: Identity) -> None:
    wrong = {"=": ("7", "9"), "<=": ("9", "7"), ">=": ("7", "9")}[identity.relation]
    good = [c for c in check(filled(identity, left="7", right="7")) if c.id == identity.id]
    bad = [c for c in check(filled(identity, left=wrong[0], right=wrong[1])) if c.id == identity.id]
    per = {"": identity.case, "column": "natural_person", "row": "granted"}[identity.per]
    assert [(c.per, c.status, c.lhs, c.rhs) for c in good] == [
        (per, "holds", Decimal(7), Decimal(7))
    ]
    assert [(c.per, c.status) for c in bad] == [(per, "broken")]


def test_the_2008_sums_take_only_printed_rows() -> None:
    facts = table("2008", "S", "annual", requests_received="1", requests_letter_or_fax="1")
    facts += table("2008", "S", "cumulative", requests_received="3", requests_letter_or_fax="1")
    facts += table("2008", "S", "current_period", requests_received="3")
    assert statuses(facts) == {
        "2008-requests annual": "holds",
        "2008-requests cumulative": "broken",
        "2008-requests current_period": "undecided",
    }


def outcomes(form: FormId) -> list[str]:
    (identity,) = [i for i in identities() if i.id == f"B-outcomes-{form}"]
    return [term.indicator for term in identity.right]


def column(form: FormId, name: str, total: str, **cells: str) -> list[Fact]:
    rows = dict.fromkeys(outcomes(form), "0") | cells | {"outcomes_total": total}
    return table(form, "B", name, **rows)


def test_a_row_that_is_not_printed_leaves_outcomes_open_until_they_exceed() -> None:
    facts = [f for f in column("2021", "total", "21", granted="21") if f.indicator != "other_misc"]
    assert one(facts, "B-outcomes-2021", "total").status == "undecided"
    more = [f for f in column("2021", "total", "20", granted="21") if f.indicator != "other_misc"]
    assert one(more, "B-outcomes-2021", "total").status == "broken"


def test_a_hybrid_takes_the_outcomes_of_its_own_table() -> None:
    facts = table("2021", "A", rules_made="0") + column("2019", "total", "21", other_outcome="21")
    facts += table("2021", "C", suit_direct_total="0")
    found = statuses(facts)
    assert found["B-outcomes-2019 total"] == "holds"
    assert not [id for id in found if id.startswith("B-outcomes-2021")]
    assert found["C-suit-direct"] == "undecided"


def test_a_shared_identity_is_taken_once_for_the_form_of_more_facts() -> None:
    row = [fact("2021", "B", "granted", "1", column) for column in COLUMNS[:-1]]
    row.append(fact("2021", "B", "granted", "6", "total"))
    stray = fact("2019", "B", "granted", "9", "total")
    found = one([stray, *row], "B-row", "granted")
    assert (found.status, found.lhs) == ("holds", Decimal(6))


def test_totals_left_blank_on_detail_rows_are_not_assessable() -> None:
    facts = [fact("2019", "B", "granted", "258", "natural_person")]
    facts += [fact("2019", "B", "granted", "", column) for column in COLUMNS[1:]]
    assert one(facts, "B-row", "granted").status == "undecided"


def test_only_totals_filled() -> None:
    facts = [fact("2021", "B", "requests_new", "", column) for column in COLUMNS[:-1]]
    facts.append(fact("2021", "B", "requests_new", "9", "total"))
    assert one(facts, "B-row", "requests_new").status == "undecided"


def test_balance_counts_blanks_as_zero_and_says_so() -> None:
    cells = {"requests_new": "35", "requests_carried_in": "", "outcomes_total": "35"}
    facts = table("2019", "B", "business", **cells, requests_carried_out="")
    found = one(facts, "B-balance", "business")
    assert (found.status, found.lhs, found.rhs) == (
        "holds_if_blank_is_zero",
        Decimal(35),
        Decimal(35),
    )
    empty = dict.fromkeys(("requests_new", "requests_carried_in", "outcomes_total"), "")
    facts = table("2019", "B", "research", **empty, requests_carried_out="")
    assert one(facts, "B-balance", "research").status == "undecided"


def test_public_in_total_is_two_checks() -> None:
    cells = {"rules_newly_public": "135", "rules_public_total": "24"}
    cells |= {"normative_docs_newly_public": "60", "normative_docs_public_total": "368"}
    assert statuses(table("2019", "A", "", **cells)) == {
        "2019-public rules": "broken",
        "2019-public normative_docs": "holds",
    }


def test_sources_known_to_break_their_own_sums() -> None:
    # outcomes add up to 26 and 27 where 20 and 21 are printed
    facts = column("2019", "natural_person", "20", granted="10", unable_not_held="16")
    facts += column("2019", "total", "21", granted="11", unable_not_held="16")
    found = one(facts, "B-outcomes-2019", "natural_person")
    assert (found.status, found.lhs, found.rhs) == ("broken", Decimal(20), Decimal(26))
    assert one(facts, "B-outcomes-2019", "total").status == "broken"
    # 1 new + 0 carried in, 1 outcome + 1 carried out
    cells = {"requests_new": "1", "requests_carried_in": "0", "outcomes_total": "1"}
    facts = table("2021", "B", "total", **cells, requests_carried_out="1")
    assert one(facts, "B-balance", "total").status == "broken"
    # totals left at 0 over parts
    cells = {"reconsideration_upheld": "10", "reconsideration_corrected": "1"}
    cells |= {"reconsideration_other": "0", "reconsideration_pending": "0"}
    facts = table("2021", "C", **cells, reconsideration_total="0")
    found = one(facts, "C-reconsideration")
    assert (found.status, found.lhs, found.rhs) == ("broken", Decimal(0), Decimal(11))


def test_hard_score_counts_only_what_the_form_demands() -> None:
    facts = received("154", "32", "/", "27", "95")
    facts += table("2014", "S", staff_total="3", staff_full_time="1", staff_part_time="1")
    facts += table("2014", "S", disclosed_normative_docs="2", disclosed_total="1")
    assert hard_score(check(facts)) == (1, 1)


def test_identities_over_years_are_data() -> None:
    found = {(one.id, one.case): one for one in cross_year()}
    assert {id for id, _ in found} == {"2008-cumulative", "2019-items", "2021-in-force", "B-carry"}
    in_force = found["2021-in-force", "rules"]
    assert [(t.indicator, t.sign, t.year) for t in in_force.right] == [
        ("rules_in_force", 1, -1),
        ("rules_made", 1, 0),
        ("rules_repealed", -1, 0),
    ]
    (left,) = found["2008-cumulative", ""].left
    assert (left.indicator, left.column) == ("*", "cumulative")
    assert len([case for id, case in found if id == "2019-items"]) == 5


ENTRY = """
[[identity]]
id = "x"
forms = ["2014"]
section = "S"
kind = "hard"
per = ""
relation = "="
left = ["a"]
right = ["b"]
"""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[identity", "not readable"),
        ("", "not readable"),
        (ENTRY + ENTRY, "x stands twice"),
        (ENTRY.replace("2014", "2015"), "'2015' is none of"),
        (ENTRY.replace('"="', '"~"'), "'~' is none of"),
        (ENTRY.replace('["a"]', '["a b"]'), "'a b' is no term"),
        (ENTRY.replace('["a"]', '"a"'), "'a' is no list"),
        (ENTRY.replace('left = ["a"]', ""), "left"),
        (ENTRY.replace("per", "pro"), "unknown key pro"),
        (ENTRY.replace('id = "x"', ""), "an entry without id"),
    ],
)
def test_a_bad_data_file_is_refused_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "identities.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormError, match=says) as caught:
        load(path)
    assert "\n" not in str(caught.value)
