"""Position 940: one request a host at a time, at its pace, and none that overtakes a judgement."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from scrapy import Request

from parsers.model import RENDER
from spiders import pace
from spiders.addresses import party
from spiders.exchange import task_of
from spiders.outcomes import Needless, Postponed
from spiders.registry import Portal
from spiders.session import Session, portal_of, session_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

NAP = 1.0  # a waiting request looks this often whether the crawl is being stopped
DRAWN_AT_ONCE = 4  # pages in the browser; each waits for its host most of the time


class TurnsMiddleware:
    """Scrapy's slots start the next request before the last answer is judged, and hold whatever
    stands in them when the crawl is told to stop. Here it waits where it can still be told."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.session: Session = session_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        host, hosts = party(request.url), self.session.hosts
        portal = portal_of(self.session, request)
        if request.method == RENDER:  # sends nothing itself; what it leads to has turns of its own
            self._check(request, host, portal)
            self._slot(request, RENDER, DRAWN_AT_ONCE)
            return
        await hosts.turn(host, request.priority)
        try:
            self._check(request, host, portal)
            while (wait := self.session.pace.wait(host, portal)) > 0:
                await asyncio.sleep(min(wait, NAP))
                self._check(request, host, portal)
        except BaseException:
            hosts.release(host)
            raise
        request.meta["turn"] = host  # the archive gives it back
        self._slot(request, host)

    def _slot(self, request: Request, name: str, at_once: int = 1) -> None:
        """Without a delay: pace is kept here. In Scrapy's slots it would be lost after a minute of
        silence, would count from the start of a request, and could not be interrupted."""
        settings = self.crawler.engine.downloader.per_slot_settings
        settings.setdefault(name, {"concurrency": at_once, "delay": 0.0, "jitter": 0.0})
        request.meta["download_slot"] = name

    def _check(self, request: Request, host: str, portal: Portal) -> None:
        """Raises when this request should not go out, or not now."""
        if self.session.error is not None or not self.crawler.crawling:
            raise Postponed("the crawl is being stopped")
        self.session.hosts.check(host)
        if reason := self.session.switched_off(portal.id):
            raise Postponed(f"{portal.id} is switched off by {reason}")
        self._check_day(host, portal)
        if portal.id in self.session.settled and _leads_on(request):
            raise Needless("the column was found already")

    def _check_day(self, host: str, portal: Portal) -> None:
        budget = self.session.pace.budget(host, portal)
        if budget is not None and self.session.pace.spent.get(host, 0) >= budget:
            self.session.hosts.defer(host, f"its {budget} requests of the day are spent")
            raise Postponed(f"the {budget} requests to {host} of this day are spent")
        now = datetime.now(UTC)
        hours = portal.hours or self.session.opening
        if wait := pace.opens_in(hours, now):
            raise Postponed(f"{portal.id} is visited at {hours} o'clock", now.timestamp() + wait)


def _leads_on(request: Request) -> bool:
    """Whether it is a page between the home page and the column."""
    task = task_of(request)
    return bool(task and task.kind == "listing" and task.found_on and (task.page or 0) < 1)
