"""A second reading of every number by another library; both must see the same digits."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pypdfium2

from parsers.lattice import Slot
from parsers.problems import problem

from .piece import Piece
from .words import Char

_INSET = 0.5  # points: what touches the rules belongs to a neighbour
_LONGEST = 40  # characters: longer cells are prose


def crosschecked(
    piece: Piece,
    text_page: pypdfium2.PdfTextPage,
    size: tuple[float, float],
    rotation: int,
    aslant: Sequence[Char] = (),
) -> Piece:
    """The piece with a note on every number that the second reading reads otherwise.

    `aslant`: a watermark, which the second reading takes for a part of the cells below it.
    """
    return replace(
        piece,
        slots=tuple(_checked(slot, text_page, size, rotation, aslant) for slot in piece.slots),
    )


def _checked(
    slot: Slot,
    text_page: pypdfium2.PdfTextPage,
    size: tuple[float, float],
    rotation: int,
    aslant: Sequence[Char],
) -> Slot:
    raw, box = slot.content.text, slot.at.box
    if box is None or not _is_number_like(raw):
        return slot
    left, bottom, right, top = _unrotated(box, size, rotation)
    other = text_page.get_text_bounded(left + _INSET, bottom + _INSET, right - _INSET, top - _INSET)
    over = _digits("".join(char.text for char in aslant if _overlaps(char, box)))
    if _agree(_digits(other), _digits(raw), over):
        return slot
    note = problem("digits-differ", raw=raw, other=" ".join(other.split()))
    return replace(slot, notes=(*slot.notes, note))


def _agree(seen: Sequence[str], printed: Sequence[str], over: Sequence[str]) -> bool:
    """Whether both readings are equal but for digits of what is printed over the cell."""
    if seen == printed:
        return True
    more, known = Counter(seen), Counter(over)
    more.subtract(printed)
    return bool(over) and all(0 <= count <= known[digit] for digit, count in more.items())


def _overlaps(char: Char, box: tuple[float, float, float, float]) -> bool:
    x0, top, x1, bottom = box
    return char.x0 < x1 and x0 < char.x1 and char.top < bottom and top < char.bottom


def _unrotated(
    box: tuple[float, float, float, float], size: tuple[float, float], rotation: int
) -> tuple[float, float, float, float]:
    """Left, bottom, right, top from the foot of the page before it is rotated for display."""
    x0, top, x1, bottom = box
    width, height = size
    if rotation == 90:
        return top, x0, bottom, x1
    if rotation == 180:
        return width - x1, top, width - x0, bottom
    if rotation == 270:
        return height - bottom, width - x1, height - top, width - x0
    return x0, height - bottom, x1, height - top


def _is_number_like(text: str) -> bool:
    return len(text) <= _LONGEST and any(character.isdigit() for character in text)


def _digits(text: str) -> list[str]:
    """Digits, points and signs; in order within a reading, whatever the blanks."""
    return [
        unicodedata.normalize("NFKC", character)
        for character in text
        if character.isdigit() or character in ".-/+"
    ]
