"""Tables of one page: ruled ones cell by cell, unruled ones by the gaps between words."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.lattice import Slot, snap
from parsers.model import At

from .gaps import unruled
from .oneway import closed
from .pages import Sheet
from .piece import Piece, around, distinct, rounded
from .ruled import SNAP, ruled_tables, shade_rules
from .words import Bounds, Char, Line, lines_of, said


def pieces_of(page: Sheet) -> tuple[list[Piece], list[Line]]:
    """Tables from top to bottom, and the lines that stand in none."""
    cells = _boxes(page)
    ruled, chars = [], list(page.chars)
    for table in cells:
        inside, chars = _split(chars, around(table))
        piece = _piece(page, table, inside)
        if _is_table(piece):
            ruled.append(piece)
        else:
            chars += inside
    pieces, lines = unruled(page, lines_of(chars))
    return sorted([*ruled, *pieces], key=lambda piece: piece.bounds[1]), lines


def _boxes(page: Sheet) -> list[list[Bounds]]:
    """The cells of the tables: by rules, by rules of one way, by the shades of rows or cells."""
    shades = shade_rules(page.shades)
    if found := ruled_tables(page.rules):
        return found
    for rules in (page.rules, [*page.rules, *shades]):
        found = ruled_tables(closed(rules, page.chars))
        if found and all(map(_is_sound, found)):
            return found
    return ruled_tables(shades)


def _is_sound(cells: Sequence[Bounds]) -> bool:
    """Whether no cell lies in another one."""
    return not any(
        outer[0] < (x0 + x1) / 2 < outer[2] and outer[1] < (top + bottom) / 2 < outer[3]
        for x0, top, x1, bottom in cells
        for outer in cells
        if outer != (x0, top, x1, bottom)
    )


def _is_table(piece: Piece) -> bool:
    """Text in at least two columns; frames and shaded paragraphs are none."""
    return len({slot.left for slot in piece.slots if slot.content.text}) > 1 or (
        len({slot.left for slot in piece.slots}) > 1 and piece.height > 1
    )


def _split(chars: Sequence[Char], bounds: Bounds) -> tuple[list[Char], list[Char]]:
    inside: list[Char] = []
    outside: list[Char] = []
    for char in chars:
        (inside if _holds(bounds, char) else outside).append(char)
    return inside, outside


def _holds(bounds: Bounds, char: Char) -> bool:
    x, y = char.middle
    return bounds[0] <= x < bounds[2] and bounds[1] <= y < bounds[3]


def _piece(page: Sheet, cells: Sequence[Bounds], chars: Sequence[Char]) -> Piece:
    tops = distinct(box[1] for box in cells)
    slots = []
    rest = list(chars)
    for box in sorted(cells, key=lambda box: (box[1], box[0])):
        inside, rest = _split(rest, box)
        row = snap(box[1], tops, SNAP)
        last = sum(top < box[3] - SNAP for top in tops)
        slots.append(
            Slot(
                row=row,
                rowspan=max(last - row, 1),
                left=box[0],
                right=box[2],
                content=said(lines_of(inside)),
                at=At(page=page.number, box=rounded(box)),
            )
        )
    return Piece(page.number, around(cells), tuple(slots))
