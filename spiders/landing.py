"""List pages as the archive has them, found again where redirects led."""

from __future__ import annotations

from archive.capture import CaptureStore
from archive.frontier import Task
from archive.stored import StoredCapture
from parsers.decode import decode
from parsers.errors import DigestMismatch, MissingCapture, ReadError

from .heads import field
from .jumps import REFRESH, jumps
from .links import absolute
from .reading import Column, read
from .registry import Portal
from .settings import REDIRECT_MAX_TIMES

_MOST = 20_000  # bytes of a page that only moves on


def again(store: CaptureStore, portal: Portal, task: Task) -> Column | None:
    """The page as the spider read it; None when it is not there or no list."""
    if task.state != "done":
        return None
    good = landed(store, task)
    if good is None or good.body_sha256 is None:
        return None
    try:
        body = store.body(good.body_sha256)
        return read(portal, task, body, content_type(good), at=good.url)
    except (DigestMismatch, MissingCapture, ReadError, ValueError):
        return None


def landed(store: CaptureStore, task: Task) -> StoredCapture | None:
    """The good answer to this request, or the one that its redirects led to."""
    url = task.url
    for _ in range(REDIRECT_MAX_TIMES + 1):
        good = store.last_good(url, task.method, task.request_body)
        moved = _moved(store, url, good) if task.method == "GET" else ""
        if not moved or moved == url:
            return good
        url = moved
    return None


def text_of(store: CaptureStore, good: StoredCapture | None) -> str:
    """The text of a page, "" where there is none."""
    if good is None or good.body_sha256 is None:
        return ""
    try:
        return decode(store.body(good.body_sha256), content_type(good)).text
    except (DigestMismatch, MissingCapture, ReadError):
        return ""


def content_type(good: StoredCapture) -> str:
    return field(good.response_head, "Content-Type").decode("latin-1")


def _moved(store: CaptureStore, url: str, good: StoredCapture | None) -> str:
    """Where the newest answer sends on: by its status, or as a page that only moves on."""
    sent = list(store.captures("url = ? AND outcome = 'redirect'", (url,)))
    if sent and (good is None or sent[-1].id > good.id):
        return absolute(sent[-1].redirect_to, url)
    if good is None or (good.body_size or 0) > _MOST:
        return ""
    found = jumps(text_of(store, good), url)
    return next((link.url for link, why in found if why == REFRESH), "")
