"""Position 60: no request leaves the portal's hosts, whoever asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy import Request

from spiders.addresses import address, host_of, is_private, party
from spiders.outcomes import Refused
from spiders.session import Session, portal_of, session_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class BoundsMiddleware:
    """Sees every hop of a redirect too, since Scrapy schedules each anew."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(session_of(crawler))

    def process_request(self, request: Request) -> None:
        # A redirect carries the slot of the host it came from: the delay would be the wrong one.
        request.meta.pop("download_slot", None)
        portal = portal_of(self.session, request)
        host = host_of(request.url)
        if not portal.owns(request.url):
            found = address(host)
            where = "a private address" if found and is_private(found) else "outside of the portal"
            raise Refused("off-portal", f"{host or request.url[:200]} is {where}")
        self.session.hosts.check(party(request.url))
