"""Displayed text of one cell out of runs, the same for every document reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of displayed text; `raised` marks superscripts and subscripts (note marks)."""

    text: str
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What a cell says: see `model.Cell` for text, lines, plain and marks."""

    text: str = ""
    lines: tuple[str, ...] = ()
    plain: str = ""
    marks: tuple[str, ...] = ()


EMPTY = Content()
_NEWLINES = str.maketrans({"\r": "\n", "\v": "\n", "\f": "\n", "\u2028": "\n", "\u2029": "\n"})


def content(runs: Iterable[Run]) -> Content:
    """The content of a cell; runs never separate, only newlines inside them do."""
    groups = [
        (raised, "".join(run.text for run in group).translate(_NEWLINES))
        for raised, group in groupby(runs, key=attrgetter("raised"))
    ]
    lines = _lines("".join(text for _, text in groups))
    plain = _lines("".join("" if raised else text for raised, text in groups))
    marks = tuple(text.strip() for raised, text in groups if raised and text.strip())
    return Content("\n".join(lines), lines, "\n".join(plain), marks)


def written(text: str) -> Content:
    """The content of a cell without note marks."""
    return content((Run(text),))


def _lines(text: str) -> tuple[str, ...]:
    paired = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    stripped = (line.strip() for line in paired.split("\n"))
    return tuple(line for line in stripped if line)
