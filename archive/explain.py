"""From a number to the cell it was printed in, the checks it is part of, and what it was before."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from archive.changes import ONCE
from archive.facts import FactsStore
from archive.numbers import plain, restore, shown
from archive.runs import LATEST, SPOKEN, in_force_on
from archive.years import over_years
from parsers.dictionary import indicators
from parsers.errors import ArchiveError
from parsers.identities import cells_of, instances
from parsers.model import At, Fact
from parsers.relations import Identity, identities

NAMED = re.compile(r"^(?P<agency>.*?)\s*(?P<year>(?:19|20)\d{2})\s*年?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class TakesPart:
    """A check that this cell is a term of."""

    id: str
    per: str
    status: str
    lhs: str
    rhs: str
    with_year: int | None = None  # the year of the other report, for a check over two

    @property
    def relation(self) -> str:
        """What must stand between the sides: =, <= or >=."""
        return self._rule.relation if self._rule else "and"

    @property
    def _rule(self) -> Identity | None:
        return next((rule for rule in identities() if rule.id == self.id), None)

    @property
    def excuse(self) -> str:
        """Of a broken sum that need not hold on every report: what breaks it lawfully."""
        rule = self._rule
        if self.status != "broken" or rule is None or rule.kind == "hard":
            return ""
        return rule.note or "not every report must keep it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """What a person said of the cell; the printed value stays what it is."""

    id: str
    kind: str
    standing: str
    value: str | None
    state: str
    by: str
    decided: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """One change of this cell; the newest comes last."""

    run: int
    at: str
    cause: str
    kind: str
    old: str | None
    new: str | None
    old_state: str | None
    new_state: str | None
    reason: str
    old_parser: str
    new_parser: str
    old_sha256: str
    new_sha256: str
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
    rulings: tuple[Ruled, ...]
    history: tuple[Earlier, ...]
    as_of: str = ""


REPORT = (
    "SELECT p.id, r.id, r.title, a.name, p.year, p.scope, s.because, p.rivals, r.capture, r.url, "
    f"r.captured_at, r.body, r.parser, r.from_run FROM ({SPOKEN.format('?1')}) s "
    "JOIN reports p ON p.id = s.report JOIN readings r ON r.id = s.reading "
    "JOIN agencies a ON a.id = p.agency WHERE "
)
FACT = (
    'SELECT form, section, indicator, "column", seq, value, exact, state, raw, unit, unit_from, '
    "label, table_no, row_no, cell_no, at FROM facts WHERE reading = ? "
)
HISTORY = (
    "SELECT c.run, c.at, c.cause, c.kind, c.old, c.new, c.old_state, c.new_state, c.reason, "
    "o.parser, n.parser, o.body, n.body, c.url FROM changes c "
    "JOIN readings o ON o.id = c.old_reading JOIN readings n ON n.id = c.new_reading "
    "JOIN runs u ON u.id = c.run WHERE c.report = ? AND c.section = ? AND c.indicator = ? "
    'AND c."column" = ? AND c.seq = ? AND u.promoted IS NOT NULL AND c.run <= ? '
    f"AND {ONCE} ORDER BY c.id"
)
RULED = (
    "SELECT id, kind, standing, value, exact, state, by, decided, why FROM rulings WHERE body = ? "
    'AND section = ? AND indicator = ? AND "column" = ? AND seq = ? ORDER BY id'
)
YEARS = (
    "SELECT y.check_id, y.per, y.status, y.lhs, y.rhs, p.year FROM year_checks y "
    "JOIN reports p ON p.id = CASE WHEN y.report = ?1 THEN y.neighbour ELSE y.report END "
    "WHERE y.report = ?1 OR (y.neighbour = ?1 AND y.report IN (SELECT n.id FROM reports n "
    "JOIN reports o ON n.agency = o.agency WHERE o.id = ?1)) ORDER BY y.report, y.check_id"
)


def explain(
    data: Path,
    report: str,
    indicator: str,
    column: str = "",
    *,
    seq: int = 0,
    as_of: str | None = None,
) -> Explanation:
    """`report` is an id, an address, or "吉安市 2017"; seq > 0 is a number printed again.

    `as_of` is a day: what the archive said at its end.
    """
    with FactsStore.reader(data) as facts:
        run = in_force_on(facts, as_of) if as_of else LATEST
        found = report_named(facts, report.strip(), run)
        printed = facts.rows(FACT, (found[1],))
        row = _cell(printed, indicator, column, seq)
        told = _explained(facts, run, found, row, [_fact(other) for other in printed])
        return replace(told, as_of=f"{as_of}, after run {run}") if as_of else told


def report_named(facts: FactsStore, named: str, run: int = LATEST) -> tuple[Any, ...]:
    """The one report that is meant, as it was after a run; an error lists the candidates."""
    if re.fullmatch(r"[0-9]{1,15}", named) and (
        rows := facts.rows(REPORT + "p.id = ?2", (run, named))
    ):
        return rows[0]
    rows = facts.rows(
        REPORT + "p.id IN (SELECT report FROM readings WHERE url = ?2 AND from_run <= ?1)",
        (run, named),
    )
    if not rows and (match := NAMED.match(named)):
        agency = "".join(match["agency"].split())
        rows = facts.rows(
            REPORT + "p.year = ?2 AND (a.name = ?3 OR a.name = ?3 || '人民政府' "
            "OR a.name || '人民政府' = ?3) ORDER BY p.id",
            (run, int(match["year"]), agency),
        )
    if not rows:
        hint = _nearest(facts, named, run)
        raise ArchiveError(f"there is no report {named!r}: {hint}")
    if len(rows) > 1:
        listed = ", ".join(f"{row[0]} ({row[3]} {row[4]}, {row[5]})" for row in rows[:9])
        raise ArchiveError(f"{named!r} is more than one report, give an id: {listed}")
    return rows[0]


BODIES = (
    f"SELECT a.name, min(p.year), max(p.year) FROM ({SPOKEN.format('?1')}) s "
    "JOIN reports p ON p.id = s.report JOIN agencies a ON a.id = p.agency GROUP BY a.name"
)


def _nearest(facts: FactsStore, named: str, run: int) -> str:
    """What there is instead: the years of the body, or bodies of a like name."""
    match = NAMED.match(named)
    wanted = "".join((match["agency"] if match else named).split()).removesuffix("人民政府")
    known = {name: years for name, *years in facts.rows(BODIES, (run,))}
    here = [name for name in known if wanted and name.removesuffix("人民政府") == wanted]
    near = here or get_close_matches(wanted, known, 3, 0.5)
    if not near:
        return "give its id, its URL, or AGENCY YEAR"
    told = ", ".join(f"{name} {_span(*known[name])}" for name in near)
    return f"there is {told}" if here else f"did you mean {told}?"


def _span(first: int | None, last: int | None) -> str:
    return "without a year" if first is None else f"{first} to {last}"


def _cell(printed: Sequence[Any], indicator: str, column: str, seq: int) -> tuple[Any, ...]:
    rows = [row for row in printed if row[2] == indicator]
    for row in rows:
        if (row[3], row[4]) == (column, seq):
            return tuple(row)
    if not rows:
        raise ArchiveError(_not_printed(indicator, [row[2] for row in printed]))
    columns = ", ".join(dict.fromkeys(row[3] or "(none)" for row in rows))
    if not column:
        raise ArchiveError(f"{indicator} stands in several columns here, name one: {columns}")
    raise ArchiveError(f"{indicator} has no column {column!r} here; it has: {columns}")


def _not_printed(indicator: str, here: Sequence[str]) -> str:
    known = {row.id for row in indicators()}
    near = get_close_matches(indicator, sorted({*here, *known}), 3)
    meant = f"; did you mean {', '.join(near)}?" if near else ""
    if indicator in known:
        return f"this report does not print {indicator}"
    return f"there is no indicator {indicator!r}{meant}"


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
    facts: FactsStore,
    run: int,
    report: Sequence[Any],
    row: Sequence[Any],
    printed: Sequence[Fact],
) -> Explanation:
    fact = _fact(row)
    cell = (fact.section, fact.indicator, fact.column, row[4])
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
        checks=(
            *_checks(facts, report[1], fact, printed),
            *_over_years(facts, report[0], fact),
        ),
        rulings=tuple(_ruled(row) for row in facts.rows(RULED, (report[11], *cell))),
        history=tuple(
            Earlier(**dict(zip(EARLIER, row, strict=True)))
            for row in facts.rows(HISTORY, (report[0], *cell, run))
        ),
    )


EARLIER = tuple(Earlier.__dataclass_fields__)


def _ruled(row: Sequence[Any]) -> Ruled:
    value = restore(row[3], row[4])
    return Ruled(
        id=row[0],
        kind=row[1],
        standing=row[2],
        value=None if value is None else plain(value),
        state=row[5],
        by=row[6],
        decided=row[7],
        why=row[8],
    )


def _over_years(facts: FactsStore, report: int, fact: Fact) -> Iterator[TakesPart]:
    """Checks over two years that this cell is a term of, on this report or on its neighbour."""
    cases = {
        (identity.id, identity.case)
        for identity in over_years()
        if identity.section == fact.section
        and fact.form in identity.forms
        and any(
            term.indicator in ("*", fact.indicator) for term in (*identity.left, *identity.right)
        )
    }
    for name, per, status, lhs, rhs, year in facts.rows(YEARS, (report,)):
        if (name, per) in cases or ((name, "") in cases and per in (fact.indicator, fact.column)):
            yield TakesPart(
                id=name, per=per, status=status, lhs=shown(lhs), rhs=shown(rhs), with_year=year
            )


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
