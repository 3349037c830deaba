"""One crawl: the open archive, the portals, how their hosts stand, and what was done so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import NotConfigured

from archive import visits
from archive.capture import CaptureStore
from archive.frontier import Frontier
from parsers.errors import GongkaiError, RegistryError

from .aftermath import plan
from .hosts import Hosts
from .pace import Pace
from .registry import Portal, check_delay
from .tally import CrawlSummary, PortalTally

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


@dataclass(slots=True, kw_only=True)
class Session:
    """Lives as long as the spider; `error` is what made it stop early."""

    store: CaptureStore
    portals: Mapping[str, Portal]
    crawl: int
    cycle: int
    frontier: Frontier
    limit: int | None = None  # report pages a portal in this command
    scheduled: bool = False  # by the calendar, not because a person asked
    hosts: Hosts = field(default_factory=Hosts)
    pace: Pace = field(default_factory=Pace)
    browser: bool = False  # lists that a script draws can be read
    opening: str = ""  # hours of the day, where the entry names none
    walked: dict[str, int] = field(default_factory=dict)  # pages asked for on the way to a column
    resorted: set[str] = field(default_factory=set)  # portals where all was tried to find one
    unreached: set[str] = field(default_factory=set)  # parties that gave no answer at all
    postponed: dict[str, str] = field(default_factory=dict)  # portal -> why the rest must wait
    settled: set[str] = field(default_factory=set)  # portals whose column was found
    tallies: dict[str, PortalTally]
    error: Exception | None = None
    reason: str = ""  # Scrapy's word for the end; empty while the crawl runs

    @property
    def closed(self) -> bool:
        return bool(self.reason)

    @classmethod
    def open(
        cls,
        data: Path,
        portals: Sequence[Portal],
        *,
        reason: str,
        limit: int | None = None,
        delay: float | None = None,
        scheduled: bool = False,
    ) -> Self:
        """Takes the archive's lock and begins a crawl in it."""
        chosen = {portal.id: portal for portal in portals if portal.crawlable}
        if not chosen:
            raise RegistryError(_nothing(portals))
        if delay is not None:
            check_delay(delay, tuple(chosen.values()))
        store = CaptureStore.open(data)
        try:
            frontier = Frontier(store)
            known = {name: _noted(portal) for name, portal in chosen.items()}
            settings: dict[str, object] = {"portals": known, "limit": limit, "delay": delay}
            pace = Pace(delay=delay)
            pace.remember(visits.last_day(store), killed=visits.was_killed(store))
            return cls(
                store=store,
                portals=chosen,
                crawl=store.begin_crawl(reason=reason, settings=settings),
                cycle=frontier.start_cycle(list(chosen)),
                frontier=frontier,
                limit=limit,
                scheduled=scheduled,
                pace=pace,
                tallies={name: PortalTally() for name in chosen},
            )
        except BaseException:
            store.close()
            raise

    def switched_off(self, portal: str) -> str:
        """The file that says so, made by a person while the crawl runs: `off/ID` or `off/all`."""
        folder = self.store.path.parent / "off"
        return next((f"off/{name}" for name in (portal, "all") if (folder / name).exists()), "")

    def close(self, reason: str) -> None:
        """Writes the end of the crawl, unless the archive itself is what failed."""
        if self.closed:
            return
        self.reason = reason
        try:
            if self.error is None:
                self._finish(reason)
        except GongkaiError as error:
            self.error = error
        finally:
            self.store.close()

    def _finish(self, reason: str) -> None:
        self.frontier.finish_cycle(self.cycle)
        for portal, states in self.frontier.counts_by_portal(self.cycle).items():
            self.tallies[portal].waiting = states.get("waiting", 0)
        now = datetime.now(UTC)
        before = visits.load(self.store)
        planned = plan(self.portals, self.tallies, self.hosts, before, now)
        visits.save(self.store, planned)
        stats = {name: tally.as_dict() for name, tally in self.tallies.items()}
        self.store.end_crawl(self.crawl, reason=reason, stats={"portals": stats})


def session_of(crawler: Crawler) -> Session:
    """The session of the spider that runs; other spiders run without what needs one."""
    session = getattr(crawler.spider, "session", None)
    if not isinstance(session, Session):
        raise NotConfigured("for spiders with a session only")
    return session


def portal_of(session: Session, request: Request) -> Portal:
    """Every request of ours says which portal it is made for."""
    return session.portals[str(request.meta["portal"])]


def _noted(portal: Portal) -> dict[str, object]:
    """What a later reading of the pages wants to know of the entry."""
    return {
        "name": portal.name,
        "region": portal.region,
        "level": portal.level,
        "agency": portal.agency,
        "home": portal.home,
        "since": portal.since,
    }


def _nothing(portals: Sequence[Portal]) -> str:
    if not portals:
        return "no portal to crawl"
    reasons = (f"{portal.id} ({_why_not(portal)})" for portal in portals[:5])
    return f"nothing to crawl: {', '.join(reasons)}"


def _why_not(portal: Portal) -> str:
    return f"status {portal.status}" if portal.home else "its home is not known"


def summary(session: Session) -> CrawlSummary:
    """Of a session that is closed."""
    return CrawlSummary(
        portals=session.tallies,
        crawl=session.crawl,
        reason=session.reason,
        limited=session.limit is not None,
    )
