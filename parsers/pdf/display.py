"""A page as it is displayed: a third witness, for what a text layer says and nobody sees.

Layers switched off, clipping, transparency, pictures over a number: the text stays as it was.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from parsers.lattice import Slot
from parsers.problems import problem

from .pages import Rule, Sheet
from .piece import Piece
from .words import Bounds, Char

SCALE = 2.0  # pixels a point: the strokes of a digit of 2.5 points still show
PIXEL_LIMIT = 20_000_000
_INK = 50  # levels of grey between ink and paper
_INSET = 2.5  # points: rules and what bleeds over them
_LEAST = 2.0  # points of a cell that are left to look at
_MIDDLE = (0.3, 0.78)  # of a sign's height: where a stroke crosses it out
_TOUCHING = 0.15  # of the type size: signs of one word, not of two cells
_LONGEST = 40  # characters: longer cells are prose
_QUIET = frozenset([pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP, pdfium.FPDF_ANNOT_TEXT])


class Display:
    """The picture of one page; coordinates are points from the top left."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        page.set_cropbox(*page.get_mediabox())  # what is outside is read too
        self._image = page.render(scale=SCALE, grayscale=True, draw_annots=False).to_pil()

    @classmethod
    def of(cls, page: pypdfium2.PdfPage, width: float, height: float) -> Display | None:
        """The page displayed; None where its points are not those of the text, or too many."""
        if width * height * SCALE**2 > PIXEL_LIMIT:
            return None
        shown = cls(page)
        apart = (shown._image.width / SCALE - width, shown._image.height / SCALE - height)
        return shown if max(map(abs, apart)) < 1 else None

    def has_ink(self, box: Bounds) -> bool:
        """Whether something is drawn there: paper of any colour is even."""
        x0, top = (math.floor(side * SCALE) for side in box[:2])
        x1, bottom = (math.ceil(side * SCALE) for side in box[2:])
        width, height = self._image.size
        part = (max(x0, 0), max(top, 0), min(x1, width), min(bottom, height))
        if part[0] >= part[2] or part[1] >= part[3]:
            return False
        dark, light = self._image.crop(part).getextrema()
        return bool(light - dark > _INK)

    def unseen(self, chars: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Digits of which nothing is displayed, where others of the same font are."""
        digits = [char for char in chars if char["text"].isdigit() or char["text"] == "/"]
        seen = [self.has_ink(_inner(char)) for char in digits]
        fonts = {char["fontname"] for char, ink in zip(digits, seen, strict=True) if ink}
        return [
            char
            for char, ink in zip(digits, seen, strict=True)
            if not ink and char["fontname"] in fonts
        ]


def _inner(char: dict[str, Any]) -> Bounds:
    """Without the edges, where the rule of a cell may run."""
    x0, top, x1, bottom = (float(char[side]) for side in ("x0", "top", "x1", "bottom"))
    edge = (bottom - top) * 0.15
    return x0, top + edge, x1, bottom - edge


def drawn_blanks(piece: Piece, display: Display) -> Piece:
    """A note on every cell without text in which something is drawn: a picture, a stroke."""
    return replace(piece, slots=tuple(_drawn(slot, display) for slot in piece.slots))


def _drawn(slot: Slot, display: Display) -> Slot:
    box = slot.at.box
    if slot.content.text or box is None:
        return slot
    x0, top, x1, bottom = box
    inner = (x0 + _INSET, top + _INSET, x1 - _INSET, bottom - _INSET)
    if inner[2] - inner[0] < _LEAST or inner[3] - inner[1] < _LEAST or not display.has_ink(inner):
        return slot
    note = problem("print-doubtful", raw="", reason="what is drawn there is no text")
    return replace(slot, notes=(*slot.notes, note))


def doubted(piece: Piece, page: Sheet) -> Piece:
    """A note on every value that is crossed out, cut by its cell's edge, or partly unseen."""
    return replace(piece, slots=tuple(_doubted(slot, page) for slot in piece.slots))


def _doubted(slot: Slot, page: Sheet) -> Slot:
    box, raw = slot.at.box, slot.content.text
    if box is None or len(raw) > _LONGEST:
        return slot
    reasons = []
    if any(_is_in(char, box) for char in page.unseen):
        reasons.append("digits that are not displayed are left out")
    digits = [char for char in page.chars if char.text.isdigit() and _is_in(char, box)]
    if any(_is_struck(char, page.rules, box) for char in digits):
        reasons.append("crossed out")
    if digits and _is_cut(digits, page.chars, box):
        reasons.append("it runs over the edge of its cell")
    notes = [problem("print-doubtful", raw=raw, reason=reason) for reason in reasons]
    return replace(slot, notes=(*slot.notes, *notes)) if notes else slot


def _is_in(char: Char, box: Bounds) -> bool:
    x, y = char.middle
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def _is_struck(char: Char, rules: Sequence[Rule], box: Bounds) -> bool:
    """Whether a rule that is none of its cell's runs through the middle of a sign."""
    height = char.bottom - char.top
    low, high = (char.top + share * height for share in _MIDDLE)
    x = char.middle[0]
    return any(
        rule.way == "h"
        and low < rule.at < high
        and rule.start <= x <= rule.end
        and box[1] + 1 < rule.at < box[3] - 1
        for rule in rules
    )


def _is_cut(digits: Sequence[Char], chars: Iterable[Char], box: Bounds) -> bool:
    """Whether a number goes on outside its cell, sign by sign."""
    line = [
        char
        for char in chars
        if not char.text.isspace() and any(_is_level(char, digit) for digit in digits)
    ]
    return any(
        _is_in(one, box) != _is_in(two, box)
        and one.text.isdigit()
        and two.text.isdigit()
        and two.x0 - one.x1 < _TOUCHING * one.size
        for one, two in pairwise(sorted(line, key=lambda char: char.x0))
    )


def _is_level(one: Char, two: Char) -> bool:
    return one.top < two.middle[1] < one.bottom


def flattened(document: pypdfium2.PdfDocument) -> bool:
    """Fields and remarks become part of the pages they are displayed on; False without any."""
    if document.get_formtype() != pdfium.FORMTYPE_NONE:
        document.init_forms()
    marked = [page for page in document if _is_marked(page)]
    for page in marked:
        pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
    return bool(marked)


def _is_marked(page: pypdfium2.PdfPage) -> bool:
    count = pdfium.FPDFPage_GetAnnotCount(page.raw)
    return any(_subtype(page, place) not in _QUIET for place in range(count))


def _subtype(page: pypdfium2.PdfPage, place: int) -> int:
    remark = pdfium.FPDFPage_GetAnnot(page.raw, place)
    found = int(pdfium.FPDFAnnot_GetSubtype(remark))
    pdfium.FPDFPage_CloseAnnot(remark)
    return found
