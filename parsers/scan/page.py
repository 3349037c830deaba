"""A scanned page as a sheet of characters and rules, the same as a PDF page with text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from parsers.pdf.pages import Rule, Sheet
from parsers.pdf.ruled import ruled_tables
from parsers.pdf.words import Bounds, Char

from .glyphs import (
    UNREAD,
    Glyph,
    Mark,
    Strip,
    fits,
    glyphs_at,
    glyphs_of,
    marks_of,
    plain_sign,
    strips_of,
)
from .ink import WIDTH, Ink, Pixels, fitted, ink, levelled, straightened
from .place import Place
from .recogniser import Recognised, recognised

POINTS = 595.3  # an A4 page's short side: what the working size stands for
_SCALE = POINTS / WIDTH  # points a pixel
_NUMBER = re.compile(r"[\d.,+\-—一/ ]+")
_LETTERS = re.compile(r"[OoDQlI|iZzSsBg]")  # what digits are taken for
_SURE = 0.6  # a lower score is no reading
_LEVELS = (160, 120, 90)  # of grey: darker ones part signs that ink has run together
_SAMPLE = 10
_UPRIGHT_SCORE = 0.8


@dataclass(frozen=True, slots=True)
class Said:
    """A strip with its text."""

    strip: Strip
    text: str


def scanned_sheet(gray: Pixels, number: int, short_side: float = POINTS) -> tuple[Sheet, Place]:
    """What the image of a page shows, nothing of it certain, and where its places are on it.

    `short_side` is that of the picture in points, as its addresses count.
    """
    flat = levelled(fitted(gray))
    page, quarters, degrees = _upright(flat)
    place = Place(
        width=flat.shape[1],
        height=flat.shape[0],
        quarters=quarters,
        degrees=degrees,
        scale=_SCALE,
        points=short_side / min(flat.shape),
    )
    rules = tuple(_rules(page))
    marks, labels = marks_of(page)
    cells = [cell for table in ruled_tables(rules) for cell in table]
    strips = [strip for part in _by_cell(marks, cells) for strip in strips_of(part, page.size)]
    said = _said(page, labels, strips)
    height, width = page.gray.shape
    found = Sheet(
        number=number,
        width=width * _SCALE,
        height=height * _SCALE,
        chars=tuple(char for each in said for char in _chars(each)),
        rules=rules,
        shades=(),
        is_scan=True,
    )
    return found, place


def _upright(gray: Pixels) -> tuple[Ink, int, float]:
    """The page turned so that its lines read best, then straightened; quarters, degrees."""
    tried: list[tuple[float, tuple[Ink, int, float]]] = []
    for quarters in (0, 1, 3, 2):
        straight, degrees = straightened(np.ascontiguousarray(np.rot90(gray, quarters)))
        page = ink(straight)
        score = _readability(page)
        tried.append((score, (page, quarters, degrees)))
        if score >= _UPRIGHT_SCORE:
            break
    return max(tried, key=lambda each: each[0])[1]


def _readability(page: Ink) -> float:
    """The mean score of the longest lines; 0 for a page without any."""
    marks, _ = marks_of(page)
    strips = sorted(strips_of(marks, page.size), key=lambda strip: len(strip.marks))[-_SAMPLE:]
    found = recognised([_crop(page, strip) for strip in strips if _is_level(strip)])
    return sum(each.score for each in found if len(each.text) > 2) / max(len(strips), 1)


def _is_level(strip: Strip) -> bool:
    x0, top, x1, bottom = strip.box
    return x1 - x0 > 2 * (bottom - top)


def _rules(page: Ink) -> Iterator[Rule]:
    for stroke in page.across:
        yield Rule("h", (stroke.top + stroke.bottom) / 2 * _SCALE, *_ends(stroke.x0, stroke.x1))
    for stroke in page.down:
        yield Rule("v", (stroke.x0 + stroke.x1) / 2 * _SCALE, *_ends(stroke.top, stroke.bottom))


def _ends(start: int, end: int) -> tuple[float, float]:
    return start * _SCALE, end * _SCALE


def _by_cell(marks: Sequence[Mark], cells: Sequence[Bounds]) -> list[list[Mark]]:
    """Marks of each cell, then those outside all tables."""
    parts: list[list[Mark]] = [[] for _ in range(len(cells) + 1)]
    for mark in marks:
        x, y = (side * _SCALE for side in mark.middle)
        place = next(
            (
                place
                for place, (x0, top, x1, bottom) in enumerate(cells)
                if x0 <= x < x1 and top <= y < bottom
            ),
            len(cells),
        )
        parts[place].append(mark)
    return parts


def _said(page: Ink, labels: Pixels, strips: Sequence[Strip]) -> list[Said]:
    glyphs = [glyphs_of(strip, labels, page.size) for strip in strips]
    texts = [plain_sign(each, page.size) for each in glyphs]
    waiting = [place for place, text in enumerate(texts) if not text]
    found = recognised([_crop(page, strips[place]) for place in waiting])
    for place, each in zip(waiting, found, strict=True):
        texts[place] = _agreed(page, strips[place], glyphs[place], each)
    return [Said(strip, text) for strip, text in zip(strips, texts, strict=True)]


def _agreed(page: Ink, strip: Strip, glyphs: Sequence[Glyph], first: Recognised) -> str:
    """The text as read; a number only when its printed shapes agree with it.

    A second look at twice the size may agree where the first did not. Where none does, the sign
    for unread stands behind the text: it is then no number.
    """
    text = first.text.strip()
    if first.score >= _SURE and not _is_number(text):
        return text
    crop = _crop(page, strip)
    shapes = [glyphs, *(glyphs_at(crop, level, page.size) for level in _LEVELS)]
    if first.score >= _SURE and any(fits(text, each) for each in shapes):
        return text
    large = cv2.resize(crop, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    second = recognised([np.asarray(large, dtype=np.uint8)])[0]
    again = second.text.strip()
    agrees = second.score >= _SURE and any(fits(again, each) for each in shapes)
    return again if agrees and _is_number(again) else text + UNREAD


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(_LETTERS.sub("0", text)) is not None


def _crop(page: Ink, strip: Strip) -> Pixels:
    x0, top, x1, bottom = strip.box
    edge = max(round(page.size * 0.15), 3)
    part = page.gray[max(top - edge, 0) : bottom + edge, max(x0 - edge, 0) : x1 + edge]
    return np.asarray(
        cv2.copyMakeBorder(part, 2, 2, 6, 6, cv2.BORDER_CONSTANT, value=(255.0,)), dtype=np.uint8
    )


def _chars(said: Said) -> Iterator[Char]:
    """The characters of a strip, evenly spread over it."""
    x0, top, x1, bottom = (side * _SCALE for side in said.strip.box)
    step = (x1 - x0) / max(len(said.text), 1)
    for place, sign in enumerate(said.text):
        left = x0 + place * step
        yield Char(sign, left, left + step, top, bottom, bottom - top)
