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


def crosschecked(piece: Piece, text_page: pypdfium2.PdfTextPage, height: float) -> Piece:
    """The piece with a note on every number that the second reading reads otherwise."""
    return replace(piece, slots=tuple(_checked(slot, text_page, height) for slot in piece.slots))


def _checked(slot: Slot, text_page: pypdfium2.PdfTextPage, height: float) -> Slot:
    raw, box = slot.content.text, slot.at.box
    if box is None or not _is_number_like(raw):
        return slot
    left, top, right, bottom = box
    other = text_page.get_text_bounded(
        left + _INSET, height - bottom + _INSET, right - _INSET, height - top - _INSET
    )
    if _digits(other) == _digits(raw):
        return slot
    note = problem("digits-differ", raw=raw, other=" ".join(other.split()))
    return replace(slot, notes=(*slot.notes, note))


def _is_number_like(text: str) -> bool:
    return len(text) <= _LONGEST and any(character.isdigit() for character in text)


def _digits(text: str) -> list[str]:
    """Digits, points and signs; in order within a reading, whatever the blanks."""
    return [
        unicodedata.normalize("NFKC", character)
        for character in text
        if character.isdigit() or character in ".-/+"
    ]
