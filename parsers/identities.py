"""Printed sums against printed totals: what holds, what is broken, what cannot be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache

from parsers.frozen import dataclass
from parsers.model import Check, CheckStatus, Fact, FormId, Section
from parsers.relations import Identity, Relation, Term, identities

Address = tuple[str, str]  # indicator, column
Cells = Mapping[Address, Fact | None]  # None: printed twice with different values


@dataclass(frozen=True, slots=True)
class Side:
    """What the page prints of one side of an identity."""

    sum: Decimal | None  # of the printed numbers; None when there is none
    empty: bool  # some term is a slash, a dash, blank or none
    missing: bool  # some term is not printed at all
    unreadable: bool  # some term is text, or printed twice with different values

    @property
    def least(self) -> Decimal:
        """The side is at least this much: counts are never negative."""
        return self.sum or Decimal(0)

    @property
    def exact(self) -> bool:
        """Whether every term is a printed number."""
        return not (self.empty or self.missing or self.unreadable)


def check(facts: Sequence[Fact]) -> tuple[Check, ...]:
    """Every identity of the printed forms that needs no other year, in the order of the data file.

    Facts are taken by their own form. Where a section stands in two forms, an identity that both
    share is taken once, for the form of more facts.
    """
    done: dict[tuple[str, str], Check] = {}
    for (form, section), _ in Counter((f.form, f.section) for f in facts).most_common():
        cells = cells_of(f for f in facts if f.form == form and f.section == section)
        for identity, per, left, right in _asked(form, section, tuple(cells)):
            done.setdefault((identity.id, per), _judged(identity, per, left, right, cells))
    return tuple(sorted(done.values(), key=lambda found: _places()[found.id]))


@lru_cache(maxsize=64)
def _asked(
    form: FormId, section: Section, printed: tuple[Address, ...]
) -> tuple[tuple[Identity, str, list[Address], list[Address]], ...]:
    """What a page must keep that prints these cells; most pages of a form print the same."""
    return tuple(
        (identity, *instance)
        for identity in _within(form, section)
        for instance in instances(identity, printed)
    )


@cache
def _within(form: FormId, section: Section) -> tuple[Identity, ...]:
    """The identities of one section that need no other year."""
    own = (identity for identity in identities() if identity.section == section)
    return tuple(one for one in own if one.per != "year" and form in one.forms)


@cache
def _places() -> Mapping[str, int]:
    return {identity.id: number for number, identity in enumerate(identities())}


def cross_year() -> tuple[Identity, ...]:
    """The identities over the reports of one body; a term's `year` says which report prints it."""
    return tuple(identity for identity in identities() if identity.per == "year")


def hard_score(checks: Iterable[Check]) -> tuple[int, int]:
    """How many hard identities hold and how many are broken: for choosing between readings."""
    hard = {identity.id for identity in identities() if identity.kind == "hard"}
    counts = Counter(found.status for found in checks if found.id in hard)
    return counts["holds"] + counts["holds_if_blank_is_zero"], counts["broken"]


def cells_of(facts: Iterable[Fact]) -> Cells:
    """Facts of one form by row and column; None where two of them differ."""
    cells: dict[Address, Fact | None] = {}
    for fact in facts:
        address = (fact.indicator, fact.column)
        known = cells.get(address, fact)
        same = known is not None and (known.state, known.value) == (fact.state, fact.value)
        cells[address] = fact if same else None
    return cells


def instances(
    identity: Identity, printed: Iterable[Address]
) -> Iterator[tuple[str, list[Address], list[Address]]]:
    """The identity as it applies to a page with these cells: once, per case, column or row."""
    cells = dict.fromkeys(printed)
    if identity.per == "column":
        at_hand = [("", column) for column in dict.fromkeys(column for _, column in cells)]
    elif identity.per == "row":
        at_hand = [(row, "") for row in dict.fromkeys(row for row, _ in cells)]
    else:
        at_hand = [("", "")]
    for row, column in at_hand:
        left = [_address(term, row, column) for term in identity.left]
        right = [_address(term, row, column) for term in identity.right]
        if not cells.keys().isdisjoint(left) or not cells.keys().isdisjoint(right):
            if identity.printed_only:
                right = [address for address in right if address in cells]
            yield identity.case or row or column, left, right


def _judged(
    identity: Identity, per: str, left: list[Address], right: list[Address], cells: Cells
) -> Check:
    sides = (_side(left, cells), _side(right, cells))
    status = _status(identity, *sides)
    return Check(id=identity.id, per=per, status=status, lhs=sides[0].sum, rhs=sides[1].sum)


def _address(term: Term, row: str, column: str) -> Address:
    return (row if term.indicator == "*" else term.indicator, term.column or column)


def _side(addresses: Sequence[Address], cells: Cells) -> Side:
    printed = [cells[address] for address in addresses if address in cells]
    numbers = [fact.value for fact in printed if fact is not None and fact.value is not None]
    unreadable = [fact for fact in printed if fact is None or fact.state == "text"]
    return Side(
        sum=sum(numbers, Decimal(0)) if numbers else None,
        empty=len(numbers) + len(unreadable) < len(printed),
        missing=len(printed) < len(addresses) or not addresses,
        unreadable=bool(unreadable),
    )


def _status(identity: Identity, left: Side, right: Side) -> CheckStatus:
    """Empty terms count 0; they can hide a difference, they can never make one."""
    if left.unreadable or right.unreadable or _without_total(identity, left, right):
        return "undecided"
    if left.missing or right.missing:
        over = identity.overflow and left.exact and right.least > left.least
        return "broken" if over else "undecided"
    if _stands(left.least, identity.relation, right.least):
        return "holds" if left.exact and right.exact else "holds_if_blank_is_zero"
    smaller = left if left.least < right.least else right
    return "undecided" if smaller.empty else "broken"


def _without_total(identity: Identity, left: Side, right: Side) -> bool:
    sides = {"left": (left,), "right": (right,), "both": (left, right)}[identity.total]
    return any(side.sum is None for side in sides)


def _stands(left: Decimal, relation: Relation, right: Decimal) -> bool:
    if relation == "=":
        return left == right
    return left <= right if relation == "<=" else left >= right
