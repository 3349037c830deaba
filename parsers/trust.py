"""What is read from an image is in doubt; sums that hold raise that trust, never to certain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .model import Check, Fact, Problem
from .problems import PROBLEMS
from .relations import identities

_CONSISTENT = PROBLEMS["ocr-consistent"]


def weighed(
    problems: Iterable[Problem], facts: Sequence[Fact], checks: Sequence[Check]
) -> list[Problem]:
    """The problems; a table read from an image is consistent when all its hard identities hold."""
    hard = {identity.id for identity in identities() if identity.kind == "hard"}
    sums = [check for check in checks if check.id in hard]
    return [_weighed(each, facts, sums) for each in problems]


def _weighed(each: Problem, facts: Sequence[Fact], sums: Sequence[Check]) -> Problem:
    if each.code != "ocr-unverified" or each.at.table is None:
        return each
    sections = {fact.section for fact in facts if fact.at.table == each.at.table}
    own = [check for check in sums if section_of(check) in sections]
    if not own or not all(check.status.startswith("holds") for check in own):
        return each
    return replace(each, code=_CONSISTENT.code, detail=_CONSISTENT.template)


def section_of(check: Check) -> str:
    """The section that an identity speaks of."""
    return check.id[0] if check.id[0] in "ABC" else "S"
