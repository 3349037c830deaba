"""Position 940: one request a host at a time, and none that overtakes a judgement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from spiders.addresses import host_of
from spiders.outcomes import Postponed
from spiders.session import Session, session_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


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
        host, hosts = host_of(request.url), self.session.hosts
        await hosts.turn(host)
        try:
            if self.session.error is not None or not self.crawler.crawling:
                raise Postponed("the crawl is being stopped")
            hosts.check(host)
        except IgnoreRequest:
            hosts.release(host)
            raise
        request.meta["turn"] = host  # the archive gives it back
