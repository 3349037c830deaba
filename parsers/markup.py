"""The browser's tree as a stream: Lexbor builds it, its serialisation is read tag by tag.

Asking each node costs a Python object a step; the serialised tree is regular (every tag closed,
`<` and `>` in attributes escaped), so that splitting it is several times faster and needs no
recursion, however deep the page.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

from . import css, unseen
from .errors import TooLarge
from .furniture import Veils
from .suffixes import DOCUMENTS, PICTURES

BLOCKS = frozenset(
    """address article aside blockquote body button caption center dd details dialog dir div dl dt
    fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li listing main
    menu nav ol optgroup option p pre search section summary svg table tbody td text tfoot th thead
    tr ul xmp""".split()  # noqa: SIM905 - a list of 50 is no clearer
)
VOID = frozenset(
    """area base basefont bgsound br col embed frame hr img input keygen link meta param source
    track wbr""".split()  # noqa: SIM905
)
RAW = frozenset(("script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"))
SILENT = frozenset(
    """audio canvas datalist defs desc iframe metadata meter noembed noframes noscript progress rp
    script style template title video""".split()  # noqa: SIM905
)
RAISED = frozenset(
    ("sup", "sub", "rt", "del", "s", "strike", "w:del", "w:movefrom")
)  # beside the line, or struck out
FILES = re.compile(
    rf"\.(?:{DOCUMENTS}|{PICTURES})(?:$|[\"?#])"
    r"|downfile|download\.jsp|viewer\.html\?",
    re.I,
)
LINKS = {
    "a": "href",
    "iframe": "src",
    "frame": "src",
    "embed": "src",
    "object": "data",
    "img": "src",
}
ASKED = frozenset(
    """applet bdo canvas embed frame iframe img input meta object option select small svg td th
    video""".split()  # noqa: SIM905
)
INLINE = frozenset(("inline", "inline-block", "inline-flex", "inline-grid", "contents", "ruby"))
DEEPEST = 100  # ancestors that a selector may ask for
MOST_WORK = 1_000_000  # ancestors compared with selectors
STYLED = re.compile(r' (?:class|id|style|hidden)="[^"]*"')
LEADING = re.compile(r' href="[^"]*"')
COLOURED = re.compile(r' color="[^"]*"')
ATTRIBUTE = re.compile(r' ([^ =]+)="([^"]*)"')


# What the reader does with an element; strings, since a member of an Enum costs a call to ask for.
Role = Literal[
    "inline",
    "block",
    "table",
    "group",
    "row",
    "cell",
    "caption",
    "break",
    "silent",
    "field",
    "select",
    "pre",
    "raised",
    "meta",
]

ALL_VEILS = Veils(vanishing=True)
BY_TAG: dict[str, Role] = {
    **dict.fromkeys(BLOCKS, "block"),
    **dict.fromkeys(SILENT, "silent"),
    **dict.fromkeys(RAISED, "raised"),
    **dict.fromkeys(("thead", "tbody", "tfoot"), "group"),
    "table": "table",
    "tr": "row",
    "td": "cell",
    "th": "cell",
    "caption": "caption",
    "br": "break",
    "input": "field",
    "select": "select",
    "meta": "meta",
    **dict.fromkeys(("pre", "listing", "xmp", "textarea"), "pre"),
}


@dataclass(slots=True, eq=False)
class Element:
    """A start tag, shared by all places of the page where it is written the same way."""

    tag: str
    role: Role
    attributes: dict[str, str]
    display: str = ""  # what CSS says, or empty
    seen: bool | None = None  # visibility, which children inherit; None says nothing
    sized: bool | None = None  # whether the font has a size; None says nothing
    void: bool = False
    link: str = ""  # a document or frame it leads to
    quiet: bool = False  # an inline element that changes nothing
    simple: bool = False  # a block that does no more than divide lines
    bare: bool = False  # a cell that is no more than a cell
    more: bool = False  # it does something beside its role
    veil: str = ""  # why its text is not seen as written; kinds are those of `unseen`
    classes: list[str] = field(default_factory=list)
    id: str = ""
    context: list[css.Rule] = field(default_factory=list)  # rules that ask for ancestors
    variants: dict[tuple[int, ...], Element] = field(default_factory=dict)


def unescaped(text: str) -> str:
    """Serialised text as the page shows it."""
    if "&" not in text:
        return text
    plain = text.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">")
    return plain.replace("&quot;", '"').replace("&amp;", "&")


@dataclass(slots=True)
class Elements:
    """Start tags to elements, under the style sheets of one page."""

    rules: css.Rules = css.NO_RULES
    veils: Veils = ALL_VEILS  # what on the page may be there and not be seen
    known: dict[str, Element] = field(default_factory=dict)
    placed: dict[tuple[int, ...], Element] = field(default_factory=dict)  # by element and ancestors
    work: int = 0

    def resolve(self, head: str) -> Element:
        """The element of a serialised start tag without its brackets."""
        name, _, rest = head.partition(" ")
        if rest and (short := self._shortened(name, rest)) != head:
            element = self.known[head] = self.known.get(short) or self.resolve(short)
            return element
        attributes = _attributes(rest) if rest else {}
        element = Element(name, BY_TAG.get(name, "inline"), attributes, void=name in VOID)
        if self.rules.listed:
            element.classes = attributes.get("class", "").split()
            element.id = attributes.get("id", "")
        if name in LINKS:
            element.link = _link(element)
        if self.rules.listed or "style" in attributes or "hidden" in attributes:
            self._style(element)
        element.veil = element.veil or _veil(element, noted=self.veils.noted)
        _classify(element)
        self.known[head] = element
        return element

    def _shortened(self, name: str, attributes: str) -> str:
        """The start tag with what is read of it: a thousand links are then one element or two."""
        if name in ASKED or "&lt;" in attributes:
            return f"{name} {attributes}"
        told = [name, *STYLED.findall(f" {attributes}")] if _may_style(attributes) else [name]
        if not self.rules.listed:
            told = [each for each in told if not each.startswith((" class=", " id="))]
        if name == "font" and self.veils.pale:
            told += COLOURED.findall(f" {attributes}")
        if name == "a" and self._leads(attributes):
            told += LEADING.findall(f" {attributes}")
        return "".join(told)

    def _leads(self, attributes: str) -> bool:
        """Whether a link is one to a document, or of a footnote."""
        if _is_page(attributes):
            return False
        noted = self.veils.noted and 'href="#' in attributes
        return noted or FILES.search(attributes) is not None

    def _style(self, element: Element) -> None:
        fitting = self.rules.fitting(element.tag, element.classes, element.id)
        element.context = [rule for rule in fitting if rule.above]
        self._apply(element, [rule for rule in fitting if not rule.above])

    def in_context(self, element: Element, above: Sequence[Element]) -> Element:
        """The element as styled below these ancestors, the nearest last."""
        place = (id(element), *map(id, above[-DEEPEST:]))
        if place not in self.placed:
            self.placed[place] = self._placed(element, above[-DEEPEST:])
        return self.placed[place]

    def _placed(self, element: Element, above: Sequence[Element]) -> Element:
        self.work += len(element.context) * len(above)
        if self.work > MOST_WORK:
            raise TooLarge("style rules without end")
        met = [rule for rule in element.context if _is_below(rule, above)]
        key = tuple(rule.weight[3] for rule in met)
        if key not in element.variants:
            role = BY_TAG.get(element.tag, "inline")
            styled = Element(element.tag, role, element.attributes, void=element.void)
            styled.link = element.link
            styled.classes, styled.id = element.classes, element.id
            fitting = self.rules.fitting(element.tag, element.classes, element.id)
            self._apply(styled, [*(rule for rule in fitting if not rule.above), *met])
            _classify(styled)
            element.variants[key] = styled
        return element.variants[key]

    def _apply(self, element: Element, rules: Collection[css.Rule]) -> None:
        """Role, visibility and size after the cascade of the page's rules and its own style."""
        layers = [rule.declared for rule in sorted(rules, key=lambda rule: rule.weight)]
        if "hidden" in element.attributes:
            layers.insert(0, {"display": ("none", False)})
        if style := element.attributes.get("style"):
            layers.append(css.declarations(style))
        if not layers:
            return
        values = css.cascade(layers)
        visibility = values.get("visibility", "")
        if visibility in ("visible", "hidden", "collapse"):
            element.seen = visibility == "visible"
        size = css.is_nothing(values.get("font-size", ""))
        element.sized = None if size is None or not self.veils.vanishing else not size
        element.display = values.get("display", "")
        element.role = _role(element, values)
        veil = _struck(element, values) or unseen.veil_of(values)
        element.veil = "" if veil == "apart" and element.role != "inline" else veil


def _is_page(attributes: str) -> bool:
    """Cheap: most links lead to pages."""
    return '.html"' in attributes and "?" not in attributes and "down" not in attributes


def _may_style(attributes: str) -> bool:
    return any(word in attributes for word in ("class=", "id=", "style=", "hidden="))


def _attributes(text: str) -> dict[str, str]:
    found = dict(ATTRIBUTE.findall(" " + text))
    if "&" in text:
        return {name: unescaped(value) for name, value in found.items()}
    return found


def _is_below(rule: css.Rule, above: Sequence[Element]) -> bool:
    place = len(above)
    for child, compound in rule.above:
        place -= 1
        while place >= 0:
            near = above[place]
            if compound.fits(near.tag, near.classes, near.id):
                break
            if child:
                return False
            place -= 1
        if place < 0:
            return False
    return True


def _role(element: Element, values: dict[str, str]) -> Role:
    display, role = element.display, element.role
    if role == "silent" or display == "none":
        return "silent"
    if role == "row" and values.get("visibility") == "collapse":
        return "silent"
    if role == "block" and display in INLINE and element.tag != "body":
        return "inline"
    if role == "inline" and (display and display not in INLINE):
        return "block"
    floats = values.get("float") in ("left", "right") or values.get("position") in (
        "absolute",
        "fixed",
    )
    line = values.get("text-decoration", "") + values.get("text-decoration-line", "")
    if role == "inline" and "line-through" in line:
        return "raised"
    return "block" if role == "inline" and floats else role


def _struck(element: Element, values: dict[str, str]) -> str:
    """A whole cell or line struck out; runs of a line have a role of their own."""
    if element.role in ("inline", "raised"):
        return ""
    line = values.get("text-decoration", "") + values.get("text-decoration-line", "")
    return "beside" if "line-through" in line else ""


def _veil(element: Element, *, noted: bool) -> str:
    """What an element is by its tag: drawn, turned, or the link of a footnote."""
    attributes = element.attributes
    if element.tag in unseen.DRAWN:
        return "drawn"
    if element.tag == "img":
        words = attributes.get("alt") or attributes.get("title") or ""
        if unseen.is_picture_of_a_digit(attributes.get("src", ""), words):
            return "drawn"
        return "" if unseen.is_spacer(attributes) else "between"
    if element.tag == "bdo":
        return "turned"
    if element.tag == "font" and unseen.is_pale(attributes.get("color", "")):
        return "pale"
    if element.tag == "a" and noted and attributes.get("href", "")[:1] == "#":
        return "noted"
    return "apart" if element.tag == "small" else ""


def _link(element: Element) -> str:
    """Where a link to a file, or a frame, leads; pages are not followed from here."""
    target = element.attributes.get(LINKS[element.tag], "").strip()
    if element.tag in ("a", "img") and not FILES.search(target):
        return ""
    return "".join(target.split())


def _classify(element: Element) -> None:
    """Most elements do little: the reader asks once a start tag, not once an element."""
    inherits = element.seen is not None or element.sized is not None
    element.more = bool(inherits or element.link or element.veil)
    if not (element.void or element.context or element.more):
        written = any("<" in value for value in element.attributes.values())
        element.quiet = element.role == "inline" and not written
        element.simple = element.role == "block" and not written
        element.bare = element.role == "cell"
