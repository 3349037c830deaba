"""One PDF page as plain values: characters, rules, shades, images; with limits on each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pdfplumber.page import Page

from parsers.errors import TooLarge

from .hidden import is_on_colour, is_white
from .words import Bounds, Char

CHAR_LIMIT = 60_000
RULE_LIMIT = 30_000
SIDE_LIMIT = 14_400.0  # points; the format's own limit
_THIN = 3.0  # points: a filled box thinner than this is a rule
_SHORT = 4.0  # points: shorter rules are underlines of a letter, ticks, dots
_DASH = 12.0  # points: the longest piece of a broken line
_LEAST_DASHES, _LEAST_BROKEN = 5, 15.0  # pieces, and points, that make one
_SCAN_SHARE = 0.6
_ASKEW = 5.0  # degrees
_TINY = 2.2  # points: nobody reads them


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight horizontal or vertical line."""

    way: Literal["h", "v"]
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page; `is_scan` when one image covers most of it."""

    number: int
    width: float
    height: float
    chars: tuple[Char, ...]
    rules: tuple[Rule, ...]
    shades: tuple[Bounds, ...]
    is_scan: bool
    hidden: str = ""  # text that is not displayed
    # Set askew over the page, a watermark: it belongs to no cell. Where it stands on the page as
    # it is displayed.
    aslant: tuple[Char, ...] = ()
    unseen: tuple[Char, ...] = ()  # digits of it that nothing but the display gives away


Missing = Callable[[Iterable[dict[str, Any]]], list[dict[str, Any]]]


def sheet(
    page: Page, number: int, unseen: Sequence[Bounds] = (), missing: Missing | None = None
) -> Sheet:
    """The page as values, without text in `unseen` boxes; TooLarge for what no report needs.

    `missing` says which characters are not displayed, whatever the text layer says.
    """
    width, height = float(page.width), float(page.height)
    if max(width, height) > SIDE_LIMIT:
        raise TooLarge(f"page {number + 1} is {width:.0f} x {height:.0f} points")
    if len(page.chars) > CHAR_LIMIT:
        raise TooLarge(f"page {number + 1} has {len(page.chars)} characters")
    if len(page.rects) + len(page.lines) + len(page.curves) > RULE_LIMIT:
        raise TooLarge(f"page {number + 1} has more than {RULE_LIMIT} drawn lines")
    is_scan = _is_scan(page, width * height)
    shown, hidden = (page.chars, []) if is_scan else _parted(page, unseen)
    aslant = [] if is_scan else [char for char in shown if is_aslant(char)]
    if aslant:
        shown = [char for char in shown if not is_aslant(char)]
    gone = missing(shown) if missing and not is_scan else []
    left_out = {id(char) for char in gone}
    boxes = [_bounds(rect) for rect in page.rects]
    stroked = [bool(rect.get("stroke")) for rect in page.rects]
    return Sheet(
        number=number,
        width=width,
        height=height,
        chars=tuple(
            printed_once((_char(char) for char in shown if id(char) not in left_out), width, height)
        ),
        rules=tuple(_rules(page, boxes, stroked)),
        shades=tuple(box for box in boxes if not is_thin(box)),
        is_scan=is_scan,
        hidden="".join(char["text"] for char in [*hidden, *gone]).strip(),
        aslant=tuple(map(_char, aslant)),
        unseen=tuple(map(_char, gone)),
    )


def is_aslant(char: dict[str, Any]) -> bool:
    """Whether a character is set neither level nor upright."""
    degrees = math.degrees(math.atan2(char["matrix"][1], char["matrix"][0])) % 90
    return _ASKEW < degrees < 90 - _ASKEW


def _parted(
    page: Page, unseen: Sequence[Bounds]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Characters that are displayed, and those that are not."""
    filled = [each for each in [*page.rects, *page.curves] if each.get("fill")]
    grounds = [_bounds(each) for each in filled if not is_white(each)]
    grounds += [_bounds(image) for image in page.images]
    largest = max((char["size"] for char in page.chars), default=0)
    shown: list[dict[str, Any]] = []
    hidden: list[dict[str, Any]] = []
    for char in page.chars:
        x0, top, x1, bottom = _bounds(char)
        middle = ((x0 + x1) / 2, (top + bottom) / 2)
        is_gone = (
            char["size"] < _TINY <= largest
            or is_on_colour(middle, unseen)
            or (is_white(char) and not is_on_colour(middle, grounds))
        )
        (hidden if is_gone else shown).append(char)
    return shown, hidden


def _char(char: dict[str, Any]) -> Char:
    x0, top, x1, bottom = _bounds(char)
    return Char(char["text"], x0, x1, top, bottom, float(char["size"]))


def printed_once(chars: Iterable[Char], width: float, height: float) -> Iterator[Char]:
    """Characters on the page; a bold made by printing twice is printed once."""
    seen: dict[tuple[str, int, int], list[tuple[float, float]]] = {}
    for char in chars:
        x0, top = char.x0, char.top
        near = min(_TWICE * char.size, 1.5)
        spots = [(char.text, int(x0) + dx, int(top) + dy) for dx in _NEAR for dy in _NEAR]
        places = [place for spot in spots for place in seen.get(spot, ())]
        is_twin = any(abs(x - x0) < near and abs(y - top) < near for x, y in places)
        if char.x1 < 0 or x0 > width or char.bottom < 0 or top > height or is_twin:
            continue
        seen.setdefault((char.text, int(x0), int(top)), []).append((x0, top))
        yield char


_NEAR = (-2, -1, 0, 1, 2)
_TWICE = 0.2  # of the type size: two ones of a narrow face are further apart


def _bounds(thing: dict[str, float]) -> Bounds:
    return float(thing["x0"]), float(thing["top"]), float(thing["x1"]), float(thing["bottom"])


def is_thin(box: Bounds) -> bool:
    """Whether a filled box is drawn as a line."""
    return min(box[2] - box[0], box[3] - box[1]) <= _THIN


def _rules(page: Page, boxes: list[Bounds], stroked: list[bool]) -> Iterator[Rule]:
    for box, has_stroke in zip(boxes, stroked, strict=True):
        if is_thin(box):
            yield from straight(box)
        elif has_stroke:
            yield from outline(box)
    for line in page.lines:
        yield from straight(_bounds(line))
    edges = [_bounds(edge) for edge in page.curve_edges]
    for edge in edges:
        yield from straight(edge)
    yield from dashed([*boxes, *edges])


def straight(box: Bounds) -> Iterator[Rule]:
    """The rule that a thin box is; short ones are none."""
    x0, top, x1, bottom = box
    if bottom - top <= _THIN and x1 - x0 > _SHORT:
        yield Rule("h", (top + bottom) / 2, x0, x1)
    elif x1 - x0 <= _THIN and bottom - top > _SHORT:
        yield Rule("v", (x0 + x1) / 2, top, bottom)


def dashed(boxes: Iterable[Bounds]) -> Iterator[Rule]:
    """The rules that rows of dots or dashes draw."""
    lanes: dict[tuple[Literal["h", "v"], int], list[tuple[float, float, float]]] = {}
    for x0, top, x1, bottom in boxes:
        if max(x1 - x0, bottom - top) > _DASH:
            continue
        if bottom - top <= _THIN:
            at = (top + bottom) / 2
            lanes.setdefault(("h", round(at)), []).append((x0, x1, at))
        if x1 - x0 <= _THIN:
            at = (x0 + x1) / 2
            lanes.setdefault(("v", round(at)), []).append((top, bottom, at))
    for (way, _), pieces in lanes.items():
        for start, end, at in _chains(sorted(pieces)):
            yield Rule(way, at, start, end)


def _chains(pieces: Sequence[tuple[float, float, float]]) -> Iterator[tuple[float, float, float]]:
    """Pieces that follow each other at even distances, as one."""
    start, end, count = pieces[0][0], pieces[0][1], 1
    for (_, _, at), (begin, stop, _) in zip(
        pieces, [*pieces[1:], (math.inf, math.inf, 0)], strict=True
    ):
        if begin - end <= max(_THIN, 1.5 * (end - start) / count):
            count += begin > end
            end = max(end, stop)
            continue
        if count >= _LEAST_DASHES and end - start >= _LEAST_BROKEN:
            yield start, end, at
        start, end, count = begin, stop, 1


def outline(box: Bounds) -> Iterator[Rule]:
    """The four sides of a box."""
    x0, top, x1, bottom = box
    yield Rule("h", top, x0, x1)
    yield Rule("h", bottom, x0, x1)
    yield Rule("v", x0, top, bottom)
    yield Rule("v", x1, top, bottom)


def _is_scan(page: Page, area: float) -> bool:
    sizes = ((box[2] - box[0]) * (box[3] - box[1]) for box in map(_bounds, page.images))
    return sum(sizes) > _SCAN_SHARE * area
