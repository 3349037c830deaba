"""What an answer of a foreign crawl was: its outcome and its kind, from its bytes."""

from __future__ import annotations

from typing import Literal

from parsers.classify import page_class
from parsers.model import Kind, Outcome
from parsers.sniff import IMAGES, sniff

REDIRECTS = (301, 302, 303, 307, 308)
PAGES = ("html", "text")
FURNITURE: tuple[str, ...] = (".css", ".js", ".mjs", ".ico", ".svg", ".woff", ".woff2", ".ttf")


def outcome(status: int | None, location: str, cut: bool) -> Outcome:
    """From the status alone; a file of a saved page has none and is taken as it is."""
    if cut:
        return "truncated"
    if status is None:
        return "ok"
    if status == 304:
        return "not-modified"
    if status in REDIRECTS and location:
        return "redirect"
    return "ok" if 200 <= status < 300 else "http-error"


def judged(found: Outcome, body: bytes, status: int | None, head_type: str, url: str) -> Outcome:
    """A challenge is blocked whatever its status, and a page that says it is gone is no page."""
    if found not in ("ok", "http-error") or _is_furniture(url, head_type):
        return found
    kind = page_class(body, status, head_type, url, url).kind
    if kind == "challenge":
        return "blocked"
    if found == "ok" and kind not in ("ok", "attachment", "home"):
        return "failed"
    return found


def kind(body: bytes, head_type: str, url: str) -> Kind:
    """Only pages and documents are read; a foreign crawl brings pictures and scripts too."""
    path = url.partition("?")[0].lower()
    if path.endswith("/robots.txt"):
        return "robots"
    if _is_furniture(url, head_type):
        return "other"
    return _of_bytes(sniff(body))


def _of_bytes(sniffed: str) -> Literal["report", "attachment", "other"]:
    if sniffed in PAGES:
        return "report"
    return "other" if sniffed in (*IMAGES, "empty", "unknown", "gzip") else "attachment"


def _is_furniture(url: str, head_type: str) -> bool:
    declared = head_type.partition(";")[0].strip().lower()
    script = declared in ("text/css", "text/javascript", "application/javascript")
    path = url.partition("?")[0].partition("#")[0].lower()
    return script or path.endswith(FURNITURE) or declared.startswith(("font/", "video/", "audio/"))
