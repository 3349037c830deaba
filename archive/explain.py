"""From a number to the cell it was printed in, the checks it is part of, and what it was before."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.facts import FactsStore
from archive.numbers import plain, restore, shown
from parsers.errors import ArchiveError
from parsers.identities import cells_of, instances
from parsers.model import At, Fact
from parsers.relations import identities

NAMED = re.compile(r"^(?P<agency>.*?)\s*(?P<year>(?:19|20)\d{2})\s*年?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class TakesPart:
    """A check that this cell is a term of."""

    id: str
    per: str
    status: str
    lhs: str
    rhs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """One change of this cell; the newest comes last."""

    run: int
    at: str
    cause: str
    kind: str
    old: str | None
    new: str | None
    old_parser: str
    new_parser: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything the archive knows about one printed cell."""

    report: int
    title: str
    agency: str
    year: int | None
    scope: str
    chosen_because: str
    rivals: int
    form: str
    section: str
    indicator: str
    column: str
    seq: int
    value: str | None
    state: str
    raw: str
    unit: str
    unit_from: str
    label: str
    at: dict[str, object]
    capture: int
    url: str
    fetched_at: str
    sha256: str
    parser: str
    run: int
    problems: tuple[tuple[str, str, str], ...]  # code, severity, detail
    checks: tuple[TakesPart, ...]
    history: tuple[Earlier, ...]


REPORT = (
    "SELECT p.id, p.reading, r.title, a.name, p.year, p.scope, p.chosen_because, p.rivals, "
    "r.capture, r.url, r.captured_at, r.body, r.parser, r.from_run FROM reports p "
    "JOIN readings r ON r.id = p.reading JOIN agencies a ON a.id = p.agency WHERE "
)
FACT = (
    'SELECT form, section, indicator, "column", seq, value, exact, state, raw, unit, unit_from, '
    "label, table_no, row_no, cell_no, at FROM facts WHERE reading = ? "
)
HISTORY = (
    "SELECT c.run, c.at, c.cause, c.kind, c.old, c.new, o.parser, n.parser, c.url FROM changes c "
    "JOIN readings o ON o.id = c.old_reading JOIN readings n ON n.id = c.new_reading "
    "WHERE c.report = ? AND c.section = ? AND c.indicator = ? "
    'AND c."column" = ? AND c.seq = ? ORDER BY c.id'
)


def explain(
    data: Path, report: str, indicator: str, column: str = "", *, seq: int = 0
) -> Explanation:
    """`report` is an id, an address, or "吉安市 2017"; seq > 0 is a number printed again."""
    with FactsStore.reader(data) as facts:
        found = _report(facts, report.strip())
        printed = facts.rows(FACT, (found[1],))
        row = _cell(printed, indicator, column, seq)
        return _explained(facts, found, row, [_fact(other) for other in printed])


def _report(facts: FactsStore, named: str) -> tuple[Any, ...]:
    """The one report that is meant; an error lists the candidates."""
    if re.fullmatch(r"[0-9]{1,15}", named) and (rows := facts.rows(REPORT + "p.id = ?", (named,))):
        return rows[0]
    rows = facts.rows(
        REPORT + "p.id IN (SELECT report FROM readings WHERE url = ? AND to_run IS NULL)", (named,)
    )
    if not rows and (match := NAMED.match(named)):
        agency = "".join(match["agency"].split())
        rows = facts.rows(
            REPORT + "p.year = ?1 AND (a.name = ?2 OR a.name = ?2 || '人民政府' "
            "OR a.name || '人民政府' = ?2) ORDER BY p.id",
            (int(match["year"]), agency),
        )
    if not rows:
        raise ArchiveError(f"there is no report {named!r}: give its id, its URL, or AGENCY YEAR")
    if len(rows) > 1:
        listed = ", ".join(f"{row[0]} ({row[3]} {row[4]}, {row[5]})" for row in rows[:9])
        raise ArchiveError(f"{named!r} is more than one report, give an id: {listed}")
    return rows[0]


def _cell(printed: Sequence[Any], indicator: str, column: str, seq: int) -> tuple[Any, ...]:
    rows = [row for row in printed if row[2] == indicator]
    for row in rows:
        if (row[3], row[4]) == (column, seq):
            return tuple(row)
    if not rows:
        raise ArchiveError(f"this report prints no {indicator}")
    columns = ", ".join(dict.fromkeys(row[3] or "(none)" for row in rows))
    raise ArchiveError(f"{indicator} has no column {column!r} here; it has: {columns}")


def _fact(row: Sequence[Any]) -> Fact:
    return Fact(
        form=row[0],
        section=row[1],
        indicator=row[2],
        column=row[3],
        value=restore(row[5], row[6]),
        state=row[7],
        raw=row[8],
        unit=row[9],
        unit_from=row[10],
        label=row[11],
        at=_at(row),
    )


def _at(row: Sequence[Any]) -> At:
    if row[15]:
        parts = json.loads(row[15])
        return At(**(parts | ({"box": tuple(parts["box"])} if "box" in parts else {})))
    return At(table=row[12], row=row[13], cell=row[14])


def _explained(
    facts: FactsStore, report: Sequence[Any], row: Sequence[Any], printed: Sequence[Fact]
) -> Explanation:
    fact = _fact(row)
    return Explanation(
        report=report[0],
        title=report[2],
        agency=report[3],
        year=report[4],
        scope=report[5],
        chosen_because=report[6],
        rivals=report[7],
        form=fact.form,
        section=fact.section,
        indicator=fact.indicator,
        column=fact.column,
        seq=row[4],
        value=None if fact.value is None else plain(fact.value),
        state=fact.state,
        raw=fact.raw,
        unit=fact.unit,
        unit_from=fact.unit_from,
        label=fact.label,
        at=fact.at.as_dict(),
        capture=report[8],
        url=report[9],
        fetched_at=report[10],
        sha256=report[11],
        parser=report[12],
        run=report[13],
        problems=_problems(facts, report[1], fact.at),
        checks=_checks(facts, report[1], fact, printed),
        history=tuple(
            Earlier(
                run=run, at=at, cause=cause, kind=kind, old=old, new=new,
                old_parser=old_parser, new_parser=new_parser, url=url,
            )
            for run, at, cause, kind, old, new, old_parser, new_parser, url in facts.rows(
                HISTORY, (report[0], fact.section, fact.indicator, fact.column, row[4])
            )
        ),
    )  # fmt: skip


def _problems(facts: FactsStore, reading: int, at: At) -> tuple[tuple[str, str, str], ...]:
    rows = facts.rows(
        "SELECT code, severity, detail, 0, 0, 0, 0, 0, 0, 0, 0, 0, table_no, row_no, cell_no, at "
        "FROM problems WHERE reading = ? ORDER BY seq",
        (reading,),
    )
    return tuple((row[0], row[1], row[2]) for row in rows if _at(row).covers(at))


def _checks(
    facts: FactsStore, reading: int, fact: Fact, printed: Sequence[Fact]
) -> tuple[TakesPart, ...]:
    """Identities whose terms include the cell, as they came out on this report."""
    cells = cells_of(
        other for other in printed if (other.form, other.section) == (fact.form, fact.section)
    )
    address = (fact.indicator, fact.column)
    parts = {
        (identity.id, per)
        for identity in identities()
        if identity.per != "year"
        and identity.section == fact.section
        and fact.form in identity.forms
        for per, left, right in instances(identity, cells)
        if address in (*left, *right)
    }
    rows = facts.rows(
        "SELECT check_id, per, status, lhs, rhs FROM checks WHERE reading = ? ORDER BY seq",
        (reading,),
    )
    return tuple(
        TakesPart(id=name, per=per, status=status, lhs=shown(lhs), rhs=shown(rhs))
        for name, per, status, lhs, rhs in rows
        if (name, per) in parts
    )
