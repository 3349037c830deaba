"""Runs of an OpenDocument paragraph: what is displayed, and what was changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from parsers.content import Run
from parsers.errors import Encrypted, Undecodable

from .elements import attribute, child, name
from .package import Package

_UNSHOWN = frozenset(
    ["annotation", "note-body", "ruby-text", "tracked-changes", "frame", "table", "bookmark"]
)
_TINY = re.compile(r"[012](?:\.\d+)?pt")
_UNDISPLAYED = ("none", "false")
_BLANKS = 1_000  # of one <text:s>
_DEPTH = 40  # of styles that are based on styles


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says about display; None where it leaves that to its parent."""

    parent: str = ""
    is_hidden: bool | None = None
    is_raised: bool | None = None
    is_struck: bool | None = None
    is_framed: bool | None = None
    is_white: bool | None = None
    has_ground: bool = False


@dataclass(frozen=True, slots=True)
class Office:
    """The body of a document with the styles and deleted texts that it names."""

    body: etree._Element
    styles: Mapping[str, Style]
    deleted: Mapping[str, str]
    on_ground: bool = False  # something of it stands on a colour: white may be seen

    def hides(self, style: str | None) -> bool:
        """Whether text of that style is displayed by nothing."""
        return self.says(style, "is_hidden") or (
            not self.on_ground and self.says(style, "is_white")
        )

    def says(self, style: str | None, wanted: str) -> bool:
        """A property of a style, or of the nearest one it is based on."""
        for _ in range(_DEPTH):
            found = self.styles.get(style or "")
            if found is None:
                return False
            said = getattr(found, wanted)
            if said is not None:
                return bool(said)
            style = found.parent
        return False


def opened(package: Package, kind: str) -> Office:
    """The office:text or office:spreadsheet of a package."""
    manifest = package.read("META-INF/manifest.xml") or b""
    if b"encryption-data" in manifest:
        raise Encrypted("the document asks for a password")
    root = package.xml("content.xml")
    body = child(root, "body", kind)
    if body is None:
        raise Undecodable(f"content.xml holds no {kind}")
    sources = [each for each in (package.xml("styles.xml"), root) if each is not None]
    styles = {key: style for source in sources for key, style in _styles(source)}
    on_ground = any(style.has_ground for style in styles.values())
    return Office(body, styles, dict(_deleted(child(body, "tracked-changes"))), on_ground)


def _styles(root: etree._Element) -> Iterator[tuple[str, Style]]:
    for holder in ("styles", "automatic-styles"):
        styles = child(root, holder)
        for each in styles if styles is not None else ():
            if name(each) == "style":
                yield attribute(each, "name") or "", _style(each)


def _style(element: etree._Element) -> Style:
    text, cell = child(element, "text-properties"), child(element, "table-cell-properties")
    raised = (attribute(text, "text-position") or "").split(" ")[0]
    struck = attribute(text, "text-line-through-style")
    borders = [
        value
        for key, value in (cell.attrib.items() if cell is not None else ())
        if str(key).rpartition("}")[2] in ("border", "border-left", "border-right", "border-bottom")
    ]
    colour = attribute(text, "color")
    size = attribute(text, "font-size") or ""
    shown = attribute(text, "display") or attribute(child(element, "table-properties"), "display")
    return Style(
        parent=attribute(element, "parent-style-name") or "",
        is_hidden=_is_hidden(shown, size),
        is_white=None if colour is None else colour.lower() == "#ffffff",
        has_ground=_has_ground(element),
        is_raised=None if not raised else raised not in ("0%", "0"),
        is_struck=None if struck is None else struck != "none",
        is_framed=any(value != "none" for value in borders) if borders else None,
    )


def _is_hidden(shown: str | None, size: str) -> bool | None:
    if _TINY.fullmatch(size):
        return True
    return None if shown is None else shown in _UNDISPLAYED


def _has_ground(style: etree._Element) -> bool:
    """Whether anything in that style stands on a colour."""
    told = (attribute(each, "background-color") for each in style)
    return any(each not in (None, "transparent", "#ffffff") for each in told)


def _deleted(changes: etree._Element | None) -> Iterator[tuple[str, str]]:
    """Texts that tracked changes took out, by the id of the change."""
    for region in changes if changes is not None else ():
        gone = child(region, "deletion")
        if gone is not None:
            paragraphs = [each for each in gone.iter() if name(each) in ("p", "h")]
            said = "".join("".join(each.itertext()) for each in paragraphs)
            yield attribute(region, "id") or "", said


@dataclass(slots=True)
class Paragraph:
    """Collects the runs of one paragraph."""

    office: Office
    runs: list[Run] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    _inserting: int = 0

    def take(self, element: etree._Element, style: str | None = None, raised: bool = False) -> None:
        """Takes what the element displays, its tail excluded."""
        self._say(element.text, style, raised)
        for inner in element:
            self._inner(inner, style, raised)
            self._say(inner.tail, style, raised)

    def _inner(self, inner: etree._Element, style: str | None, raised: bool) -> None:
        kind = name(inner)
        if kind == "s":
            self._write(" " * min(int(_digits(attribute(inner, "c")) or 1), _BLANKS), raised)
        elif kind in ("tab", "line-break"):
            self._write("\t" if kind == "tab" else "\n", raised)
        elif kind in ("change", "change-start", "change-end"):
            self._change(kind, attribute(inner, "change-id") or "")
        elif kind == "note-citation":
            self.take(inner, style, raised=True)
        elif kind == "hidden-text":
            self.hidden.append(attribute(inner, "string-value") or "")
        elif kind == "span":
            own = attribute(inner, "style-name") or style
            self.take(inner, own, raised or self.office.says(own, "is_raised"))
        elif kind and kind not in _UNSHOWN:
            self.take(inner, style, raised)

    def _change(self, kind: str, key: str) -> None:
        self._inserting += {"change-start": 1, "change-end": -1}.get(kind, 0)
        if gone := self.office.deleted.get(key, ""):
            self.changed.append(gone)

    def _say(self, text: str | None, style: str | None, raised: bool) -> None:
        """White space in the file is one blank, as on a web page."""
        if not text:
            return
        squeezed = " ".join(f"x{text}x".split())[1:-1]
        if self.office.hides(style):
            self.hidden.append(squeezed)
        elif self.office.says(style, "is_struck"):
            self.changed.append(squeezed)
        else:
            self._write(squeezed, raised)

    def _write(self, text: str, raised: bool) -> None:
        self.runs.append(Run(text, raised))
        if self._inserting > 0 and text.strip():
            self.changed.append(text)


def _digits(text: str | None) -> str:
    return text if text and text.isdecimal() and len(text) < 7 else ""


def repeated(element: etree._Element, wanted: str) -> int:
    """How often a row, column or cell stands, or how far it spans: at least once."""
    return max(int(_digits(attribute(element, wanted)) or 1), 1)
