"""Automatic numbers of a Word list: displayed, but written nowhere in the paragraph's text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from .elements import attribute, child, name, number

_HAN = "〇一二三四五六七八九"
_CIRCLED = 0x2460


def _han(value: int) -> str:
    """1 to 99 in Chinese numerals; beyond that digits."""
    if not 0 < value < 100:
        return str(value)
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _HAN[tens] + "十"
    return head + (_HAN[ones] if ones else "")


def _letter(value: int) -> str:
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)


def _roman(value: int) -> str:
    text = ""
    for weight, sign in zip((10, 9, 5, 4, 1), ("x", "ix", "v", "iv", "i"), strict=True):
        count, value = divmod(value, weight)
        text += sign * count
    return text


def _circled(value: int) -> str:
    return chr(_CIRCLED + value - 1) if 0 < value <= 20 else str(value)


_FORMATS: dict[str, Callable[[int], str]] = {
    "chineseCounting": _han,
    "chineseCountingThousand": _han,
    "ideographDigital": _han,
    "japaneseCounting": _han,
    "taiwaneseCounting": _han,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "lowerLetter": _letter,
    "upperLetter": lambda value: _letter(value).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
    "decimalZero": lambda value: f"{value:02}",
}


@dataclass(frozen=True, slots=True)
class _Level:
    text: str
    format: str
    start: int


@dataclass(slots=True)
class Numbering:
    """Levels by list and the counters, which run in document order."""

    lists: dict[str, dict[int, _Level]] = field(default_factory=dict)
    abstract_of: dict[str, str] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=dict)

    def next(self, properties: etree._Element | None) -> str:
        """The number printed before a paragraph with these properties; "" for none."""
        wanted = child(properties, "numPr", "numId")
        key = attribute(wanted, "val")
        depth = number(child(properties, "numPr", "ilvl"), 0)
        levels = self.lists.get(key or "", {})
        if key is None or depth not in levels:
            return ""
        counts = self.counters.setdefault(self.abstract_of[key], {})
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        return _printed(levels, counts, depth)


def _printed(levels: dict[int, _Level], counts: dict[int, int], depth: int) -> str:
    if levels[depth].format in ("bullet", "none"):
        return ""
    text = levels[depth].text
    for level, kind in levels.items():
        value = counts.get(level, kind.start)
        text = text.replace(f"%{level + 1}", _FORMATS.get(kind.format, str)(value))
    return text


def numbering(root: etree._Element | None) -> Numbering:
    """The lists of a `numbering.xml` part."""
    found = Numbering()
    if root is None:
        return found
    abstract = {
        attribute(element, "abstractNumId") or "": _levels(element)
        for element in root
        if name(element) == "abstractNum"
    }
    for element in root:
        if name(element) == "num":
            _add_list(found, element, abstract)
    return found


def _add_list(
    found: Numbering, element: etree._Element, abstract: dict[str, dict[int, _Level]]
) -> None:
    key = attribute(element, "numId") or ""
    base = child(element, "abstractNumId")
    base_id = attribute(base, "val") or ""
    found.lists[key] = dict(abstract.get(base_id, {}))
    found.abstract_of[key] = base_id
    for override in element:
        if name(override) == "lvlOverride":
            found.abstract_of[key] = f"{base_id}/{key}"  # counts on its own
            found.lists[key].update(_levels(override))


def _levels(element: etree._Element) -> dict[int, _Level]:
    levels: dict[int, _Level] = {}
    for level in element:
        if name(level) == "lvl":
            text, kind = child(level, "lvlText"), child(level, "numFmt")
            levels[int(attribute(level, "ilvl") or 0)] = _Level(
                attribute(text, "val") or "",
                attribute(kind, "val") or "decimal",
                number(child(level, "start"), 1),
            )
    return levels
