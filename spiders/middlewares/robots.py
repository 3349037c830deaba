"""Position 100: robots.txt as RFC 9309 reads it, asked once a host and never leaking."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from protego import Protego
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from parsers.errors import ArchiveError, DigestMismatch, MissingCapture
from spiders.addresses import party, site_of, split
from spiders.outcomes import HostBlocked, Postponed, Refused, message
from spiders.session import Session, session_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

AGENT = "gongkai"
LIFE = 86_400.0  # RFC 9309 2.4: a verdict is kept for a day at most
LONGEST = 500 << 10  # RFC 9309 2.5: as much must be read, more need not
SLOWEST = 3600.0  # a host that wants longer pauses is not visited at all


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one host's robots.txt came to. `rules` None allows all."""

    rules: Protego | None = None
    deferred: str = ""  # why nothing may be asked of the host today
    asked_at: float = 0.0


class RobotsMiddleware:
    """Scrapy's own lets all but the first two requests of a burst through, and parses the body
    of any status. Here every request awaits the same task."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.session: Session = session_of(crawler)
        self._verdicts: dict[str, asyncio.Task[Verdict]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("kind") == "robots":
            return
        verdict = await self._verdict(request)
        host = party(request.url)
        self.session.hosts.check(host)  # the answer may have been a challenge
        if verdict.deferred:
            raise Postponed(f"{host} is left for another day: {verdict.deferred}")
        if verdict.rules and not verdict.rules.can_fetch(request.url, AGENT):
            raise Refused("robots", "forbidden by robots.txt")

    async def _verdict(self, request: Request) -> Verdict:
        site = site_of(request.url)
        task = self._verdicts.get(site)
        if task is None or (task.done() and _stale(task)):
            task = asyncio.ensure_future(self._ask(request))
            self._verdicts[site] = task
        # A request that is given up must not take the answer from those that wait with it.
        return await asyncio.shield(task)

    async def _ask(self, request: Request) -> Verdict:
        self._remember(request)
        try:
            response = await self.crawler.engine.download_async(_robots(request))
        except (ArchiveError, HostBlocked, Postponed):
            raise  # nothing was asked, so nothing is known: the next request asks again
        except (IgnoreRequest, Refused) as error:
            return _unknown(message(error))
        except Exception as error:  # every way in which a host can be out of reach
            self.session.unreached.add(party(request.url))
            return _unknown(message(error))
        return self._judge(response, party(request.url))

    def _remember(self, request: Request) -> None:
        """The pause that it asked for the last time holds while it is asked anew."""
        good = self.session.store.last_good(_robots(request).url)
        if good is None or good.body_sha256 is None:
            return
        with suppress(DigestMismatch, MissingCapture):
            self._slow_down(party(request.url), _rules(self.session.store.body(good.body_sha256)))

    def _slow_down(self, host: str, rules: Protego) -> float:
        """The seconds that these rules ask for, from now on kept."""
        pause = _pause(rules)
        if pause <= SLOWEST:
            asked = self.session.pace.asked
            asked[host] = max(pause, asked.get(host, 0.0))
        return pause

    def _judge(self, response: Response, host: str) -> Verdict:
        """Status first: 4xx says that there are no rules, 5xx that nobody knows them."""
        if response.status >= 500 or response.status == 429:
            return _unknown(f"robots.txt answers {response.status}")
        if not 200 <= response.status < 300:
            return Verdict(asked_at=time.time())
        rules = _rules(response.body)
        pause = self._slow_down(host, rules)
        if pause > SLOWEST:
            return _unknown(f"robots.txt asks for {pause:g} s between requests")
        return Verdict(rules=rules, asked_at=time.time())


def _robots(request: Request) -> Request:
    parts = split(request.url)
    base = f"{parts.scheme}://{parts.netloc}" if parts else ""
    meta = {"kind": "robots", "portal": request.meta["portal"]}
    return Request(
        f"{base}/robots.txt", priority=1_000_000, meta=meta, callback=NO_CALLBACK, dont_filter=True
    )


def _rules(body: bytes) -> Protego:
    return Protego.parse(body[:LONGEST].decode("utf-8-sig", "replace"))


def _unknown(reason: str) -> Verdict:
    return Verdict(deferred=reason, asked_at=time.time())


def _stale(task: asyncio.Task[Verdict]) -> bool:
    failed = task.cancelled() or task.exception() is not None
    return failed or task.result().asked_at + LIFE < time.time()


def _pause(rules: Protego) -> float:
    rate = rules.request_rate(AGENT)
    spread = rate.seconds / rate.requests if rate and rate.requests else 0.0
    return max(rules.crawl_delay(AGENT) or 0.0, spread)
