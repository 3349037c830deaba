"""A reading against the truth: exact, or what is wrong with it, and whether it says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from parsers.model import Fact, Report

from .printed import Printed
from .sheets import Key


@dataclass(slots=True)
class Verdict:
    """`silent`: without a warning on its cell, a number wrong, invented, or read as no number."""

    cells: int = 0
    numbers: int = 0
    right: int = 0
    read: int = 0
    missing: list[Key] = field(default_factory=list)
    wrong: list[tuple[Key, str]] = field(default_factory=list)
    silent: list[tuple[Key, str]] = field(default_factory=list)
    false_alarms: list[tuple[Key, str]] = field(default_factory=list)

    @property
    def exact(self) -> bool:
        """Every fact, nothing else."""
        return not self.missing and not self.wrong


def judge(report: Report, truth: Mapping[Key, Printed]) -> Verdict:
    """How well the report says the truth."""
    verdict = Verdict(cells=len(truth))
    verdict.numbers = sum(printed.state == "number" for printed in truth.values())
    warnings = [p for p in report.problems if p.severity != "info"]
    seen: set[Key] = set()
    for fact in report.facts:
        key = (fact.form, fact.section, fact.indicator, fact.column)
        seen.add(key)
        warned = [p.code for p in warnings if p.at.covers(fact.at)]
        _judge_fact(fact, key, truth.get(key), warned, verdict)
    verdict.missing = [key for key in truth if key not in seen]
    return verdict


def _judge_fact(
    fact: Fact, key: Key, printed: Printed | None, warned: list[str], verdict: Verdict
) -> None:
    verdict.read += fact.value is not None
    if printed and (fact.state, fact.value) == (printed.state, printed.value):
        verdict.right += fact.value is not None
        if warned and not printed.doubtful:
            verdict.false_alarms.append((key, ",".join(warned)))
        return
    said = f"{fact.raw!r} -> {fact.state} {fact.value}, printed {printed}"
    verdict.wrong.append((key, said))
    lost = printed is not None and printed.state == "number"
    if (fact.value is not None or lost) and not warned:
        verdict.silent.append((key, said))
