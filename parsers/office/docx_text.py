"""Runs of a WordprocessingML paragraph: what is displayed, in order, and what was changed.

Names are compared without their namespace: strict and transitional files differ in nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from parsers.content import Run

INSERTED = frozenset(["ins", "moveTo"])
DELETED = frozenset(["del", "moveFrom"])
# fmt: off
_UNSHOWN = frozenset([
    "pPr", "rPr", "instrText", "delText", "delInstrText", "fldData", "rt", "drawing", "pict",
    "object", "commentReference", "annotationRef", "sdtPr", "txbxContent", "tbl",
])
# fmt: on
_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
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
    found = child(element, *path)
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


@dataclass(slots=True)
class Paragraph:
    """Gathers one paragraph: displayed runs, changed texts, hidden texts, text boxes."""

    hidden_styles: frozenset[str]
    runs: list[Run] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    frames: list[etree._Element] = field(default_factory=list)
    notes: int = 0  # foot- and endnote references so far in the document

    def take(self, element: etree._Element, *, is_new: bool = False) -> None:
        """Takes the content of a paragraph or of an inline wrapper."""
        for inner in displayed(element):
            kind = name(inner)
            if kind == "r":
                self._run(inner, is_new=is_new)
            elif kind in DELETED or change_of(inner) == "Word.Deletion":
                self._note(_all_text(inner))
            elif kind == "t":  # mathematics
                self.runs.append(Run(inner.text or ""))
            elif kind not in _UNSHOWN:
                self.take(inner, is_new=is_new or kind in INSERTED or bool(change_of(inner)))

    def _note(self, text: str) -> None:
        if text.strip():
            self.changed.append(text)

    def _run(self, element: etree._Element, *, is_new: bool) -> None:
        properties = child(element, "rPr")
        text = "".join(self._pieces(element))
        if self._is_hidden(properties):
            self.hidden.append(text)
            return
        if is_on(properties, "strike") or is_on(properties, "dstrike"):
            self._note(text)  # crossed out by hand: a change that was never tracked
            return
        position = child(properties, "vertAlign")
        raised = attribute(position, "val") in ("superscript", "subscript")
        self.runs.append(Run(text, raised or _is_reference(element)))
        if is_new:
            self._note(text)

    def _is_hidden(self, properties: etree._Element | None) -> bool:
        direct = is_on(properties, "vanish")
        if direct is not None:
            return direct
        style = child(properties, "rStyle")
        return attribute(style, "val") in self.hidden_styles

    def _pieces(self, run: etree._Element) -> Iterator[str]:
        for inner in displayed(run):
            kind = name(inner)
            if kind == "t":
                yield inner.text or ""
            elif kind in _MARKS:
                yield _MARKS[kind]
            elif kind == "sym":
                yield _symbol(attribute(inner, "char"))
            elif kind in ("footnoteReference", "endnoteReference"):
                self.notes += 1
                yield str(self.notes)
            elif kind == "ruby":
                yield _all_text(child(inner, "rubyBase"))
            elif kind in ("drawing", "pict", "object"):
                self.frames += [found for found in inner.iter() if name(found) == "txbxContent"]


def _is_reference(run: etree._Element) -> bool:
    return any(name(inner) in ("footnoteReference", "endnoteReference") for inner in run)


def _all_text(element: etree._Element | None) -> str:
    if element is None:
        return ""
    return "".join(inner.text or "" for inner in element.iter() if name(inner) in ("t", "delText"))


def _symbol(code: str | None) -> str:
    try:
        return chr(int(code or "", 16))
    except (ValueError, OverflowError):
        return "\ufffd"
