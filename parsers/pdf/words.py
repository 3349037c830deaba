"""Characters of a PDF page to lines of text: order, gaps and raised marks by geometry alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parsers.content import Content, Run, content

WORD_GAP = 0.6  # of the type size: a wider gap is displayed as a blank
OVERPRINT = 0.45  # of a sign's width
_RAISED = 0.78  # of the line's type size: smaller signs off the baseline are note marks


Bounds = tuple[float, float, float, float]  # x0, top, x1, bottom


@dataclass(frozen=True, slots=True)
class Char:
    """A printed character; `top` grows downwards."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float

    @property
    def middle(self) -> tuple[float, float]:
        """Centre of the character's box."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """Characters on one baseline, left to right."""

    chars: tuple[Char, ...]

    @property
    def x0(self) -> float:
        return self.chars[0].x0

    @property
    def x1(self) -> float:
        return max(char.x1 for char in self.chars)

    @property
    def top(self) -> float:
        return min(char.top for char in self.chars)

    @property
    def bottom(self) -> float:
        return max(char.bottom for char in self.chars)

    @property
    def size(self) -> float:
        return max(char.size for char in self.chars)

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs())

    def runs(self) -> list[Run]:
        """Displayed runs; gaps are blanks, small signs off the baseline are marks."""
        runs: list[Run] = []
        size, end = self.size, None
        base = max(char.bottom for char in self.chars if char.size >= size * _RAISED)
        for char in self.chars:
            is_gap = end is not None and char.x0 - end > WORD_GAP * size
            is_over = end is not None and end - char.x0 > OVERPRINT * (char.x1 - char.x0)
            if is_over and not char.text.isspace():
                runs.append(Run(" "))  # printed over its neighbour: they never make one number
            if is_gap and runs and not runs[-1].text.endswith(" ") and char.text != " ":
                runs.append(Run(" "))
            is_raised = char.size < size * _RAISED and abs(base - char.bottom) > size * 0.12
            runs.append(Run(char.text, is_raised))
            end = max(char.x1, end or 0)
        return runs

    def segments(self, gap: float) -> list[Line]:
        """The line cut where a gap is wider than `gap` type sizes."""
        parts: list[list[Char]] = []
        blanks: list[Char] = []  # they stay between signs of one part
        for char in self.chars:
            if char.text.isspace():
                blanks.append(char)
                continue
            if parts and char.x0 - parts[-1][-1].x1 <= gap * self.size:
                parts[-1] += [*blanks, char]
            else:
                parts.append([char])
            blanks = []
        return [Line(tuple(part)) for part in parts]


def lines_of(chars: Iterable[Char]) -> list[Line]:
    """Lines from top to bottom; a character joins the line that covers its middle."""
    rows: list[list[Char]] = []
    for char in sorted(chars, key=lambda char: (char.middle[1], char.x0)):
        if rows and _is_beside(char, rows[-1]):
            rows[-1].append(char)
        else:
            rows.append([char])
    lines = (Line(tuple(sorted(row, key=lambda char: char.x0))) for row in rows)
    return [line for line in lines if line.text.strip()]


def _is_beside(char: Char, row: Sequence[Char]) -> bool:
    largest = max(row, key=lambda other: other.size)
    height = min(char.bottom - char.top, largest.bottom - largest.top)
    overlap = min(char.bottom, largest.bottom) - max(char.top, largest.top)
    return overlap > 0.45 * height


def said(lines: Sequence[Line]) -> Content:
    """The content of a cell with those lines."""
    runs: list[Run] = []
    for line in lines:
        runs += [*line.runs(), Run("\n")]
    return content(runs)
