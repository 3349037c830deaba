"""Tables that are not what a reader of the page sees: nothing in them, or each number twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from .harvest import Harvest
from .model import At, Fact, Grid, Problem
from .page import Carrier
from .problems import problem
from .rows import sections_in

FEWEST = 15  # rows; section C is often left blank, and rightly
FIGURES = re.compile(r"""\[\s*(?:["']?[\d.,]*["']?\s*,\s*){14}""")
FEWEST_DOUBLED = 5
MOST = 0.8  # share of the numbers


def doubt_filled(grids: Sequence[Grid], carriers: Sequence[Carrier]) -> list[Problem]:
    """Tables without any figure, on a page whose script holds a list of them."""
    hollow = [grid for grid in grids if _is_hollow(grid)]
    if hollow and any(each.kind == "script" and FIGURES.search(each.text) for each in carriers):
        return [problem("all-blank", At(table=grid.index)) for grid in hollow]
    return []


def _is_hollow(grid: Grid) -> bool:
    if any(cell.text.isdecimal() for cell in grid.cells) or grid.n_rows < FEWEST:
        return False
    return sections_in(grid)


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
    return {At(table) for table in {fact.at.table for fact in facts}}
