"""What a Word run looks like: its own properties, else those of its styles and their bases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from .elements import attribute, child, is_set, name, number

TINY = 4  # half points: nobody reads two
LIFTED = 4  # half points above the line
_WHITE = "FFFFFF"
_NO_FILL = (None, "auto", _WHITE)


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a document by their ids."""

    elements: dict[str, etree._Element] = field(default_factory=dict)

    def chain(self, key: str | None) -> Iterator[etree._Element]:
        """A style and those it is based on, the nearest first."""
        seen: set[str] = set()
        while key in self.elements and key not in seen:
            seen.add(key)
            yield self.elements[key]
            key = attribute(child(self.elements[key], "basedOn"), "val")

    def shades(self, key: str | None) -> bool:
        """Whether a table style puts some of its cells on a ground of their own."""
        return any(is_shaded(each.iter()) for each in self.chain(key))


@dataclass(frozen=True, slots=True)
class Look:
    """The properties of one run in a paragraph of that style, on a ground that may be coloured."""

    styles: Styles
    own: etree._Element | None
    paragraph: str | None = None
    on_ground: bool = False

    @property
    def hidden(self) -> bool:
        """By a property, by its size, or white on white."""
        if is_set(self._said("vanish")) or number(self._said("sz"), 99) <= TINY:
            return True
        colour = (attribute(self._said("color"), "val") or "").upper()
        highlit = self._said("highlight") is not None
        return colour == _WHITE and not self.on_ground and not highlit and not is_shaded(self.own)

    @property
    def struck(self) -> bool:
        return bool(is_set(self._said("strike")) or is_set(self._said("dstrike")))

    @property
    def raised(self) -> bool:
        """Above or below the line, and small."""
        return attribute(self._said("vertAlign"), "val") in ("superscript", "subscript")

    @property
    def lifted(self) -> bool:
        """Above the line by hand; a whole cell may be, to make it look well."""
        return number(self._said("position"), 0) >= LIFTED

    def _said(self, wanted: str) -> etree._Element | None:
        if (found := child(self.own, wanted)) is not None:
            return found
        for key in (attribute(child(self.own, "rStyle"), "val"), self.paragraph):
            for style in self.styles.chain(key):
                if (found := child(style, "rPr", wanted)) is not None:
                    return found
        return None


def is_shaded(properties: Iterator[etree._Element] | etree._Element | None) -> bool:
    """Whether one of the properties is a ground that is not white."""
    for each in properties if properties is not None else ():
        if name(each) == "shd":
            pattern = attribute(each, "val") not in (None, "clear", "nil")
            if pattern or attribute(each, "themeFill") or _fill(each) not in _NO_FILL:
                return True
    return False


def _fill(shading: etree._Element) -> str | None:
    fill = attribute(shading, "fill")
    return fill.upper() if fill not in (None, "auto") else fill


def styles(root: etree._Element | None) -> Styles:
    """The styles of a `styles.xml` part."""
    found = (element for element in root if name(element) == "style") if root is not None else ()
    return Styles({attribute(element, "styleId") or "": element for element in found})
