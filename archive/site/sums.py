"""The sums of a form on one report: which cells take part, and how they came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.site.asking import Row
from archive.site.layout import key
from parsers.identities import Address, instances
from parsers.relations import Identity, Term, identities


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """One identity: its two sides as printed cells, None for a cell that is not printed."""

    id: str
    per: str
    status: str
    relation: str
    kind: str
    note: str
    left: Sequence[tuple[int, str, Row | None]]  # sign, indicator, cell
    right: Sequence[tuple[int, str, Row | None]]
    lhs: object
    rhs: object


def sums(facts: Sequence[Row], checks: Sequence[Row]) -> list[Sum]:
    """Every stored check with the cells it was taken over."""
    stored = {(row["check_id"], row["per"]): row for row in checks}
    found: list[Sum] = []
    for section, form in dict.fromkeys((row["section"], row["form"]) for row in facts):
        own = {
            (row["indicator"], row["column"]): row
            for row in facts
            if (row["section"], row["form"], row["seq"]) == (section, form, 0)
        }
        for identity in identities():
            if identity.per != "year" and identity.section == section and form in identity.forms:
                found += _instances(identity, own, stored)
    return found


def _instances(
    identity: Identity, own: dict[Address, Row], stored: dict[tuple[str, str], Row]
) -> list[Sum]:
    found = []
    for per, left, right in instances(identity, own):
        row = stored.get((identity.id, per))
        if row is not None:
            signs = {term.indicator: term.sign for term in (*identity.left, *identity.right)}
            sides = [
                [(signs.get(name, 1), name if name != per else column, own.get((name, column)))
                 for name, column in side]
                for side in (left, right)
            ]  # fmt: skip
            found.append(
                Sum(id=identity.id, per=per, status=row["status"], relation=identity.relation,
                    kind=row["kind"], note=identity.note, left=sides[0], right=sides[1],
                    lhs=row["lhs"], rhs=row["rhs"])
            )  # fmt: skip
    return found


def over_years(
    own: Sequence[Row], others: Mapping[int, Sequence[Row]], checks: Sequence[Row]
) -> list[Sum]:
    """Checks over two years with their cells, some of which another report prints; `others` are
    the cells of those reports."""
    printed = {
        report: {
            (row["section"], row["indicator"], row["column"]): row
            for row in facts
            if row["seq"] == 0
        }
        for report, facts in (*others.items(), *((row["report_id"], own) for row in own[:1]))
    }
    made = []
    for check in checks:
        sheets = [printed.get(check[name], {}) for name in ("report_id", "neighbour_id")]
        made += [
            _over(identity, check, *sheets)
            for identity in identities()
            if identity.per == "year"
            and identity.id == check["check_id"]
            and identity.case in ("", check["per"])
        ]
    return made


Sheet = Mapping[tuple[str, str, str], Row]


def _over(identity: Identity, check: Row, own: Sheet, theirs: Sheet) -> Sum:
    sides = [
        [_over_term(identity, term, check["per"], theirs if term.year else own) for term in side]
        for side in (identity.left, identity.right)
    ]
    return Sum(
        id=identity.id, per=check["per"], status=check["status"], relation=identity.relation,
        kind=check["kind"], note=identity.note, left=sides[0], right=sides[1],
        lhs=check["lhs"], rhs=check["rhs"],
    )  # fmt: skip


def _over_term(
    identity: Identity, term: Term, per: str, sheet: Sheet
) -> tuple[int, str, Row | None]:
    """`per` is the row where the term names none, else the column where it names none."""
    row = per if term.indicator == "*" else term.indicator
    column = term.column or ("" if identity.case or term.indicator == "*" else per)
    return term.sign, row, sheet.get((identity.section, row, column))


def cells(found: Sum) -> list[Row]:
    """The printed cells on both sides."""
    return [row for _, _, row in (*found.left, *found.right) if row is not None]


def keys(found: Sum) -> frozenset[str]:
    """Their names."""
    return frozenset(key(row) for row in cells(found))
