"""What kind of page an answer is, from its bytes: a document, or one of the lies told under 200.

Recognition only: what is recognised as a challenge is left alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from .decode import decode, looks_binary
from .errors import Undecodable
from .suffixes import is_document
from .titles import judge, squeeze

PageKind = Literal[
    "ok", "soft-404", "challenge", "maintenance", "login", "home", "attachment", "empty"
]
_LOOKED_AT = 256 * 1024  # bytes; stubs and error pages are small
CAPTCHA_FOR_A_FILE = "captcha for a file"  # the pages beside it are open
_STUB = 200  # visible characters of a page that only runs a script
_FEW_WORDS = 1000  # visible characters under which the words of an error page are believed
_ROOT = re.compile(r"/?(?:(?:index|default|main|home)\.\w+)?", re.IGNORECASE)
# The article of some systems is a string of the page's script (gkmlpt: _CONFIG.DETAIL.content).
_CARRIES = re.compile(r"""["']?content["']?\s*:\s*["'](?:\\u003c|<|&lt;)""", re.IGNORECASE)
_MOVE = r"location(?:\.href|\.replace)?\s*[=(]"
_MOVES_ON = re.compile(rf"{_MOVE}|document\.cookie\s*=|http-equiv=.?refresh", re.I)
_TO_ROOT = re.compile(rf"""{_MOVE}\s*["'](/(?:index\.\w+)?)["']|;\s*url=(/)["']""", re.I)


@dataclass(frozen=True, slots=True)
class PageClass:
    """`signals` says what was recognised, the deciding one first."""

    kind: PageKind
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rules:
    status: Mapping[str, frozenset[int]]
    scripts: Mapping[str, re.Pattern[str]]
    block_words: Mapping[str, re.Pattern[str]]
    words: Mapping[str, re.Pattern[str]]
    benign: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A page as a visitor sees it."""

    source: str
    title: str
    shown: str  # visible text without blanks
    links: int
    asks_password: bool

    @property
    def is_stub(self) -> bool:
        """A page that shows nothing, leads nowhere and only moves on."""
        return len(self.shown) < _STUB and not self.links and bool(_MOVES_ON.search(self.source))

    @property
    def is_short(self) -> bool:
        return len(self.shown) < _FEW_WORDS


def page_class(
    body: bytes, status: int | None, content_type: str, url: str, final_url: str
) -> PageClass:
    """Class of an answer; `url` is what was asked for, `final_url` where it came from."""
    rules = _rules()
    if status in rules.status["challenge"]:
        return PageClass("challenge", (f"status {status}", *_signatures(_see(body, content_type))))
    if not body.strip(b"\x00\t\n\r \xef\xbb\xbf"):
        return _by_status(status) or PageClass("empty")
    if kind := looks_binary(body):
        return PageClass("attachment", (kind,))
    return _page(_see(body, content_type), status, url, final_url)


def _page(seen: _Seen, status: int | None, url: str, final_url: str) -> PageClass:
    """Class of a page with markup: a protection first, then what it says, then where it is."""
    signs = _signatures(seen)
    if signs and not signs[0].startswith("benign"):
        return PageClass("challenge", signs)
    if seen.is_stub and status in _rules().status["doubtful"]:
        return PageClass("challenge", (f"status {status}", "stub"))
    if said := _by_status(status):
        return said
    if sign := _goes_home(seen, url, final_url):
        return PageClass("home", (sign,))
    if seen.is_stub and "document.cookie" in seen.source and not signs:
        return PageClass("challenge", ("stub that sets a cookie",))
    if found := _by_words(seen, url):
        return found
    full = seen.shown or seen.links or _CARRIES.search(seen.source)
    return PageClass("ok", signs) if full else PageClass("empty", signs)


def _by_words(seen: _Seen, url: str) -> PageClass | None:
    """What the title says, or a page of few words."""
    words = _rules().words
    text = seen.title + (seen.shown if seen.is_short else "")
    asked_file = is_document(urlsplit(url).path)
    bare = len(seen.shown) < _STUB and not seen.links and not seen.asks_password
    if (asked_file or bare) and (found := words["captcha"].search(text)):
        return PageClass("challenge", (CAPTCHA_FOR_A_FILE if asked_file else "captcha", found[0]))
    if seen.asks_password and seen.is_short and (found := words["login"].search(text)):
        return PageClass("login", ("password field", found[0]))
    if judge(seen.title).kind in ("report", "revised", "cover"):
        return None
    if found := words["soft_404"].search(seen.title) or _missing(seen):
        return PageClass("soft-404", (found[0],))
    if found := words["maintenance"].search(text):
        return PageClass("maintenance", (found[0],))
    if found := words["login"].search(seen.title):
        return PageClass("login", (found[0],))
    return None


def _missing(seen: _Seen) -> re.Match[str] | None:
    """Words of "not found" in a page of few words; a bare 404 may be any number there."""
    found = _rules().words["soft_404"].search(seen.shown) if seen.is_short else None
    if found and found[0] == "404" and len(seen.shown) > _STUB:
        return None
    return found


def _by_status(status: int | None) -> PageClass | None:
    """What a status says alone."""
    if status in _rules().status["gone"]:
        return PageClass("soft-404", (f"status {status}",))
    if status in _rules().status["busy"]:
        return PageClass("maintenance", (f"status {status}",))
    return None


def _goes_home(seen: _Seen, url: str, final_url: str) -> str:
    """A document asked for, the home page given: by a redirect or by a script."""
    asked, given = urlsplit(url).path, urlsplit(final_url).path
    if _ROOT.fullmatch(asked):
        return ""
    if final_url and _ROOT.fullmatch(given) and not urlsplit(final_url).query:
        return "redirect to the home page"
    found = _TO_ROOT.search(seen.source) if seen.is_stub else None
    return f"script to {found[1] or found[2]}" if found else ""


def _signatures(seen: _Seen) -> tuple[str, ...]:
    """Products whose challenge or block page this is; harmless cookie scripts as benign."""
    rules = _rules()
    bare = len(seen.shown) < _FEW_WORDS and seen.links < 3
    found = [name for name, sign in rules.scripts.items() if bare and sign.search(seen.source)]
    if seen.is_short and seen.links < 10:
        text = seen.title + seen.shown
        found += [name for name, sign in rules.block_words.items() if sign.search(text)]
    if not found and (sign := rules.benign.search(seen.source)):
        found.append(f"benign {sign[0]}")
    return tuple(found)


def _see(body: bytes, content_type: str) -> _Seen:
    """The page as shown; bytes in no encoding show nothing."""
    try:
        source = decode(body[:_LOOKED_AT], content_type).text
    except Undecodable:
        source = body[:_LOOKED_AT].decode("latin-1")
    tree = LexborHTMLParser(source)
    title = tree.css_first("title")
    seen_title = squeeze(title.text()) if title else ""
    asks = bool(tree.css_first("input[type=password i]"))
    links = len(tree.css("a[href]"))
    tree.strip_tags(["script", "style", "noscript", "template", "title"])
    shown = squeeze(tree.body.text()) if tree.body else ""
    return _Seen(source, seen_title, shown, links, asks)


@cache
def _rules() -> _Rules:
    data = tomllib.loads(Path(__file__).with_name("classify.toml").read_text("utf-8"))
    names = ("challenge", "doubtful", "gone", "busy")
    return _Rules(
        status={name: frozenset(data[f"{name}_status"]) for name in names},
        scripts={k: re.compile("|".join(v)) for k, v in data["scripts"].items()},
        block_words=_words(data["block_words"]),
        words=_words(data["words"]),
        benign=re.compile("|".join(data["benign"])),
    )


def _words(lists: Mapping[str, list[str]]) -> dict[str, re.Pattern[str]]:
    """One pattern a list, for text without blanks."""
    return {
        name: re.compile("|".join(re.escape(squeeze(word)) for word in words), re.IGNORECASE)
        for name, words in lists.items()
    }
