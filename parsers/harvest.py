"""What one document yields: facts, and an account of every non-empty cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .dictionary import Indicator
from .model import At, Cell, Fact, Leftover, Problem, Severity, UnitFrom
from .problems import problem
from .text import squeeze
from .values import Value, read_value

SCALES = frozenset("万亿千百")
Unit = tuple[str, UnitFrom]  # the unit, and where it was printed (Fact.unit_from)


@dataclass(slots=True)
class Harvest:
    """Collects facts while marking the cells they, their labels and heads were read from."""

    facts: list[Fact] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    used: set[At] = field(default_factory=set)
    grids: set[int] = field(default_factory=set)
    unit: str = ""  # given to all numbers by a line above the table that is read

    def use(self, *cells: Cell | None) -> None:
        """These cells are labels, units or heads."""
        self.used.update(cell.at for cell in cells if cell is not None)

    def leave(self, label: str, *cells: Cell | None) -> None:
        """These cells are understood by nobody; the empty ones are nothing."""
        for cell in cells:
            if cell is not None and squeeze(cell.text):
                self.leftovers.append(Leftover(label=label, raw=cell.text, at=cell.at))
                self.used.add(cell.at)

    def warn(self, code: str, at: At, **fields: object) -> None:
        """Record a problem of that code."""
        self.problems.append(problem(code, at, severity=None, **fields))

    def fact(self, row: Indicator, column: str, cell: Cell, label: str, unit: Unit) -> None:
        """The cell is the value of that row and column."""
        value = read_value(cell)
        self.used.add(cell.at)
        name, where = self._above(row, unit)
        if value.unit:
            name, where = value.unit, "cell"
        if value.note or value.problem or value.value is not None:
            self._doubt(row, cell, value, name)
        self.facts.append(
            Fact(
                form=row.form,
                section=row.section,
                indicator=row.id,
                column=column,
                value=value.value,
                state=value.state,
                raw=cell.text,
                unit=name,
                unit_from=where,
                label=label,
                at=cell.at,
            )
        )

    def _above(self, row: Indicator, unit: Unit) -> Unit:
        """Money, and counts in tens of thousands, by the line above the table: 单位：元."""
        if unit[1] not in ("form", "") or not self.unit:
            return unit
        money = "元" in self.unit
        told = money if row.kind == "amount" else _is_scaled(self.unit)
        return (self.unit, "header") if told else unit

    def _doubt(self, row: Indicator, cell: Cell, value: Value, unit: str) -> None:
        if value.note:
            self.warn(value.note, cell.at, raw=cell.text)
        if value.problem == "unreadable-number":
            self.warn(value.problem, cell.at, raw=cell.text)
        elif value.problem:
            reason = "a part is hidden, moved or drawn" if cell.uncertain else "its shape"
            self.warn(value.problem, cell.at, raw=cell.text, value=value.value, reason=reason)
        if value.value is not None:
            if reason := _doubtful(row, value):
                fields = {"raw": cell.text, "value": value.value, "reason": reason}
                self.warn("number-doubtful", cell.at, **fields)
            self._doubt_unit(row, cell, unit)

    def _doubt_unit(self, row: Indicator, cell: Cell, unit: str) -> None:
        if row.kind != "amount" and _is_scaled(self.unit) and not _is_scaled(unit):
            fields = {"unit": self.unit, "expected": unit}
            self.problems.append(problem("unit-differs", cell.at, severity="warning", **fields))
        if not unit:
            if row.kind == "amount" and not row.unit:
                self.warn("unit-missing", cell.at, indicator=row.id)
        elif row.unit and unit != row.unit:
            money = "元" in unit and "元" in row.unit
            scaled = unit[0] in SCALES and row.unit[0] != unit[0]
            severity: Severity = "warning" if scaled and not money else "info"
            self.problems.append(
                problem("unit-differs", cell.at, severity=severity, unit=unit, expected=row.unit)
            )

    def settle(self) -> None:
        """One fact a key: what is printed twice is kept once, what differs is said."""
        kept: dict[tuple[str, str, str, str], Fact] = {}
        for fact in self.facts:
            first = kept.setdefault((fact.form, fact.section, fact.indicator, fact.column), fact)
            if first is not fact:
                self._settle_pair(first, fact)
        self.facts = list(kept.values())

    def _settle_pair(self, first: Fact, again: Fact) -> None:
        if (first.state, first.value, first.unit) == (again.state, again.value, again.unit):
            return
        values = f"{first.raw!r}, {again.raw!r}"
        self.warn("duplicate-row", first.at, indicator=first.indicator, values=values)
        self.leftovers.append(Leftover(label=again.label, raw=again.raw, at=again.at))


def _is_scaled(unit: str) -> bool:
    """Counts in hundreds to hundreds of millions: 万件."""
    return unit[:1] in SCALES and "元" not in unit


def _doubtful(row: Indicator, value: Value) -> str:
    """Counts are whole and not negative, decimals are of amounts, a sign of changes."""
    if row.kind != "amount" and value.decimals:
        return "a count with decimals"
    if row.kind == "signed" or not value.sign:
        return ""
    kind = "an amount" if row.kind == "amount" else "a count"
    return f"{kind} below zero" if (value.value or 0) < 0 else f"{kind} with a sign"


def unit_of(row: Indicator, *printed: Unit) -> Unit:
    """The first unit printed, else the form's own."""
    for name, where in printed:
        if name:
            return name, where
    return (row.unit, "form") if row.unit else ("", "")


def texts(cells: Iterable[Cell | None]) -> str:
    """The texts of the cells on one line, for a problem's detail."""
    return " | ".join(" ".join(cell.text.split()) for cell in cells if cell is not None)
