"""Changes for people: what matters first, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.changes import ChangeRow

# A number that became another number, or vanished, before a number that was gained.
WEIGHT = {"changed": 0, "removed": 1, "edition": 2, "field": 3, "added": 4}
CAUSES = ("source", "parser", "patch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All changes of one indicator by one cause."""

    cause: str
    section: str
    indicator: str
    cells: int
    reports: int
    changed: int
    removed: int
    added: int
    unexplained: int  # of the parser, without a stated reason
    example: ChangeRow


def weight(change: ChangeRow) -> tuple[int, int, int]:
    """Smaller matters more."""
    numbers = (change.old_state, change.new_state) == ("number", "number")
    return WEIGHT[change.kind], 0 if numbers else 1, CAUSES.index(change.cause)


def groups(changes: Iterable[ChangeRow]) -> tuple[Group, ...]:
    """By cause and indicator: those that changed or lost most cells come first."""
    found: dict[tuple[str, str, str], list[ChangeRow]] = {}
    for change in changes:
        found.setdefault((change.cause, change.section, change.indicator), []).append(change)
    made = [_group(members) for members in found.values()]
    return tuple(sorted(made, key=lambda g: (-(g.changed + g.removed), -g.cells, g.indicator)))


def _group(members: Sequence[ChangeRow]) -> Group:
    kinds = [member.kind for member in members]
    first = min(members, key=weight)
    return Group(
        cause=first.cause,
        section=first.section,
        indicator=first.indicator,
        cells=len(members),
        reports=len({(member.report, member.agency, member.year) for member in members}),
        changed=len(members) - kinds.count("removed") - kinds.count("added"),
        removed=kinds.count("removed"),
        added=kinds.count("added"),
        unexplained=sum(m.cause == "parser" and not m.reason for m in members),
        example=first,
    )


def headline(changes: Sequence[ChangeRow]) -> str:
    """One line: how many cells of how many reports, and why."""
    if not changes:
        return "nothing changed"
    reports = len({(change.report, change.agency, change.year) for change in changes})
    counts = {cause: sum(change.cause == cause for change in changes) for cause in CAUSES}
    told = {"source": "by the portals", "parser": "by our parser", "patch": "by rulings"}
    causes = ", ".join(f"{count} {told[cause]}" for cause, count in counts.items() if count)
    return f"{len(changes)} cells of {reports} reports changed: {causes}"


def side(text: str | None, state: str | None) -> str:
    """A value, or in words what stands in its place."""
    if state is None and text is None:
        return "not printed"
    return text or (state or "")
