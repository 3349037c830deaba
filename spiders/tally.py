"""What a crawl did, portal by portal, and the exit code that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FINE, PARTIAL, ALL_BLOCKED = 0, 5, 6


@dataclass(slots=True, kw_only=True)
class PortalTally:
    """Counts of one portal. `listed`, `reports` and `promised` cover its whole round, also what
    a killed command had read before; the others are of this command."""

    listed: int = 0  # distinct rows of its columns
    reports: int = 0  # those that are reports, or may hold one
    promised: int | None = None  # rows that its pagers promise; None when none does
    fetched: int = 0  # reports and attachments that answered
    unchanged: int = 0  # of these: 304, or the same bytes as before
    new: int = 0  # of these: never fetched before
    resting: int = 0  # reports and attachments without validators, seen of late: not asked for
    refused: int = 0  # not asked for: robots.txt, or off the portal's hosts
    blocked: int = 0  # not fetched because the host challenges us
    failed: int = 0  # not fetched for another reason
    gone: int = 0  # of `failed`: the portal itself says that the page is no more
    changed: int = 0  # of `fetched`: new, or with another text than before
    waiting: int = 0  # left for the next command
    asked: int = 0  # requests of any kind that were sent
    wire: int = 0  # bytes of their bodies as they came
    entry: str = ""  # what became of an entry page that did not come
    notes: list[str] = field(default_factory=list)  # why the portal counts as partial
    others: dict[str, int] = field(default_factory=dict)  # titles of rows that are no reports

    @property
    def edited(self) -> int:
        """Fetched before, and with another text now."""
        return self.changed - self.new

    @property
    def partial(self) -> bool:
        lost = self.failed > self.gone or self.blocked > 0
        return lost or bool(self.notes)

    @property
    def untouched(self) -> bool:
        """Nothing was asked of it in this command."""
        return not (self.asked or self.refused or self.blocked or self.failed)

    @property
    def shut(self) -> bool:
        """Nothing came because the host challenges us."""
        return self.blocked > 0 and not self.fetched and not self.listed

    def as_dict(self) -> dict[str, object]:
        """JSON-ready, for the archive and for programs that listen."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSummary:
    """The end of one crawl; `reason` is Scrapy's word for it ("finished", "shutdown" ...)."""

    portals: Mapping[str, PortalTally]
    crawl: int
    reason: str = "finished"
    limited: bool = False  # `--limit` left reports for later on purpose

    @property
    def exit_code(self) -> int:
        tallies = self.portals.values()
        if tallies and all(tally.shut for tally in tallies):
            return ALL_BLOCKED
        left = not self.limited and any(tally.waiting for tally in tallies)
        cut = self.reason != "finished"
        return PARTIAL if left or cut or any(tally.partial for tally in tallies) else FINE
