"""How many identities hold, which are broken, and whether the archive is above its floors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.candidates import waiting
from archive.coverage import FOUND, covered
from archive.facts import FactsStore
from archive.floors import FLOORS, load_floors
from archive.numbers import Stored, shown
from archive.ruled import standings
from archive.rulings import Ruling, rulings
from parsers.relations import identities


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One identity over all published reports."""

    id: str
    kind: str  # hard, soft
    holds: int
    holds_if_blank_is_zero: int
    broken: int
    undecided: int

    @property
    def decided(self) -> int:
        return self.holds + self.holds_if_blank_is_zero + self.broken

    @property
    def rate(self) -> float | None:
        """Share of the decided that hold; None when nothing was decided."""
        return (self.decided - self.broken) / self.decided if self.decided else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """One broken identity, both sides as printed."""

    report: int
    agency: str
    year: int | None
    scope: str
    id: str
    kind: str
    per: str
    lhs: str
    rhs: str
    url: str
    with_year: int | None = None  # the other year of a check over two


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingState:
    """A ruling that somebody should look at again."""

    id: str
    standing: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """A share that must not sink; `rate` is None when there is nothing to measure."""

    name: str
    floor: float
    rate: float | None
    of: int

    @property
    def below(self) -> bool:
        return self.rate is not None and self.rate < self.floor


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSummary:
    """What `gongkai check` prints."""

    identities: tuple[Identity, ...]
    broken: tuple[Broken, ...]
    floors: tuple[Floor, ...]
    reports: dict[str, int]  # published reports by the state of their reading
    coverage: dict[str, int]  # agency-years by state
    rulings: tuple[RulingState, ...]  # those that do not simply stand
    waiting: int | None  # a candidate that was not promoted

    @property
    def below_floor(self) -> bool:
        return any(floor.below for floor in self.floors)


COUNTS = (
    "SELECT check_id, status, count(*) FROM (SELECT c.check_id, c.status FROM reports p "
    "JOIN checks c ON c.reading = p.reading UNION ALL SELECT check_id, status FROM year_checks) "
    "GROUP BY check_id, status"
)
BROKEN = (
    "SELECT p.id, a.name, p.year, p.scope, c.check_id, c.per, c.lhs, c.rhs, r.url, NULL "
    "FROM reports p JOIN readings r ON r.id = p.reading JOIN agencies a ON a.id = p.agency "
    "JOIN checks c ON c.reading = r.id WHERE c.status = 'broken' UNION ALL "
    "SELECT p.id, a.name, p.year, p.scope, y.check_id, y.per, y.lhs, y.rhs, r.url, o.year "
    "FROM year_checks y JOIN reports p ON p.id = y.report JOIN reports o ON o.id = y.neighbour "
    "JOIN readings r ON r.id = p.reading JOIN agencies a ON a.id = p.agency "
    "WHERE y.status = 'broken' ORDER BY 1, 5, 6"
)
STATES = (
    "SELECT r.status, count(*) FROM reports p JOIN readings r ON r.id = p.reading "
    "GROUP BY r.status ORDER BY r.status"
)
IDENTIFIED = (
    "SELECT count(*), count(CASE WHEN p.address = '' THEN 1 END) FROM reports p "
    "JOIN readings r ON r.id = p.reading WHERE r.facts > 0"
)


def check(data: Path, floors: Path = FLOORS) -> CheckSummary:
    """Over the reports that would be published; rivals are not counted twice."""
    kinds = {identity.id: str(identity.kind) for identity in identities()}
    ruled = rulings(data)
    with FactsStore.reader(data) as facts:
        counted = _counted(facts, kinds)
        broken = tuple(_broken(kinds, *row) for row in facts.rows(BROKEN))
        states = dict(facts.rows(STATES))
        ((with_facts, identified),) = facts.rows(IDENTIFIED)
        again = tuple(_again(facts, ruled))
        candidate = waiting(facts)
    covering = Counter(cell.state for cell in covered(data))
    limits = load_floors(floors)
    return CheckSummary(
        identities=counted,
        broken=broken,
        floors=(
            *_identity_floors(counted, limits["identities"]),
            _share("readable", limits["reports"], states.get("ok", 0), sum(states.values())),
            _share("identified", limits["reports"], identified, with_facts),
            _coverage_floor(covering, limits["coverage"]),
        ),
        reports=states,
        coverage=dict(covering),
        rulings=again,
        waiting=candidate,
    )


def _broken(
    kinds: Mapping[str, str],
    report: int,
    agency: str,
    year: int | None,
    scope: str,
    name: str,
    per: str,
    lhs: Stored,
    rhs: Stored,
    url: str,
    with_year: int | None,
) -> Broken:
    return Broken(
        report=report,
        agency=agency,
        year=year,
        scope=scope,
        id=name,
        kind=kinds.get(name, "soft"),
        per=per,
        lhs=shown(lhs),
        rhs=shown(rhs),
        url=url,
        with_year=with_year,
    )


def _again(facts: FactsStore, ruled: Iterable[Ruling]) -> Iterator[RulingState]:
    """Rulings that are stale, unused, or say what is read anyway."""
    for each in standings(facts, ruled):
        if each.standing != "in_force":
            yield RulingState(id=each.ruling.id, standing=each.standing, detail=each.detail)


def _coverage_floor(states: Mapping[str, int], limits: Mapping[str, float]) -> Floor:
    """A year that a person confirmed missing is accounted for; too few years tell nothing."""
    due = sum(count for state, count in states.items() if state != "not_due")
    there = sum(states.get(state, 0) for state in (*FOUND, "confirmed_missing"))
    rate = there / due if due >= limits["due"] else None
    return Floor(name="agency-years with a report", floor=limits["found"], rate=rate, of=due)


def _counted(facts: FactsStore, kinds: Mapping[str, str]) -> tuple[Identity, ...]:
    by_id: dict[str, dict[str, int]] = {}
    for name, status, number in facts.rows(COUNTS):
        by_id.setdefault(name, {})[status] = number
    return tuple(
        Identity(
            id=name,
            kind=kinds.get(name, "soft"),
            holds=counts.get("holds", 0),
            holds_if_blank_is_zero=counts.get("holds_if_blank_is_zero", 0),
            broken=counts.get("broken", 0),
            undecided=counts.get("undecided", 0),
        )
        for name, counts in sorted(by_id.items())
    )


def _identity_floors(counted: Iterable[Identity], limits: Mapping[str, float]) -> list[Floor]:
    hard = [identity for identity in counted if identity.kind == "hard"]
    decided = sum(identity.decided for identity in hard)
    held = decided - sum(identity.broken for identity in hard)
    together = Floor(
        name="hard identities",
        floor=limits["hard"],
        rate=held / decided if decided else None,
        of=decided,
    )
    return [together] + [
        Floor(name=identity.id, floor=limits["each"], rate=identity.rate, of=identity.decided)
        for identity in hard
        if identity.decided >= limits["decided"]
    ]


def _share(name: str, limits: Mapping[str, float], part: int, whole: int) -> Floor:
    return Floor(
        name=f"{name} reports", floor=limits[name], rate=part / whole if whole else None, of=whole
    )
