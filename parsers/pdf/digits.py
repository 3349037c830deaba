"""A second reading of every number by another library; both must see the same digits."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pypdfium2

from parsers.lattice import Slot
from parsers.problems import problem

from .pieces import Piece

_INSET = 0.5  # points: what touches the rules belongs to a neighbour
_LONGEST = 40  # characters: longer cells are prose


def crosschecked(
    piece: Piece, text_page: pypdfium2.PdfTextPage, size: tuple[float, float], rotation: int
) -> Piece:
    """The piece with a note on every number that the second reading reads otherwise."""
    return replace(
        piece, slots=tuple(_checked(slot, text_page, size, rotation) for slot in piece.slots)
    )


def _checked(
    slot: Slot, text_page: pypdfium2.PdfTextPage, size: tuple[float, float], rotation: int
) -> Slot:
    raw, box = slot.content.text, slot.at.box
    if box is None or not _is_number_like(raw):
        return slot
    left, bottom, right, top = _unrotated(box, size, rotation)
    other = text_page.get_text_bounded(left + _INSET, bottom + _INSET, right - _INSET, top - _INSET)
    if _digits(other) == _digits(raw):
        return slot
    note = problem("digits-differ", raw=raw, other=" ".join(other.split()))
    return replace(slot, notes=(*slot.notes, note))


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
