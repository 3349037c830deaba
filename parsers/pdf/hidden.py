"""Characters that a PDF carries and nobody sees: white on white, or drawn in no colour at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from .words import Bounds

_WHITE = 0.97  # of full light
_UNSEEN = frozenset([pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP])
_SLACK = 1.0  # points


def is_white(thing: dict[str, Any]) -> bool:
    """Whether a character or box is filled with white."""
    colour = thing.get("non_stroking_color")
    several = colour if isinstance(colour, (list, tuple)) else (colour,)
    parts = [part for part in several if isinstance(part, (int, float))]
    if len(parts) == 4:
        return max(parts) <= 1 - _WHITE
    return bool(parts) and len(parts) != 2 and min(parts) >= _WHITE


def is_on_colour(middle: tuple[float, float], grounds: Iterable[Bounds]) -> bool:
    """Whether a coloured box or an image lies under that point."""
    x, y = middle
    return any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in grounds)


def unseen_boxes(page: pypdfium2.PdfPage) -> list[Bounds]:
    """Boxes, in points from the top, of text in no colour that no other text stands on."""
    shown: list[Bounds] = []
    unseen: list[Bounds] = []
    height = page.get_height()
    for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=6):
        left, bottom, right, top = thing.get_bounds()
        box = (left - _SLACK, height - top - _SLACK, right + _SLACK, height - bottom + _SLACK)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(thing.raw)
        (unseen if mode in _UNSEEN else shown).append(box)
    return [box for box in unseen if not any(_overlap(box, other) for other in shown)]


def _overlap(one: Sequence[float], two: Sequence[float]) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
