"""What a scheduled visit need not ask for again yet: pages that cannot be asked whether they
changed, because their server sends no validator, rest between two readings of the whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from scrapy.http import Response

from archive.frontier import Task
from archive.stored import StoredCapture
from parsers.errors import DigestMismatch, MissingCapture

from .heads import field
from .middlewares.conditional import TRUST, VALIDATORS
from .session import Session

SHORTEST = timedelta(days=6)  # under the seven days of a visit in the season
PART = 10  # of a report's age: corrections come soon or never


def rest(year: int | None, now: datetime) -> timedelta:
    """How long a page without validators is believed: a tenth of its report's age, counted from
    the end of March after its year, when the last body must have published."""
    published = datetime(year + 1, 4, 1, tzinfo=UTC) if year else now
    return min(max((now - published) / PART, SHORTEST), TRUST)


def stored(session: Session, task: Task) -> Response | None:
    """The page as it was last seen, where that is good enough for a scheduled visit."""
    if not session.scheduled or task.kind == "listing" or task.method != "GET":
        return None  # lists are swept whole: they say what is new
    good = session.store.last_good(task.url)
    if good is None or any(field(good.response_head, name) for name in VALIDATORS):
        return None
    now = datetime.now(UTC)
    if datetime.fromisoformat(good.fetched_at) < now - rest(task.year, now):
        return None
    if session.store.count("url = ? AND id > ?", (good.url, good.id)):
        return None  # what came later was worse: is it still?
    return _response(session, task, good)


def _response(session: Session, task: Task, good: StoredCapture) -> Response | None:
    try:
        body = session.store.body(good.body_sha256 or "")
    except (DigestMismatch, MissingCapture):  # damaged here: asked for again
        return None
    headers = {"Content-Type": field(good.response_head, "Content-Type")}
    return Response(task.url, headers=headers, body=body)
