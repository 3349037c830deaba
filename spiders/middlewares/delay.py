"""Position 110: the pace of each host, with what its robots.txt asks for as the floor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy import Request

from spiders.addresses import host_of, is_loopback
from spiders.registry import MIN_DELAY
from spiders.session import Session, portal_of, session_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

DEFAULT = 3.0
JITTER = 0.2


class DelayMiddleware:
    """Writes the rule where the downloader looks when it makes a slot anew, and into the live
    slot: a slot is thrown away after a minute of silence, and a rule kept only there with it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.session: Session = session_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        host = host_of(request.url)
        rule = _rule(host, self._floor(host, request))
        downloader = self.crawler.engine.downloader
        if downloader.per_slot_settings.get(host) == rule:
            return
        downloader.per_slot_settings[host] = dict(rule)
        if slot := downloader.slots.get(host):
            slot.concurrency, slot.delay, slot.jitter = 1, rule["delay"], rule["jitter"]

    def _floor(self, host: str, request: Request) -> float:
        portal = portal_of(self.session, request)
        wanted = self.session.delay if self.session.delay is not None else portal.delay
        delay = DEFAULT if wanted is None else wanted
        if not is_loopback(host):
            delay = max(delay, MIN_DELAY)
        # Portals may share a host: the slowest wish counts for all of them.
        delay = max(delay, self.session.paces.get(host, 0.0))
        self.session.paces[host] = delay
        return max(delay, self.session.asked.get(host, 0.0))


def _rule(host: str, floor: float) -> dict[str, float]:
    """Scrapy's jitter goes both ways, so the middle lies above the floor and the low end on it."""
    jitter = 0.0 if is_loopback(host) else JITTER
    return {"concurrency": 1, "delay": floor / (1 - jitter), "jitter": jitter}
