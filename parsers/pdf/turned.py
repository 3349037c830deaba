"""Pages set sideways or upside down: turned until their text runs from left to right."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from .pages import Rule, Sheet
from .words import Bounds, Char


def quarter(chars: Iterable[dict[str, Any]]) -> int:
    """By how many quarters, counter-clockwise, most characters of a page are turned."""
    found = Counter(
        round(math.degrees(math.atan2(char["matrix"][1], char["matrix"][0])) / 90) % 4
        for char in chars
        if char["text"].strip()
    )
    return max(found, key=lambda turn: found[turn], default=0)


def turned(page: Sheet, quarters: int) -> Sheet:
    """The page turned clockwise by that many quarters."""
    for _ in range(quarters):
        page = _once(page)
    return page


def unturned(box: Bounds, width: float, height: float, quarters: int) -> Bounds:
    """Where a box of the turned page stands on the page itself, which is `width` by `height`."""
    for place in range(quarters):
        side = height if (quarters - place) % 2 else width
        x0, top, x1, bottom = box
        box = (top, side - x1, bottom, side - x0)
    return box


def _once(page: Sheet) -> Sheet:
    return replace(
        page,
        width=page.height,
        height=page.width,
        chars=tuple(_char(char, page.height) for char in page.chars),
        unseen=tuple(_char(char, page.height) for char in page.unseen),
        rules=tuple(_rule(rule, page.height) for rule in page.rules),
        shades=tuple(_box(box, page.height) for box in page.shades),
    )


def _box(box: Bounds, height: float) -> Bounds:
    x0, top, x1, bottom = box
    return height - bottom, x0, height - top, x1


def _char(char: Char, height: float) -> Char:
    x0, top, x1, bottom = _box((char.x0, char.top, char.x1, char.bottom), height)
    return replace(char, x0=x0, x1=x1, top=top, bottom=bottom)


def _rule(rule: Rule, height: float) -> Rule:
    if rule.way == "h":
        return Rule("v", height - rule.at, rule.start, rule.end)
    return Rule("h", rule.at, height - rule.end, height - rule.start)
