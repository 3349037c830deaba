"""Tables cut by a page end: pieces in the same columns become one table again.

A label that the cut runs through is joined only when the joined text is a label of a form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from parsers.content import Content
from parsers.lattice import Slot
from parsers.problems import problem

from .piece import Piece
from .words import Line

TOLERANCE = 4.0  # points: the same column on two pages
_HEAD_ROWS = 4

_OVER = 0.8  # of the type size: as far as the text of a cell stands from the edge it runs over
_LONGEST = 12  # characters of such a text
Known = Callable[[str], bool]


class Stray(str):
    """Text of a cell that the page end cut, printed over the edge of its table."""


def is_stray(line: Line, piece: Piece) -> bool:
    """Whether a line is a bit of a cell's text: off the paper, at the edge of the table, beside it.

    Spreadsheets print the text of a merged cell on both pages, where it would stand on a long one.
    """
    x0, top, x1, bottom = piece.bounds
    is_above = line.top < top
    gap = top - line.bottom if is_above else line.top - bottom
    at_edge = _is_between(line, x0, x1) and gap < _OVER * line.size
    edge = 0 if is_above else piece.height
    of_cell = any(
        (slot.rowspan > 1 or not slot.content.text)
        and edge in (slot.row, slot.row + slot.rowspan)
        and _is_between(line, slot.left, slot.right)
        for slot in piece.slots
    )
    is_beside = top < line.top and line.bottom < bottom
    is_short = len(line.text.strip()) <= _LONGEST
    return line.bottom < 0 or is_beside or (is_short and (at_edge or of_cell))


def _is_between(line: Line, left: float, right: float) -> bool:
    return left - TOLERANCE <= line.x0 and line.x1 <= right + TOLERANCE


def stitched(first: Piece, second: Piece, known: Known) -> Piece | None:
    """Both pieces as one; None when their columns differ."""
    over = _undrawn(first, second)
    if first.is_ruled != second.is_ruled or not _same_columns(first, second, over):
        return None
    rest = _without_heads(first, second)
    base = first.height
    moved = [replace(slot, row=slot.row + base) for slot in rest]
    kept = [slot for slot in first.slots if slot not in over]
    upper, lower = _join_row(kept, moved, base, known)
    height = max((slot.row + slot.rowspan for slot in lower), default=base)
    tall = [replace(slot, rowspan=height - slot.row) for slot in over]
    bounds = (first.bounds[0], *second.bounds[1:])
    return replace(first, page=second.page, bounds=bounds, slots=(*upper, *tall, *lower))


def _same_columns(first: Piece, second: Piece, undrawn: Sequence[Slot]) -> bool:
    """From edge to edge, but for tall cells on the left that a spreadsheet draws no more."""
    if abs(first.bounds[2] - second.bounds[2]) > TOLERANCE:
        return False
    if abs(first.bounds[0] - second.bounds[0]) > TOLERANCE and not undrawn:
        return False
    one, two = _lefts(first), _lefts(second)
    return _within(one, two) or _within(two, one)


def _undrawn(first: Piece, second: Piece) -> list[Slot]:
    """Cells of several rows that reach the page end, left of everything on the next page."""
    start = second.bounds[0]
    beside = [
        slot
        for slot in first.slots
        if slot.row + slot.rowspan == first.height and slot.right <= start + TOLERANCE
    ]
    return beside if all(slot.rowspan > 1 for slot in beside) else []


def _lefts(piece: Piece) -> set[float]:
    return {slot.left for slot in piece.slots}


def _within(few: set[float], many: set[float]) -> bool:
    return all(any(abs(left - other) <= TOLERANCE for other in many) for left in few)


def _without_heads(first: Piece, second: Piece) -> list[Slot]:
    """The second piece's slots, less the head rows that are printed once more."""
    heads = 0
    while heads < min(_HEAD_ROWS, second.height):
        row = _texts(second, heads)
        if not any(row) or row != _texts(first, heads):
            break
        heads += 1
    return [replace(slot, row=slot.row - heads) for slot in second.slots if slot.row >= heads]


def _texts(piece: Piece, row: int) -> list[str]:
    return ["".join(slot.content.text.split()) for slot in piece.slots if slot.row == row]


def _join_row(
    upper: list[Slot], lower: list[Slot], base: int, known: Known
) -> tuple[list[Slot], list[Slot]]:
    """Cells that the page end cut: tall ones go on, a cut row becomes one row again."""
    pairs = _pairs(upper, lower, base)
    joined = [(a, b) for a, b in pairs if _is_cut_label(a, b, known)]
    if joined and _is_one_row(pairs, joined, base):
        return _merged_row(upper, lower, pairs, base)
    tall = [(a, b) for a, b in pairs if (a, b) in joined or _goes_on(a, b, lower)]
    return _extended(upper, lower, tall)


def _pairs(upper: Sequence[Slot], lower: Sequence[Slot], base: int) -> list[tuple[Slot, Slot]]:
    """Slots that touch the cut from both sides between the same edges."""
    last = [slot for slot in upper if slot.row + slot.rowspan >= base]
    first = [slot for slot in lower if slot.row == base]
    return [
        (a, b)
        for a in last
        for b in first
        if abs(a.left - b.left) <= TOLERANCE and abs(a.right - b.right) <= TOLERANCE
    ]


def _is_cut_label(a: Slot, b: Slot, known: Known) -> bool:
    one, two = a.content.text, b.content.text
    return bool(one and two) and known(one + two) and not (known(one) and known(two))


def _goes_on(a: Slot, b: Slot, lower: Sequence[Slot]) -> bool:
    """A tall label whose lower part is empty, or repeats its text.

    An empty cell of one row is such a part only when a label follows it: else it is a value.
    """
    if b.content.text:
        return b.content.text == a.content.text and max(a.rowspan, b.rowspan) > 1
    return b.rowspan > 1 or any(
        slot.row == b.row and slot.left > b.left and _has_words(slot.content.text) for slot in lower
    )


def _has_words(text: str) -> bool:
    return any("\u2e80" <= character <= "\u9fff" for character in text)


def _is_one_row(
    pairs: Sequence[tuple[Slot, Slot]], joined: Sequence[tuple[Slot, Slot]], base: int
) -> bool:
    """Whether the rows on both sides of the cut are halves of one: nothing is printed twice.

    A label of that row alone must be cut; one of several rows may begin there and be cut as well.
    """
    rest = [
        (a, b) for a, b in pairs if (a, b) not in joined and a.row == base - 1 and b.rowspan == 1
    ]
    halves = all(not (a.content.text and b.content.text) for a, b in rest)
    begins = all(a.row == base - 1 for a, _ in joined)
    return bool(rest) and halves and begins and any(b.rowspan == 1 for _, b in joined)


def _merged_row(
    upper: list[Slot], lower: list[Slot], pairs: Sequence[tuple[Slot, Slot]], base: int
) -> tuple[list[Slot], list[Slot]]:
    below = {id(a): b for a, b in pairs}
    merged = [
        replace(_both(slot, below[id(slot)]), rowspan=slot.rowspan + below[id(slot)].rowspan - 1)
        if id(slot) in below
        else slot
        for slot in upper
    ]
    used = {id(b) for _, b in pairs}
    rest = [
        replace(slot, row=max(slot.row - 1, base - 1)) for slot in lower if id(slot) not in used
    ]
    return merged, rest


def _extended(
    upper: list[Slot], lower: list[Slot], tall: Sequence[tuple[Slot, Slot]]
) -> tuple[list[Slot], list[Slot]]:
    below = {id(a): b for a, b in tall}
    used = {id(b) for _, b in tall}
    longer = [
        replace(_both(slot, below[id(slot)]), rowspan=slot.rowspan + below[id(slot)].rowspan)
        if id(slot) in below
        else slot
        for slot in upper
    ]
    return longer, [slot for slot in lower if id(slot) not in used]


def _both(a: Slot, b: Slot) -> Slot:
    """One slot that says what both say; a repeated text once. Its address is that of the value."""
    one, two = a.content, b.content
    notes = (*a.notes, *b.notes)
    if not two.text or one.text == two.text:
        return replace(a, notes=notes)
    if not one.text:
        return replace(a, content=two, at=b.at, notes=notes)
    content = Content(
        f"{one.text}\n{two.text}",
        (*one.lines, *two.lines),
        f"{one.plain}\n{two.plain}",
        (*one.marks, *two.marks),
    )
    note = problem("row-stitched", text="".join(content.lines))
    return replace(a, content=content, notes=(*notes, note))
