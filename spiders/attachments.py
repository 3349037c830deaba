"""The documents that a report page links or frames."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from .links import Link, absolute, anchors, frames

MOST = 20  # of one page; a report has one, a page of furniture has hundreds
_SUFFIX = re.compile(r"\.(pdf|docx?|xlsx?|wps|et|rtf|ofd|ceb|zip|rar)$", re.IGNORECASE)
_DOWNLOAD = re.compile(r"/(downfile|download)\.jsp$", re.IGNORECASE)


def attachments(text: str, url: str) -> list[Link]:
    """In the order of the page, each once."""
    found: dict[str, Link] = {}
    for link in (*anchors(text, url), *frames(text, url)):
        target = _document(link.url)
        if target and target != url:
            found.setdefault(target, Link(url=target, text=link.text))
    return list(found.values())[:MOST]


def _document(url: str) -> str:
    """The address of the document behind a link; a viewer names it in its query."""
    parts = urlsplit(url)
    if _SUFFIX.search(parts.path) or _DOWNLOAD.search(parts.path):
        return url
    named = parse_qs(parts.query).get("file", [""])[0]
    target = absolute(named, url) if named else ""
    return target if _SUFFIX.search(urlsplit(target).path) else ""
