"""Runs of a WordprocessingML paragraph: what is displayed, in order, and what was changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from parsers.content import Run

from .elements import attribute, change_of, child, displayed, name
from .fields import Fields
from .wordstyle import Look, Styles

INSERTED = frozenset(["ins", "moveTo"])
DELETED = frozenset(["del", "moveFrom"])
# fmt: off
_UNSHOWN = frozenset([
    "pPr", "rPr", "instrText", "delText", "delInstrText", "fldData", "rt", "drawing", "pict",
    "object", "commentReference", "annotationRef", "sdtPr", "txbxContent", "tbl",
])
# fmt: on
_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(slots=True)
class Paragraph:
    """Gathers one paragraph: displayed runs, changed and hidden texts, text boxes, pictures."""

    styles: Styles
    style: str | None = None
    on_ground: bool = False  # of a cell or table with a colour of its own
    notes: int = 0  # foot- and endnote references so far in the document
    runs: list[Run] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    frames: list[etree._Element] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    _fields: Fields = field(default_factory=Fields)
    _on_line: bool = False  # it displays text that is not lifted

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
        look = Look(self.styles, child(element, "rPr"), self.style, self.on_ground)
        text = "".join(self._pieces(element))
        if look.hidden:
            self.hidden.append(text)
            return
        if look.struck:
            self._note(text)  # crossed out by hand: a change that was never tracked
            return
        raised = look.raised or (look.lifted and self._on_line) or _is_reference(element)
        self._on_line |= bool(text.strip()) and not (raised or look.lifted)
        self.runs.append(Run(text, raised))
        if is_new:
            self._note(text)

    def _pieces(self, run: etree._Element) -> Iterator[str]:
        """What a run displays; inside a field, only of its result."""
        for inner in displayed(run):
            kind = name(inner)
            if kind == "fldChar":
                yield self._field(attribute(inner, "fldCharType"))
            elif kind == "instrText" and self._fields.add(inner.text or ""):
                continue
            elif self._fields.show:
                yield self._piece(inner, kind)
            elif kind == "t":
                self.hidden.append(inner.text or "")

    def _field(self, mark: str | None) -> str:
        if mark == "begin":
            self._fields.begin()
        elif mark == "separate":
            self._fields.separate()
        return self._fields.end() if mark == "end" else ""

    def _piece(self, element: etree._Element, kind: str) -> str:
        if kind == "t":
            return element.text or ""
        if kind == "sym":
            return _symbol(attribute(element, "char"))
        if kind in ("footnoteReference", "endnoteReference"):
            self.notes += 1
            return str(self.notes)
        if kind == "ruby":
            return _all_text(child(element, "rubyBase"))
        if kind in ("drawing", "pict", "object"):
            boxes = [found for found in element.iter() if name(found) == "txbxContent"]
            self.frames += boxes
            if not boxes:
                self.drawn.append("an object" if kind == "object" else "a picture")
        return _MARKS.get(kind, "")


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
