"""Position 890: asks whether a page changed since its last good capture, and hands the stored
body on when it did not. A 304 alone would show the spider no links."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from archive.stored import StoredCapture
from parsers.errors import DigestMismatch, MissingCapture
from spiders.heads import field
from spiders.identity import identity
from spiders.session import Session, session_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Servers lie about validators: what was not seen whole for so long is fetched whole.
TRUST = timedelta(days=60)
VALIDATORS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}


class ConditionalMiddleware:
    """Validators come from the archive alone; what may be fresh by heuristics is asked anyway."""

    def __init__(self, session: Session) -> None:
        self.store = session.store

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(session_of(crawler))

    def process_request(self, request: Request) -> None:
        for header in VALIDATORS.values():  # a redirect carries those of the page it came from
            request.headers.pop(header, None)
        good = self.store.last_good(identity(request.url), request.method, request.body)
        request.meta["last_good"] = good
        if good is None or request.method != "GET" or request.meta.get("whole") or _old(good):
            return
        for name, header in VALIDATORS.items():
            if value := field(good.response_head, name):
                request.headers[header] = value

    def process_response(self, request: Request, response: Response) -> Response | Request:
        good = request.meta.get("last_good")
        if response.status != 304 or not isinstance(good, StoredCapture):
            return response
        try:
            body = self.store.body(good.body_sha256 or "")
        except (DigestMismatch, MissingCapture):  # damaged here: the page is asked for whole
            return request.replace(meta=request.meta | {"whole": True}, dont_filter=True)
        headers = response.headers.copy()
        headers["Content-Type"] = field(good.response_head, "Content-Type")
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        return response.replace(cls=kind, status=200, headers=headers, body=body)


def _old(good: StoredCapture) -> bool:
    return datetime.fromisoformat(good.fetched_at) < datetime.now(UTC) - TRUST
