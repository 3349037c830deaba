"""Printed signs by their shape alone: what a recogniser must not turn into digits.

A recogniser of text lines reads a lone `/` as 1 and drops `——`. Shapes tell them apart, and count
the signs of a number: geometry is a witness that has never seen a dictionary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from .ink import Ink, Pixels

Shape = Literal["dash", "dot", "slash", "unsure", "other"]
UNREAD = "\ufffd"  # stands in the text for signs that could not be read
_LEAST = 3  # pixels: what is smaller both ways is dirt
_LINE_GAP = 1.5  # characters between two runs of text on one line
_SLASH, _UPRIGHT = 0.22, 0.12  # sideways per unit of height: a slash at least, a 1 at most
_SHAPES = {"-": "dash", "—": "dash", "一": "dash", ".": "dot", ",": "dot", "/": "slash"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A connected piece of ink."""

    number: int
    x0: int
    top: int
    x1: int
    bottom: int
    area: int

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Glyph:
    """Marks above each other: one sign, as a rule."""

    shape: Shape
    x0: int
    x1: int
    height: int

    @property
    def digits(self) -> int:
        """How many digits this wide have run together: each takes three quarters of its height."""
        share = (self.x1 - self.x0) / max(self.height, 1)
        return 1 + max(round((share - 0.6) / 0.75), 0) if self.shape == "other" else 1


@dataclass(frozen=True, slots=True)
class Strip:
    """A run of signs on one line."""

    marks: tuple[Mark, ...]

    @property
    def box(self) -> tuple[int, int, int, int]:
        return (
            min(mark.x0 for mark in self.marks),
            min(mark.top for mark in self.marks),
            max(mark.x1 for mark in self.marks),
            max(mark.bottom for mark in self.marks),
        )


def marks_of(page: Ink) -> tuple[list[Mark], Pixels]:
    """All marks of a page, dirt left out, and the page with each pixel's mark number."""
    return _marks(page.dark, page.size)


def _marks(dark: Pixels, size: float) -> tuple[list[Mark], Pixels]:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    marks = [
        Mark(number, int(x), int(y), int(x + w), int(y + h), int(area))
        for number, (x, y, w, h, area) in enumerate(stats)
        if number and max(w, h) >= _LEAST and h < size * 4
    ]
    return marks, np.asarray(labels)


def glyphs_at(crop: Pixels, level: int, size: float) -> list[Glyph]:
    """The signs of a line's image when only what is darker than `level` counts as ink."""
    marks, labels = _marks(np.where(crop < level, 255, 0).astype(np.uint8), size)
    return glyphs_of(Strip(tuple(marks)), labels, size) if marks else []


def strips_of(marks: Sequence[Mark], size: float) -> list[Strip]:
    """Lines from top to bottom, cut at wide gaps; lone specks are dirt."""
    strips = [strip for line in _lines(marks, size) for strip in _cut(line, size)]
    return [strip for strip in strips if not _is_speck(strip, size)]


def _is_speck(strip: Strip, size: float) -> bool:
    x0, top, x1, bottom = strip.box
    width, height = x1 - x0, bottom - top
    is_hyphen = width > 2 * height and width >= size * 0.2
    return max(width, height) < size * 0.3 and not is_hyphen


def _lines(marks: Sequence[Mark], size: float) -> list[list[Mark]]:
    """Marks whose heights overlap; a flat sign (二, ——) is not two lines."""
    lines: list[list[Mark]] = []
    top = bottom = 0.0
    for mark in sorted(marks, key=lambda mark: (mark.top, mark.x0)):
        deepest = max(bottom, mark.bottom)
        if lines and (mark.top < bottom - 0.25 * size or deepest - top <= 1.3 * size):
            lines[-1].append(mark)
            bottom = deepest
        else:
            lines.append([mark])
            top, bottom = mark.top, mark.bottom
    return lines


def _cut(line: Sequence[Mark], size: float) -> list[Strip]:
    parts: list[list[Mark]] = []
    end = 0
    for mark in sorted(line, key=lambda mark: mark.x0):
        if parts and mark.x0 - end <= _LINE_GAP * size:
            parts[-1].append(mark)
        else:
            parts.append([mark])
        end = max(end, mark.x1)
    return [Strip(tuple(part)) for part in parts]


def glyphs_of(strip: Strip, labels: Pixels, size: float) -> list[Glyph]:
    """The signs of a strip from left to right with their shapes."""
    groups: list[list[Mark]] = []
    for mark in sorted(strip.marks, key=lambda mark: mark.x0):
        if groups and _above(groups[-1], mark):
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return [
        Glyph(
            _shape(group, labels, size),
            min(mark.x0 for mark in group),
            max(mark.x1 for mark in group),
            max(mark.bottom for mark in group) - min(mark.top for mark in group),
        )
        for group in groups
    ]


def _above(group: Sequence[Mark], mark: Mark) -> bool:
    """Whether more than half of the narrower one stands over or under the other."""
    end = max(other.x1 for other in group)
    start = min(other.x0 for other in group)
    shared = min(end, mark.x1) - max(start, mark.x0)
    return shared * 2 > min(end - start, mark.x1 - mark.x0)


def _shape(group: Sequence[Mark], labels: Pixels, size: float) -> Shape:
    width = max(mark.x1 for mark in group) - min(mark.x0 for mark in group)
    height = max(mark.bottom for mark in group) - min(mark.top for mark in group)
    if max(width, height) < size * 0.33:
        return "dash" if width > 2 * height else "dot"
    if height < size * 0.25 and width > 1.5 * height:
        return "dash"
    if len(group) == 1 and height > size * 0.5:
        return _slant(group[0], labels, size)
    return "other"


def _slant(mark: Mark, labels: Pixels, size: float) -> Shape:
    """One thin stroke from upper right to lower left is a slash; an upright one may be a 1."""
    window = labels[mark.top : mark.bottom, mark.x0 : mark.x1] == mark.number
    rows = [np.flatnonzero(row) for row in window]
    widths = np.array([row[-1] - row[0] + 1 for row in rows if len(row)])
    middles = np.array([(row[-1] + row[0]) / 2 for row in rows if len(row)])
    heights = np.array([place for place, row in enumerate(rows) if len(row)])
    slope, start = np.polyfit(heights, middles, 1)
    apart = np.abs(middles - (slope * heights + start))
    is_straight = bool(np.percentile(apart, 90) < max(0.05 * size, 1.6))
    is_thin = bool(np.percentile(widths, 90) < max(0.22 * size, 5.0))
    if not (is_straight and is_thin) or abs(slope) <= _UPRIGHT:
        return "other"
    return "slash" if abs(slope) >= _SLASH else "unsure"


def plain_sign(glyphs: Sequence[Glyph], size: float) -> str:
    """What a strip of dashes or slashes says; "" for anything else, UNREAD where it is not sure."""
    shapes = {glyph.shape for glyph in glyphs}
    if shapes == {"slash"}:
        return "/" * len(glyphs)
    if shapes == {"dash"}:
        width = glyphs[-1].x1 - glyphs[0].x0
        return "—" * max(round(width / size), 1) if width > 0.6 * size else "-"
    return UNREAD if shapes <= {"slash", "dash", "unsure"} else ""


def fits(text: str, glyphs: Sequence[Glyph]) -> bool:
    """Whether a number as read has the signs that are printed, each where it is printed."""
    signs = [sign for sign in text if not sign.isspace()]
    shapes = [glyph.shape for glyph in glyphs for _ in range(glyph.digits)]
    return shapes == [_SHAPES.get(sign, "other") for sign in signs]
