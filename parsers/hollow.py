"""Tables that are not what a reader of the page sees: nothing in them, or each number twice."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .harvest import Harvest
from .model import At, Fact

FEWEST = 15  # cells of a section; section C is often left blank, and rightly
FEWEST_DOUBLED = 5
MOST = 0.8  # share of the numbers


def doubt_blank(harvest: Harvest) -> None:
    """Every cell of sections S or B is empty: a blank form, or one that a script fills."""
    for section in ("S", "B"):
        own = [fact for fact in harvest.facts if fact.section == section]
        if len(own) >= FEWEST and all(fact.state == "blank" for fact in own):
            for at in _tables(own):
                harvest.warn("all-blank", at, section=section)


def doubt_doubled(harvest: Harvest) -> None:
    """1515 for 15: a copy for screen readers, hidden by a style sheet that is not here."""
    for at in _tables(harvest.facts):
        own = [f for f in harvest.facts if f.at.table == at.table and f.value is not None]
        twice = [fact for fact in own if _is_double(fact.value)]
        if len(twice) >= FEWEST_DOUBLED and len(twice) >= MOST * len(own):
            harvest.warn("doubled", at, raw=twice[0].raw)


def _is_double(value: Decimal | None) -> bool:
    digits = str(value)
    half = len(digits) // 2
    return bool(half) and digits[:half] == digits[half:]


def _tables(facts: Sequence[Fact]) -> set[At]:
    return {At(table=fact.at.table) for fact in facts}
