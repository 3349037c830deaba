"""Identities over two years of one body and scope: carried over, in force, cumulative.

All of them are soft. A missing neighbour, a form that does not print the row and a change of scope
are no violation: there is no check then, and a term that cannot be read leaves it undecided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from archive.facts import FactsStore
from archive.numbers import Stored, restore, stored
from parsers.relations import Identity, Term, identities

Address = tuple[str, str, str]  # section, indicator, column
INSERT = (
    "INSERT INTO year_checks (report, check_id, per, neighbour, status, lhs, rhs) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell; no value and state "text" when it is unreadable or printed in two ways."""

    state: str
    value: Decimal | None


UNREADABLE = Cell("text", None)


@dataclass(slots=True)
class Sheet:
    """The cells of one report that some identity over years needs, by form."""

    report: int
    cells: dict[str, dict[Address, Cell]]

    def of(self, forms: Iterable[str]) -> dict[Address, Cell]:
        found: dict[Address, Cell] = {}
        for form in forms:
            found |= self.cells.get(form, {})
        return found


@dataclass(frozen=True, slots=True)
class Side:
    """What is printed of one side."""

    known: bool  # every term is printed and readable
    empty: bool  # some term is a slash, a dash, blank or none
    sum: Decimal | None

    @property
    def least(self) -> Decimal:
        return self.sum or Decimal(0)


@cache
def over_years() -> tuple[Identity, ...]:
    """The identities that need two reports."""
    return tuple(identity for identity in identities() if identity.per == "year")


def judge(facts: FactsStore, agency: int) -> None:
    """Makes the checks of one agency anew from the reports that speak now."""
    facts.rows(
        "DELETE FROM year_checks WHERE report IN (SELECT id FROM reports WHERE agency = ?)",
        (agency,),
    )
    rows = [row for sheets in _sheets(facts, agency) for row in _checks(sheets)]
    facts.db.conn.executemany(INSERT, rows)


def _sheets(facts: FactsStore, agency: int) -> list[dict[int, Sheet]]:
    """One series of years a scope, without those that stand alone."""
    speaking = facts.rows(
        "SELECT id, year, scope, reading FROM reports WHERE agency = ? AND address = '' "
        "AND reading IS NOT NULL AND year IS NOT NULL",
        (agency,),
    )
    years = {(scope, year) for _, year, scope, _ in speaking}
    found: dict[str, dict[int, Sheet]] = {}
    for report, year, scope, reading in speaking:
        if {(scope, year - 1), (scope, year + 1)} & years:
            found.setdefault(scope, {})[year] = _sheet(facts, report, reading)
    return list(found.values())


def _sheet(facts: FactsStore, report: int, reading: int) -> Sheet:
    cells: dict[str, dict[Address, Cell]] = {}
    sql, wanted = _query()
    for form, section, indicator, column, state, value, exact in facts.rows(
        sql, (reading, *wanted)
    ):
        of_form = cells.setdefault(form, {})
        cell = Cell(state, restore(value, exact))
        known = of_form.setdefault((section, indicator, column), cell)
        if known != cell:
            of_form[section, indicator, column] = UNREADABLE
    return Sheet(report, cells)


@cache
def _query() -> tuple[str, tuple[str, ...]]:
    """The cells that the terms name; `*` stands for all rows of the cumulative columns."""
    names = {term.indicator for each in over_years() for term in (*each.left, *each.right)} - {"*"}
    marks = ", ".join("?" * len(names))
    return (
        'SELECT form, section, indicator, "column", state, value, exact FROM facts '
        f"WHERE reading = ? AND (indicator IN ({marks}) "
        "OR \"column\" IN ('annual', 'cumulative')) ORDER BY seq",
        tuple(sorted(names)),
    )


def _checks(sheets: Mapping[int, Sheet]) -> Iterator[tuple[int | str | Stored, ...]]:
    for identity in over_years():
        step = next(t.year for t in (*identity.right, *identity.left) if t.year)
        for year, sheet in sheets.items():
            if other := sheets.get(year + step):
                yield from _judged(identity, sheet, other)


def _judged(
    identity: Identity, sheet: Sheet, other: Sheet
) -> Iterator[tuple[int | str | Stored, ...]]:
    own, theirs = sheet.of(identity.forms), other.of(identity.forms)
    for per, row, column in _instances(identity, own):
        left, right = (
            [_find(identity, term, row, column, own, theirs) for term in side]
            for side in (identity.left, identity.right)
        )
        printed = [cell for term, cell in (*left, *right) if term.year and cell]
        if not printed or not any(cell for term, cell in (*left, *right) if not term.year):
            continue  # the neighbour, or this report, does not print these rows at all
        sides = _side(left), _side(right)
        yield (
            sheet.report, identity.id, per, other.report, _status(*sides),
            stored(sides[0].sum), stored(sides[1].sum),
        )  # fmt: skip


def _instances(identity: Identity, own: Mapping[Address, Cell]) -> Iterator[tuple[str, str, str]]:
    """per, row, column: once a case, a printed row, or a printed column of the first term."""
    if identity.case:
        yield identity.case, "", ""
        return
    first = identity.left[0]
    for section, row, column in own:
        if section != identity.section:
            continue
        if first.indicator == "*" and column == first.column:
            yield row, row, column
        elif row == first.indicator:
            yield column, row, column


def _find(
    identity: Identity,
    term: Term,
    row: str,
    column: str,
    own: Mapping[Address, Cell],
    theirs: Mapping[Address, Cell],
) -> tuple[Term, Cell | None]:
    indicator = row if term.indicator == "*" else term.indicator
    cells = theirs if term.year else own
    return term, cells.get((identity.section, indicator, term.column or column))


def _side(terms: Iterable[tuple[Term, Cell | None]]) -> Side:
    known, empty, total = True, False, None
    for term, cell in terms:
        if cell is None or cell.state == "text":
            known = False
        elif cell.value is None:
            empty = True
        else:
            total = (total or Decimal(0)) + term.sign * cell.value
    return Side(known, empty, total)


def _status(left: Side, right: Side) -> str:
    """An empty term counts 0 and may hide a difference; it can never make one."""
    if not (left.known and right.known) or left.sum is right.sum is None:
        return "undecided"
    if left.least == right.least:
        return "holds_if_blank_is_zero" if left.empty or right.empty else "holds"
    return "undecided" if left.empty or right.empty else "broken"
