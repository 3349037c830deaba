"""What a table says for certain: its printed numbers, and the blanks that its own sums settle."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from parsers.identities import Address, Cells, cells_of, instances
from parsers.model import Fact, FormId
from parsers.relations import identities

ORGANISATIONS = ("business", "research", "charity", "legal_service", "other_organisation")
_SIGNED = re.compile(r"([+-]?)\s*([a-z_0-9]+)(?:@([a-z_]+))?")
_ROUNDS = 4  # rows settle columns settle totals; real tables need two


@dataclass(frozen=True, slots=True)
class Figure:
    """A reading of a table; `value` is None when a cell it needs is not printed or not readable."""

    reading: str
    value: Decimal | None
    certain: bool  # no empty cell was counted as 0 on trust


@dataclass(frozen=True, slots=True)
class Table:
    """The facts of one form, for looking up what a sentence may mean."""

    form: FormId
    cells: Cells
    settled: Mapping[Address, Decimal]

    def prints(self, indicator: str) -> bool:
        """Whether the row stands on the page, filled or not."""
        return any(row == indicator for row, _ in self.cells)

    def figure(self, reading: str) -> Figure:
        """The value of an expression such as "requests_new + requests_carried_in@total"."""
        total, certain = Decimal(0), True
        for sign, address in _terms(reading):
            for one in self._addresses(*address):
                value = self.settled.get(one)
                if value is None and not self._empty(one):
                    return Figure(reading, None, False)
                certain = certain and value is not None
                total += -(value or 0) if sign == "-" else (value or 0)
        return Figure(reading, total, certain)

    def _addresses(self, indicator: str, column: str) -> list[Address]:
        if column == "organisations":
            return [(indicator, one) for one in ORGANISATIONS]
        usual = [column] if column else ["", "total", "annual"]
        known = [(indicator, one) for one in usual if (indicator, one) in self.cells]
        return known[:1] or [(indicator, usual[0])]

    def _empty(self, address: Address) -> bool:
        fact = self.cells.get(address)
        return fact is not None and fact.state not in ("number", "text")


def tables(facts: Sequence[Fact]) -> tuple[Table, ...]:
    """One table a form, the form of most facts first."""
    forms = dict.fromkeys(fact.form for fact in facts)
    by_form = {form: [fact for fact in facts if fact.form == form] for form in forms}
    ordered = sorted(by_form.items(), key=lambda item: -len(item[1]))
    return tuple(_table(form, cells_of(own)) for form, own in ordered)


def _table(form: FormId, cells: Cells) -> Table:
    settled = {at: f.value for at, f in cells.items() if f is not None and f.value is not None}
    readable = {at for at, f in cells.items() if f is not None and f.state != "text"}
    sums = [
        sides for sides in _sums(form, tuple(cells)) if readable.issuperset((*sides[0], *sides[1]))
    ]
    for _ in range(_ROUNDS):
        if not _settle(sums, settled):
            break
    return Table(form, cells, settled)


def _settle(
    sums: Sequence[tuple[list[Address], list[Address]]], settled: dict[Address, Decimal]
) -> bool:
    """One round: counts are never negative, so a sum already reached leaves 0 for its blanks.

    A blank total over parts that are all known is their sum: the form itself says so.
    """
    before = len(settled)
    for left, right in sums:
        _settle_sides(left, right, settled)
    return len(settled) > before


@lru_cache(maxsize=64)
def _sums(
    form: FormId, printed: tuple[Address, ...]
) -> tuple[tuple[list[Address], list[Address]], ...]:
    """Both sides of the hard sums of a form that a page with these cells prints."""
    hard = (one for one in identities() if (one.kind, one.relation) == ("hard", "="))
    own = (one for one in hard if form in one.forms)
    return tuple((left, right) for one in own for _, left, right in instances(one, printed))


def _settle_sides(
    left: Sequence[Address], right: Sequence[Address], settled: dict[Address, Decimal]
) -> None:
    open_left = [address for address in left if address not in settled]
    open_right = [address for address in right if address not in settled]
    if not open_left and not open_right:
        return
    sums = [sum((settled.get(at, Decimal(0)) for at in side), Decimal(0)) for side in (left, right)]
    if len(left) == 1 and open_left and not open_right:
        settled[left[0]] = sums[1]
    elif sums[0] == sums[1] and bool(open_left) != bool(open_right):
        settled.update(dict.fromkeys(open_left + open_right, Decimal(0)))


@cache
def _terms(reading: str) -> tuple[tuple[str, Address], ...]:
    return tuple((sign, (row, column)) for sign, row, column in _SIGNED.findall(reading))
