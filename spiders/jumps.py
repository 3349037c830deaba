"""Where a page that shows nothing itself sends its reader: frames, refreshes, scripts."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from .links import Link, absolute, frames

_SCRIPT = re.compile(
    r"(?:window\.|self\.|top\.|parent\.|document\.)*location(?:\.href)?"
    r"(?:\s*=\s*|\.(?:replace|assign)\s*\(\s*)[\"']([^\"'<>\s]{1,500})[\"']"
)
_REFRESH = re.compile(r"^\s*\d+(?:\.\d+)?\s*[;,]\s*url\s*=\s*[\"']?([^\"'>]{1,500})", re.IGNORECASE)
_PHONE = re.compile(r"mobile|phone|android|/wap|/m/|//m\.|mindex|ipad", re.IGNORECASE)
REFRESH = "meta refresh"
_FEW_LINKS = 5
_FEW_WORDS = 400  # visible characters of a page that only moves on


def jumps(text: str, url: str) -> list[tuple[Link, str]]:
    """Target and kind of every jump; none from a page that has something to say itself."""
    tree = LexborHTMLParser(text)
    if not tree.css("frameset") and not _only_moves(tree):
        return []
    found = [(link, "frame") for link in frames(text, url)]
    for meta in tree.css("meta[http-equiv]"):
        hit = _REFRESH.search(meta.attributes.get("content") or "")
        if hit and (meta.attributes.get("http-equiv") or "").lower() == "refresh":
            found.append((_link(hit[1], url), REFRESH))
    found += [(_link(to, url), "script redirect") for to in _SCRIPT.findall(text)]
    targets = [(link, why) for link, why in found if link.url and link.url != url]
    return [(link, why) for link, why in targets if not _PHONE.search(link.url)]


def _link(href: str, url: str) -> Link:
    return Link(url=absolute(href, url), text="")


def _only_moves(tree: LexborHTMLParser) -> bool:
    if len(tree.css("a[href]")) >= _FEW_LINKS:
        return False
    copy = tree.clone()
    copy.strip_tags(["script", "style", "noscript", "title"])
    shown = copy.body.text() if copy.body else ""
    return len("".join(shown.split())) < _FEW_WORDS
