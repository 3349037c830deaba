"""Numbers that prose spells out: 二十三件 is 23件; what is not spelt in full stays as it is."""

from __future__ import annotations

import re

_DIGITS = {char: value for value, char in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_ANY = "一二三四五六七八九两十百千零"
_SPELT = re.compile(
    rf"(?<![{_ANY}〇万亿\d第每之几数某任逐])([{_ANY}]+)(?=[余多]?(?:[件条份宗例篇场]|次(?!性)))"
)
_ONCE = "一次"  # is a way of speaking as often as a count


def counted(text: str) -> str:
    """`text` with its spelt counts of cases, items and times in digits."""
    return _SPELT.sub(_digits, text)


def numeral(spelt: str) -> int | None:
    """一百二十三 is 123; None for 零, for 二三十 (a guess) and 一百二 (120 or 102?)."""
    total, unit, digit, zero = 0, 10_000, 0, False
    for char in spelt:
        if char == "零":
            if digit or not total:
                return None
            zero = True
        elif char in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[char]
        else:
            if _UNITS[char] >= unit or not (digit or (char == "十" and not total)):
                return None
            unit, total = _UNITS[char], total + (digit or 1) * _UNITS[char]
            digit, zero = 0, False
    if digit and unit in (100, 1000) and not zero:
        return None
    return total + digit or None


def _digits(hit: re.Match[str]) -> str:
    value = numeral(hit[1])
    once = hit.string.startswith(_ONCE, hit.start())
    return hit[0] if value is None or once else str(value)
