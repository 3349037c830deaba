"""What happens to words on the way to the page: blanks, glosses, widths, radicals, numbering.

Ids in brackets are those of the list of irregularities that the forge was checked against.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace

from parsers.radicals import RADICALS
from parsers.text import strip_ordinals

from .markup import Cell
from .printed import PLAIN_WORDS
from .sections import Pieces

Wording = Callable[[Pieces, random.Random], Pieces]
CJK = re.compile("[\u4e00-\u9fff]")
COUNTED = re.compile(r"\d{2}|\d.*\d")  # years, dates, numbers; an ordinal is one digit
NUMBERED = re.compile(r"^(?:（[一二三四五六七八]）|[一二三四五]、|\d\.)")
BLANKS = (" ", "\xa0", "\u3000", "\n", "  ")
GLOSSES = (
    "（不含咨询类3项）",
    "（注1）",
    "（含8个部门，减用负值表示，如-8）",
    "(指本级)",
    "【详见说明】",
)
TO_RADICAL = {
    char: chr(code) for code, char in RADICALS.items() if 0x2F00 <= code < 0x2FD6 and len(char) == 1
}
OTHER_WIDTHS = (
    {"（": "(", "）": ")", "、": "，"},
    {"（": "﹝", "）": "﹞", ".": "．"},
    {"“": '"', "”": '"', "（": " (", "）": ") "},
    {"“": "", "”": "", ".": "、", "、": "."},
    {"“": "‘", "”": "’", "1": "１", "2": "２", "3": "３", "4": "４", "5": "５"},
)


def _reworded(
    tables: Pieces, rng: random.Random, share: float, change: Callable[[str], str]
) -> Pieces:
    """Words changed cell by cell; values, units and dates are left alone."""

    def changed(cell: Cell) -> Cell:
        return replace(cell, text=change(cell.text)) if _worded(cell.text, rng, share) else cell

    return [[[changed(cell) for cell in row] for row in table] for table in tables]


def _worded(text: str, rng: random.Random, share: float) -> bool:
    told = len(CJK.findall(text)) >= 3 and text not in PLAIN_WORDS
    return told and not COUNTED.search(text) and rng.random() < share


def spaced(tables: Pieces, rng: random.Random) -> Pieces:
    """T14: 指 标 名 称, 其 他."""
    blank = rng.choice(BLANKS[:3])
    return _reworded(tables, rng, 0.5, blank.join)


def padded(tables: Pieces, rng: random.Random) -> Pieces:
    """T1: blanks and line ends anywhere in a label."""
    return _reworded(tables, rng, 0.5, lambda text: _padded(text, rng))


def _padded(text: str, rng: random.Random) -> str:
    for _ in range(2):
        at = rng.randint(1, len(text) - 1)
        text = f"{text[:at]}{rng.choice(BLANKS)}{text[at:]}"
    return text


def glossed(tables: Pieces, rng: random.Random) -> Pieces:
    """T10: filling-in notes left behind the words, with numbers in them."""
    return _reworded(tables, rng, 0.3, lambda text: _glossed(text, rng))


def _glossed(text: str, rng: random.Random) -> str:
    bare = "第二十条" in text or "\n" in text or "：" in text
    return text if bare else text + rng.choice(GLOSSES)


def other_widths(tables: Pieces, rng: random.Random) -> Pieces:
    """T13, T21: brackets, stops, quotes and digits of another width or kind."""
    table = str.maketrans(rng.choice(OTHER_WIDTHS))
    return _reworded(tables, rng, 0.7, lambda text: text.translate(table))


def radicals(tables: Pieces, rng: random.Random) -> Pieces:
    """T19: radical code points for whole characters."""
    table = str.maketrans(TO_RADICAL)
    return _reworded(tables, rng, 0.7, lambda text: text.translate(table))


def unnumbered(tables: Pieces, rng: random.Random) -> Pieces:
    """T13: no numbering in front of rows, or another."""
    style = rng.choice(("", "", "({}) ", "{}、", "{}．"))
    number = iter(range(1, 1000))
    return _reworded(tables, rng, 1.0, lambda text: _renumbered(text, style, number))


def _renumbered(text: str, style: str, number) -> str:  # type: ignore[no-untyped-def]
    if not NUMBERED.match(text):
        return text
    bare = strip_ordinals(text.replace("（", "(").replace("）", ")"))
    return style.format(next(number) % 9 + 1) + bare


ALL: tuple[Wording, ...] = (spaced, padded, glossed, other_widths, radicals)
ALL_B: tuple[Wording, ...] = (*ALL, unnumbered)
