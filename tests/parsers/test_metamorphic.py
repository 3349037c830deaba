"""Facts depend on what a page says, not on how it is laid out or marked up.

A sample of what benchmarks/metamorphic.py runs at scale. Pages are drawn from seeds, so that a
failure is printed with everything needed to see it again.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import parsers
from parsers.model import State

from .forged import changes, figures, neighbours, records, wording
from .forged.judge import Verdict, judge
from .forged.markup import CARRIERS, ENCODINGS, MUTATIONS
from .forged.pages import KINDS, NATIONAL, Forged, Spec, forge

Facts = dict[tuple[str, str, str, str], tuple[State, Decimal | None]]
DRAWN = (Phase.explicit, Phase.generate)  # a seed does not shrink
NEIGHBOURS = [each.__name__ for each in neighbours.ALL]
SEEDS = st.integers(min_value=0, max_value=2**32)
LAYOUTS = [
    *(("2014", layout.__name__) for layout in (*records.ALL, *records.ONE_VALUE)),
    *(("2008", layout.__name__) for layout in records.ALL),
    *(("2008-coded", layout.__name__) for layout in records.ALL),
    *(
        (kind, layout.__name__)
        for kind in ("2019", "2021", "hybrid")
        for layouts in NATIONAL.values()
        for layout in layouts
    ),
]


def read(page: Forged) -> Verdict:
    """The verdict on the reading of a page."""
    return judge(parsers.read(page.body), page.truth)


def facts(page: Forged) -> Facts:
    """What is read."""
    return {
        (f.form, f.section, f.indicator, f.column): (f.state, f.value)
        for f in parsers.read(page.body).facts
    }


def describe(page: Forged, verdict: Verdict) -> str:
    """What to look at when a page is misread."""
    return f"{page.kind} {page.layouts} {page.made_of}: {verdict.missing[:3]} {verdict.wrong[:3]}"


@pytest.mark.parametrize(("kind", "layout"), LAYOUTS)
def test_every_layout_is_read_exactly(kind: str, layout: str) -> None:
    page = forge(7, Spec(kind=kind, layout=layout, damage="", extras=False))
    verdict = read(page)
    assert verdict.exact, describe(page, verdict)
    assert not verdict.false_alarms


@settings(max_examples=120, deadline=None, derandomize=True, phases=DRAWN)
@given(seed=SEEDS, kind=st.sampled_from(KINDS))
def test_no_page_yields_a_silent_wrong_number(seed: int, kind: str) -> None:
    page = forge(seed, Spec(kind=kind, rivals=seed % 5 == 0, messes=seed % 3 > 0))
    verdict = read(page)
    assert not verdict.silent, describe(page, verdict)


@pytest.mark.parametrize("section", ["A", "B", "C"])
def test_each_mess_of_words_and_figures_alone_is_read_exactly(section: str) -> None:
    wanted = {f"{section} {each.__name__}" for each in figures.BY_SECTION[section]}
    wanted |= {f"{section} {each.__name__}" for each in wording.ALL}
    for seed in range(150):
        page = forge(seed, Spec(kind="2021", layout="plain", extras=False, messes=True))
        found = wanted & {*page.made_of}
        if found and not {"twice", *(f"{n} above" for n in NEIGHBOURS)} & {*page.made_of}:
            verdict = read(page)
            assert verdict.exact, describe(page, verdict)
            wanted -= found
        if not wanted:
            break
    assert not wanted


@settings(max_examples=80, deadline=None, derandomize=True, phases=DRAWN)
@given(seed=SEEDS, kind=st.sampled_from(KINDS))
def test_eight_changes_of_markup_change_nothing(seed: int, kind: str) -> None:
    plain = Spec(kind=kind, damage="none", extras=False)
    page = forge(seed, Spec(kind=kind, damage="none", extras=False, mutations=8))
    assert facts(page) == facts(forge(seed, plain)), page.made_of


@pytest.mark.parametrize("carrier", CARRIERS[:-1])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_carriers_and_encodings_change_nothing(carrier: str, encoding: str) -> None:
    page = forge(11, Spec(kind="2021", carrier=carrier, encoding=encoding, extras=False))
    assert read(page).exact


def test_each_mutation_alone_is_harmless() -> None:
    wanted = set(MUTATIONS)
    for seed in range(200):
        page = forge(seed, Spec(kind="2014", damage="none", layout="plain", mutations=1))
        if page.made_of[0] in wanted:
            verdict = read(page)
            assert verdict.exact, describe(page, verdict)
            wanted.discard(page.made_of[0])
    assert not wanted


@settings(max_examples=30, deadline=None, derandomize=True, phases=DRAWN)
@given(seed=SEEDS, kind=st.sampled_from(KINDS))
def test_one_digit_changes_one_fact(seed: int, kind: str) -> None:
    page = forge(seed, Spec(kind=kind, damage="none", extras=False, odd=0.0, layout="plain"))
    before, after = facts(page), facts(changes.one_digit(page, seed))
    assert before.keys() == after.keys()
    assert sum(before[key] != after[key] for key in before) == 1


@settings(max_examples=30, deadline=None, derandomize=True, phases=DRAWN)
@given(seed=SEEDS)
def test_one_row_less_is_one_fact_less_and_one_problem_more(seed: int) -> None:
    page = forge(seed, Spec(kind="2014", damage="none", extras=False, odd=0.0, layout="plain"))
    whole, less = parsers.read(page.body), parsers.read(changes.one_row_less(page, seed).body)
    missing = [problem for problem in less.problems if problem.code == "missing-row"]
    assert len(less.facts) == len(whole.facts) - 1
    assert len(missing) == 1
    assert set(facts(changes.one_row_less(page, seed)).items()) <= set(facts(page).items())


@settings(max_examples=30, deadline=None, derandomize=True, phases=DRAWN)
@given(seed=SEEDS, kind=st.sampled_from(KINDS))
def test_a_table_of_another_subject_adds_nothing(seed: int, kind: str) -> None:
    page = forge(seed, Spec(kind=kind, extras=False))
    assert facts(changes.one_table_more(page)) == facts(page)


@settings(max_examples=40, deadline=None, derandomize=True, phases=DRAWN)
@given(seed=SEEDS, kind=st.sampled_from(KINDS))
def test_a_cell_lost_or_too_many_is_never_silent(seed: int, kind: str) -> None:
    page = forge(seed, Spec(kind=kind, damage="none", extras=False))
    for change in (changes.one_cell_less, changes.one_cell_more):
        verdict = read(change(page, seed))
        assert not verdict.silent, (change.__name__, describe(page, verdict), verdict.silent[:3])


def test_last_years_tables_are_never_taken_for_this_years() -> None:
    for seed in range(60):
        page = forge(seed, Spec(damage="none", extras=False, rivals=True))
        verdict = read(page)
        assert verdict.exact, describe(page, verdict)
