"""How many identities hold, which are broken, and whether the archive is above its floors."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.facts import FactsStore
from archive.numbers import shown
from parsers.errors import ArchiveError
from parsers.relations import identities

FLOORS = Path(__file__).parent / "floors.toml"


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

    @property
    def below_floor(self) -> bool:
        return any(floor.below for floor in self.floors)


COUNTS = (
    "SELECT c.check_id, c.status, count(*) FROM reports p JOIN checks c ON c.reading = p.reading "
    "GROUP BY c.check_id, c.status"
)
BROKEN = (
    "SELECT p.id, a.name, p.year, p.scope, c.check_id, c.per, c.lhs, c.rhs, r.url "
    "FROM reports p JOIN readings r ON r.id = p.reading JOIN agencies a ON a.id = p.agency "
    "JOIN checks c ON c.reading = r.id WHERE c.status = 'broken' ORDER BY p.id, c.seq"
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
    with FactsStore.reader(data) as facts:
        counted = _counted(facts, kinds)
        broken = tuple(
            Broken(
                report=report, agency=agency, year=year, scope=scope, id=name,
                kind=kinds.get(name, "soft"), per=per, lhs=shown(lhs), rhs=shown(rhs), url=url,
            )
            for report, agency, year, scope, name, per, lhs, rhs, url in facts.rows(BROKEN)
        )  # fmt: skip
        states = dict(facts.rows(STATES))
        ((with_facts, identified),) = facts.rows(IDENTIFIED)
    limits = load_floors(floors)
    return CheckSummary(
        identities=counted,
        broken=broken,
        floors=(
            *_identity_floors(counted, limits["identities"]),
            _share("readable", limits["reports"], states.get("ok", 0), sum(states.values())),
            _share("identified", limits["reports"], identified, with_facts),
        ),
        reports=states,
    )


def load_floors(path: Path) -> Mapping[str, Mapping[str, float]]:
    """The floors; ArchiveError names the file when it cannot be used."""
    try:
        loaded = tomllib.loads(path.read_text(encoding="utf-8"))
        return {
            part: {name: float(loaded[part][name]) for name in names}
            for part, names in (
                ("identities", ("hard", "each", "decided")),
                ("reports", ("readable", "identified")),
                (
                    "promotion",
                    ("unexplained", "unexplained_cells", "lost_reports", "merged_reports"),
                ),
                ("coverage", ("found", "due")),
            )
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArchiveError(f"{path}: {type(error).__name__}: {error}") from error


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
