"""Position 940: what an exchange says about its host."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.http import Response

from ..addresses import host_of
from ..outcomes import HOST_FAULTS, message
from ..retry import is_busy, retry_after
from ..session import Session, session_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class StandingMiddleware:
    """A challenge ends the visit, a plea for a pause is heard, a dead host is left."""

    def __init__(self, session: Session) -> None:
        self.hosts = session.hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(session_of(crawler))

    def process_response(self, request: Request, response: Response) -> Response:
        host = host_of(request.url)
        if request.meta["outcome"] == "blocked":
            self.hosts.block(host, f"a challenge under status {response.status}")
        elif is_busy(response.status):
            value = response.headers.get("Retry-After") or b""
            self.hosts.pause(host, retry_after(value.decode("latin-1"), time.time()))
        if response.status < 500:
            self.hosts.answer(host)
        else:
            self.hosts.error(host, f"status {response.status}")
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if request.meta.get("outcome") in HOST_FAULTS:
            self.hosts.error(host_of(request.url), message(exception))
