"""Elements of office files by their local names: strict and transitional ones differ in no more."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

_OFF = ("0", "false", "off")


def name(element: etree._Element) -> str:
    """Local name; "" for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element | None, wanted: str) -> str | None:
    """The value of an attribute by its local name."""
    for key, value in element.attrib.items() if element is not None else ():
        if str(key).rpartition("}")[2] == wanted:
            return str(value)
    return None


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first descendant along local names."""
    for step in path:
        if element is None:
            return None
        element = next((inner for inner in element if name(inner) == step), None)
    return element


def is_on(element: etree._Element | None, *path: str) -> bool | None:
    """A toggle property: None when it is not there."""
    return is_set(child(element, *path))


def is_set(found: etree._Element | None) -> bool | None:
    """Of a toggle property itself."""
    return None if found is None else attribute(found, "val") not in _OFF


def number(element: etree._Element | None, default: int) -> int:
    """The `val` of a property as a whole number."""
    text = attribute(element, "val")
    try:
        return int(text) if text else default
    except ValueError:
        return default


def change_of(element: etree._Element) -> str:
    """What a 2003 annotation records: Word.Deletion, Word.Insertion; "" for other elements."""
    return attribute(element, "type") or "" if name(element) == "annotation" else ""


def displayed(element: etree._Element) -> Iterator[etree._Element]:
    """Children with alternate content resolved to its first choice."""
    for inner in element:
        if name(inner) == "AlternateContent":
            chosen = child(inner, "Choice")
            yield from chosen if chosen is not None else child(inner, "Fallback") or ()
        else:
            yield inner
