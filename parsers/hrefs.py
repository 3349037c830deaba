"""Where a link leads, as a browser resolves it (https://url.spec.whatwg.org/#url-parsing)."""

from __future__ import annotations

import re
from urllib.parse import urldefrag, urljoin, urlsplit

from selectolax.lexbor import LexborNode

_DROPPED = re.compile(r"[\t\r\n]+")
_HTTP = re.compile(r"(?:https?:|[^:/?#]*(?:[/?#]|$))", re.IGNORECASE)
_CLICKED = re.compile(
    r"(?:open\w*|location(?:\.href)?\s*=|location\.(?:replace|assign))\s*\(?\s*"
    r"[\"']([^\"'\s<>]{2,300})[\"']",
    re.IGNORECASE,
)


def joined(base: str, href: str) -> str:
    """The absolute address without its fragment, "" when there is none to fetch."""
    try:
        url = urldefrag(urljoin(base, _written(href))).url
        return url if urlsplit(url).hostname else ""
    except ValueError:
        return ""


def clicked(script: str) -> str:
    """What a click opens: `window.open('...')`, `location.href = '...'`; "" for nothing."""
    found = _CLICKED.search(script)
    return found[1] if found else ""


def wraps(node: LexborNode, selector: str) -> bool:
    """Whether such an element stands inside: text and clicks are then that one's.

    Without it every element is measured against all inside it, and a hostile page takes minutes.
    """
    return any(child.css_first(selector) is not None for child in node.iter())


def _written(href: str) -> str:
    """Without line breaks; before the query a backslash is a slash in an address of the web."""
    href = _DROPPED.sub("", href).strip()
    place, mark, query = href.partition("?")
    return (place.replace("\\", "/") if _HTTP.match(place) else place) + mark + query
