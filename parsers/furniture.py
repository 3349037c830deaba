"""Markup that says nothing, folded before a page is read: inline tags round a run of text, and
what stands between one list item or paragraph and the next.

A portal's menus are thousands of tags, a Word export has as many in one table. One pass of a
regular expression costs a fiftieth of meeting each of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from . import css, unseen

FENCE = "\x1e"  # a line ends, and the next one stands in an element of the same tag
NO_FENCE = "\x1f"  # what a page prints instead, as unseen as that
INLINE = ("a", "b", "em", "font", "i", "o:p", "span", "strong", "u")
LINES = ("dd", "dt", "li", "p")
GUARDED = re.compile(
    r"<(?:!--|(script|style|select|template|textarea|iframe|noembed|noframes|xmp)(?=[ >]))"
)
RUN_STYLED = re.compile(rf'<(?:{"|".join(INLINE)}) (?:[^<>]*? )?style="([^"]*+)"')
STYLED = re.compile(r' style="([^"]*+)"')
NO_SIZE = re.compile(r"font-size[^:;]*:[^;\"}1-9]*[0.]")
FEWEST = 50  # tags that a pass must have folded for another to be worth its time
MOST_PASSES = 4


@dataclass(frozen=True, slots=True)
class Veils:
    """What on a page may be there and not be seen as it is written.

    `vanishing`: by a style that is inherited; `written`: patterns of declarations that veil an
    element; `apart`: those, and what parts a run from its neighbours; `classed`: by classes known
    for it; `noted`: links of footnotes stand against numbers; `pale`: a <font> is white.
    """

    vanishing: bool = False
    written: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    classed: bool = False
    noted: bool = False
    pale: bool = False


def veils_of(markup: str, sheets: Sequence[str]) -> Veils:
    """Asked once a page, so that most pages pay nothing for it."""
    styles = _distinct(STYLED, markup)
    everything = "\n".join([styles, *sheets]).lower()
    inside = markup[markup.find("<table") : markup.rfind("</table>")]
    written = unseen.written_in(styles, unseen.OF_LINES)
    runs = _distinct(RUN_STYLED, inside)
    return Veils(
        "visibility" in everything or NO_SIZE.search(everything) is not None,
        written,
        (*written, *unseen.written_in(runs, unseen.OF_RUNS)),
        unseen.NAMED.search(inside) is not None,
        'href="#' in inside and unseen.NOTED.search(inside) is not None,
        ' color="' in inside and unseen.PALE.search(inside) is not None,
    )


def _distinct(pattern: re.Pattern[str], markup: str) -> str:
    """Each style once: a Word export writes the same few a thousand times."""
    return "\n".join(sorted(set(pattern.findall(markup)))).lower()


def folded(markup: str, rules: css.Rules, veils: Veils) -> str:
    """Serialised markup with the same lines, cells and documents, and fewer tags."""
    if "&lt;t" in markup:  # escaped tables are found by the text they stand in
        return markup
    patterns = _patterns(frozenset(rules.listed), veils)
    parts = _guarded(markup)
    for at in range(0, len(parts), 2):
        parts[at] = _unwrapped(parts[at], patterns.inline)
    for between, telling in patterns.lines:
        if not any(telling.search(part) for part in parts[::2]):
            parts[::2] = [between.sub(FENCE, part) for part in parts[::2]]
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class Patterns:
    """What may be folded under the style rules of a page.

    `lines`: between two elements of one tag, and a start tag that says something: where the page
    has one, elements of that tag stay apart, since the first would speak for those behind it.
    """

    inline: re.Pattern[str]
    lines: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]


def _unwrapped(markup: str, inline: re.Pattern[str]) -> str:
    """Runs of text without the inline elements round them, the innermost first."""
    for _ in range(MOST_PASSES):
        parts = inline.split(markup)
        markup = "".join(parts)
        if len(parts) < FEWEST:
            break
    return markup


def _guarded(markup: str) -> list[str]:
    """Markup and, at every second place, what is read as it stands."""
    parts: list[str] = []
    end = 0
    while hit := GUARDED.search(markup, end):
        closing = f"</{hit[1]}>" if hit[1] else "-->"
        start, found = hit.start(), markup.find(closing, hit.end())
        parts.append(markup[end:start])
        end = found + len(closing) if found >= 0 else len(markup)
        parts.append(markup[start:end])
    return [*parts, markup[end:]]


@lru_cache(maxsize=256)
def _patterns(listed: frozenset[str], veils: Veils) -> Patterns:
    """`listed`: the tags, classes and ids that style rules ask for."""
    watched = ["style", "hidden", "href", *(("class", "id") if listed else ())]
    watched += ["color"] * veils.pale
    usual = "display|float|position|line-through" + "|visibility|font-size" * veils.vanishing
    page = '(?![^"]*down|#.)' if veils.noted else '(?![^"]*down)'
    runs, attributes = (
        rf'(?: (?:href="{page}(?:[^".]*+|[^"?#]*+(?<=html))"'
        rf'|(?!(?:{"|".join(watched)})=)[^ =">]++="[^"]*+"'
        rf'|style="(?![^"]*(?i:{"|".join((usual, *written))}))[^"]*+"))*+'
        for written in (veils.apart, veils.written)
    )
    inline = "|".join(_untouched(INLINE, listed)) or "(?!)"
    return Patterns(
        re.compile(rf"<(?:{inline}){runs}>([^<]*+)</[a-z:]+>"),
        tuple(
            (
                re.compile(rf"</{tag}>[ \t\r\n\f]*+<{tag}{attributes}>"),
                re.compile(rf"<{tag}(?=[ >])(?!{attributes}>)"),
            )
            for tag in _untouched(LINES, listed)
        ),
    )


def _untouched(tags: tuple[str, ...], listed: frozenset[str]) -> list[str]:
    return [] if "*" in listed else [tag for tag in tags if tag not in listed]
