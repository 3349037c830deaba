"""From a home page towards the column of annual reports, by what links, slugs and metas say."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from parsers.listing import column_name
from parsers.titles import Title, judge

from .jumps import jumps
from .links import Link, anchors, frames, hidden, sitemap

DEPTH = 3  # clicks from the home page to the column
COLUMNS = 5  # candidates kept of one page
STEPS = 3  # pages between home and column tried from one page
HANDFUL = 9  # such pages of one portal in one round

_MEDIA = re.compile(r"\.(?:swf|gif|jpe?g|png|mp4|flv|js|css)(?:$|\?)", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")
_ELSE = re.compile(r"[首上下末尾前后]一?[页篇条]|返回.*|更多.*|>+|\d+")
_ARTICLE = re.compile(
    r"/t\d{6,8}_\d+|art_\d|(?:content|post|show|info)[_/-]\w*\d|/\d{5,}\.|[0-9a-f]{32}"
)
_ARROWS = re.compile(r"^[\W_\d]+|[\W_]+$|(?:更多|more)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clue:
    """One reason for or against a link, with its weight."""

    points: int
    why: str

    def __str__(self) -> str:
        return f"{self.why} ({self.points:+d})"


@dataclass(frozen=True, slots=True)
class Scored:
    """A link and everything that speaks for it."""

    link: Link
    clues: tuple[Clue, ...]

    @property
    def points(self) -> int:
        return sum(clue.points for clue in self.clues)


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    clue: Clue


@dataclass(frozen=True, slots=True)
class _Rules:
    enough: int
    columns: tuple[_Rule, ...]
    steps: tuple[_Rule, ...]
    slug: _Rule
    against: _Rule
    step_slug: _Rule
    meta: _Rule
    sections: tuple[re.Pattern[str], ...]
    least: int  # of these make a report


def columns(text: str, url: str) -> list[Scored]:
    """Links that look like the column itself, the surest first."""
    enough = _rules().enough
    return [one for one in _best(text, url, _column_clues) if one.points >= enough][:COLUMNS]


def steps(text: str, url: str) -> list[Scored]:
    """Links that may lead to a page which links the column; where the page only moves on, there."""
    moved = [Scored(link, (Clue(10, why),)) for link, why in jumps(text, url)]
    found = [one for one in _best(text, url, _step_clues) if one.points > 0]
    shown = (link for link in frames(text, url) if not _MEDIA.search(link.url))
    framed = [Scored(link, (Clue(1, "frame"),)) for link in shown]
    kept: dict[str, Scored] = {}
    for one in (*moved, *found, *framed):
        kept.setdefault(one.link.url, one)
    return [one for one in kept.values() if one.link.url != url][:STEPS]


def is_column(text: str, url: str) -> tuple[Clue, ...]:
    """Why a page that was taken for a step is the column itself; nothing when it is none."""
    rules = _rules()
    name = plain(column_name(text))
    if rules.meta.pattern.fullmatch(name):
        return (rules.meta.clue,)
    kinds = {link.url for link in anchors(text, url) if judge(link.text).kind == "report"}
    several = len(kinds) >= 3 and not columns(text, url)
    return (Clue(6, f"{len(kinds)} titles of reports"),) if several else ()


def report_in(text: str, column: str) -> Title | None:
    """The title of the report that a page taken for a column is: it names a year, and the text
    has the sections of a report."""
    tree = LexborHTMLParser(text)
    heads = (node.text() for node in tree.css("title, h1, h2, h3"))
    metas = (node.attributes.get("content") or "" for node in tree.css("meta[name=ArticleTitle i]"))
    titles = (judge(head.strip(), column=column) for head in (*metas, *heads))
    title = next((one for one in titles if one.kind in ("report", "revised") and one.year), None)
    if title is None or tree.body is None:
        return None
    shown = plain(tree.body.text())
    found = sum(bool(section.search(shown)) for section in _rules().sections)
    return title if found >= _rules().least else None


def is_annual(name: str) -> bool:
    """Whether a column of this name holds annual reports, so that a bare 年报 is one."""
    squeezed = plain(name)
    return "年报" in squeezed or "年度报告" in squeezed


def clues(link: Link) -> tuple[Clue, ...]:
    """What speaks for a link as the column."""
    return tuple(_column_clues(link))


def _best(text: str, url: str, clues_of: Callable[[Link], Iterator[Clue]]) -> list[Scored]:
    found: dict[str, Scored] = {}
    for link in (*anchors(text, url), *hidden(text, url), *sitemap(text, url)):
        one = Scored(link, tuple(clues_of(link)))
        if link.url != url and one.points > found.get(link.url, Scored(link, ())).points:
            found[link.url] = one
    return sorted(found.values(), key=lambda one: -one.points)


def _column_clues(link: Link) -> Iterator[Clue]:
    rules, name = _rules(), plain(link.text)
    against = [rule.clue for rule in _fitting(rules.columns, name) if rule.clue.points < 0]
    named = next((rule.clue for rule in _fitting(rules.columns, name)), None)
    if judge(link.text).year is not None and not named:
        return  # a report, not the column
    if named:
        yield named
    yield from (clue for clue in against if clue is not named)
    place = _place(link.url)
    if rules.against.pattern.search(place):
        yield rules.against.clue
    elif name and not _ELSE.fullmatch(name) and _is_slug(place):
        yield rules.slug.clue


def _is_slug(place: str) -> bool:
    """Whether the address is that of a column, and not of an article in its folder."""
    return bool(_rules().slug.pattern.search(place)) and not _ARTICLE.search(place)


def _step_clues(link: Link) -> Iterator[Clue]:
    rules, name = _rules(), plain(link.text)
    if Scored(link, clues(link)).points >= rules.enough:
        return  # the column, not the way to it
    yield from (rule.clue for rule in list(_fitting(rules.steps, name))[:1])
    if not name and rules.step_slug.pattern.search(_place(link.url)):  # an icon
        yield rules.step_slug.clue


def _fitting(rules: Iterable[_Rule], name: str) -> Iterator[_Rule]:
    return (rule for rule in rules if rule.pattern.fullmatch(name))


def _place(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def plain(text: str) -> str:
    """NFKC without blanks, arrows and the word for more."""
    squeezed = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return _ARROWS.sub("", squeezed)


@cache
def _rules() -> _Rules:
    data = tomllib.loads(Path(__file__).with_name("discover.toml").read_text("utf-8"))
    return _Rules(
        enough=data["enough"],
        columns=tuple(_rule(row, row["text"]) for row in data["column"]),
        steps=tuple(_rule(row, row["text"]) for row in data["step"]),
        slug=_rule(data["slug"], data["slug"]["pattern"]),
        against=_rule(data["against"], data["against"]["pattern"]),
        step_slug=_rule(data["step_slug"], data["step_slug"]["pattern"]),
        meta=_rule(data["meta"], data["meta"]["pattern"]),
        sections=tuple(map(re.compile, data["report"]["sections"])),
        least=data["report"]["least"],
    )


def _rule(row: dict[str, object], pattern: str) -> _Rule:
    return _Rule(re.compile(pattern, re.IGNORECASE), Clue(int(str(row["points"])), str(row["why"])))
