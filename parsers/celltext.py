"""Displayed text: inline tags never separate, block tags and <br> always do."""

from __future__ import annotations

import re

# Blanks at the edge of a line; inside it they are printed and stay.
_ZERO_WIDTH = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u180e"
BLANKS = "".join(map(chr, range(0x2000, 0x200B))) + (
    " \t\n\r\f\v\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + _ZERO_WIDTH
)
_COLLAPSE = re.compile(r"[ \t\n\r\f]+")
_FENCE = "\0"  # no text node and no attribute value of a parsed tree holds it
TABLE = "\1"


def fence(tag: str) -> str:
    """The mark of a line break after which text belongs to block `tag`."""
    return f"{_FENCE}{tag}{_FENCE}"


def table_fence(number: int) -> str:
    """The mark of the place where a data table of its own stands."""
    return fence(f"{TABLE}{number}")


def squeezed(text: str) -> str:
    """Outer blanks off, source white space as rendered."""
    return _COLLAPSE.sub(" ", text).strip(BLANKS)


def lines(pieces: list[str]) -> tuple[str, ...]:
    """The non-empty displayed lines."""
    text = "".join(pieces)
    if _FENCE not in text:
        line = squeezed(text)
        return (line,) if line else ()
    parts = _COLLAPSE.sub(" ", text).split(_FENCE)[::2]
    return tuple(line for part in parts if (line := part.strip(BLANKS)))


def runs(pieces: list[str]) -> list[tuple[str, str]]:
    """(block tag, displayed line) in order; a table's place is (table fence's tag, "")."""
    parts = _COLLAPSE.sub(" ", "".join(pieces)).split(_FENCE)
    found = [("p", parts[0].strip(BLANKS))]
    for tag, part in zip(parts[1::2], parts[2::2], strict=True):
        if tag.startswith(TABLE):
            found.append((tag, ""))
            tag = "p"
        found.append((tag, part.strip(BLANKS)))
    return [run for run in found if run[1] or run[0].startswith(TABLE)]
