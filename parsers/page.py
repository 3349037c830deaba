"""A page in one pass: tables with their cells, the text round them, and what hides in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from . import css, unseen
from .flow import BREAK, LOWER, RAISE, VEILS, Boundary, CellPart, Flow, Table, boundary_of
from .furniture import FENCE, NO_FENCE, folded, veils_of
from .markup import RAW, Element, Elements, Role, unescaped
from .serialised import serialised

UNSHOWN = frozenset(
    """hidden button submit reset image checkbox radio file password color range""".split()  # noqa: SIM905
)
STYLES = re.compile(r"<style[^>]*>(.*?)</style", re.S)
OPTION = re.compile(r"<option([^>]*)>([^<]*)")
NO_MARKUP = ("!--", *(f"{tag}{end}" for tag in sorted({*RAW, "template"}) for end in " >"))
SHORTEST = 40  # characters a table takes at least


@dataclass(frozen=True, slots=True)
class Carrier:
    """Text in which another document may hide, and where it stood."""

    kind: str
    path: str
    text: str


@dataclass(slots=True)
class Page:
    """What one pass over a page finds."""

    flow: Flow = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    metas: list[tuple[str, str]] = field(default_factory=list)
    title: str = ""
    carriers: list[Carrier] = field(default_factory=list)
    unshown: int = 0  # tables that are there and not displayed
    markup: str = ""  # the serialised tree
    pieces: Sequence[str] = ()  # the markup that was read, cut before each tag
    elements: Elements = field(default_factory=Elements)


def read_page(text: str, *, everything: bool = False, in_place: bool = False) -> Page:
    """The page of this markup; `everything`: also what style takes off the page.

    `in_place`: pieces are those of the whole tree, so that a cell can be marked where it stands.
    """
    markup = serialised(text).replace(FENCE, NO_FENCE)
    sheets = STYLES.findall(markup) if "<style" in markup else []
    veils = veils_of(markup, sheets)
    sheets = [unseen.DEFAULTS * veils.classed, *sheets, unseen.filled_by_script(markup)]
    rules = css.rules_of(sheets)
    read = markup if in_place else folded(markup, rules, veils)
    elements = Elements(rules, veils)
    page = Page(markup=markup, pieces=read.split("<"), elements=elements)
    _Pass(page, everything).run()
    return page


@dataclass(slots=True)
class _Pass:
    """The state of one pass: what is open at the tag that is read."""

    page: Page
    everything: bool
    flow: Flow = field(default_factory=list)
    stack: list[Element] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)  # of the tables and cells around
    tables: list[Table] = field(default_factory=list)
    blocks: list[Boundary] = field(default_factory=lambda: [Boundary("body")])
    inherited: list[tuple[bool, bool]] = field(default_factory=lambda: [(True, True)])
    anchors: list[tuple[str, Flow, int]] = field(default_factory=list)
    shown: bool = True
    pre: int = 0
    ordinal: int = 0
    at: int = 0  # the start tag that is being opened

    def run(self) -> None:  # noqa: C901, PLR0915 - the hot loop
        """Every tag of the page in order."""
        pieces, stack = self.page.pieces, self.stack
        known, resolve = self.page.elements.known, self.page.elements.resolve
        self.page.flow = self.flow
        blocks = self.blocks
        count, at = len(pieces), 1
        while at < count:
            head, _, text = pieces[at].partition(">")
            first = head[:1]
            if first == "/":
                if stack and not (element := stack.pop()).quiet:
                    if element.simple:
                        blocks.pop()
                        self.flow.append(blocks[-1])
                    else:
                        self._end(element)
            elif first == "!" or first == "?":
                at, text = self._comment(at)
            elif (element := known.get(head) or resolve(head)).quiet:
                stack.append(element)
            elif element.simple:  # what `_block` does, without a call for each of a thousand lines
                boundary = boundary_of(element.tag)
                blocks.append(boundary)
                self.flow.append(boundary)
                stack.append(element)
            elif element.bare and self._is_plain(pieces[at], pieces[at + 1]):
                self._run_cell(element, at, text)
                at += 1
                text = ""
            elif (after := self._start(element, at)) != at:
                at = after
                text = pieces[at].partition(">")[2] if at < count else ""
            if text and self.shown:
                if "&" in text or self.pre:
                    self._text(text)
                else:
                    self.flow.append(text)
            at += 1
        while stack:
            self._end(stack.pop())

    def _comment(self, at: int) -> tuple[int, str]:
        """The place where a comment or doctype ends, and the text behind it."""
        pieces = self.page.pieces
        if not pieces[at].startswith("!--"):
            return at, pieces[at].partition(">")[2]
        while at < len(pieces) and "-->" not in pieces[at]:
            at += 1
        return at, pieces[at].partition("-->")[2] if at < len(pieces) else ""

    def _text(self, text: str) -> None:
        text = unescaped(text)
        if self.pre and "\n" in text:
            for number, line in enumerate(text.split("\n")):
                self.flow.extend((BREAK, line) if number else (line,))
        else:
            self.flow.append(text)
        if "<" in text and "<table" in text.lower():
            kind = "textarea" if self.stack and self.stack[-1].tag == "textarea" else "escaped"
            self.page.carriers.append(Carrier(kind, kind, text))

    def _start(self, element: Element, at: int) -> int:
        """Open an element; the place of the tag whose tail is displayed next."""
        if element.context:
            element = self.page.elements.in_context(element, self.stack)
        if "&lt;" in self.page.pieces[at]:
            self._attributes(element)
        if element.role == "silent" and not (self.everything and element.display == "none"):
            return self._silent(element, at)
        if element.more:
            self._begin(element)
        if element.role == "select":
            return self._select(at)
        if handler := STARTS.get(element.role):
            self.at = at
            handler(self, element)
        if not element.void:
            self.stack.append(element)
        return at

    def _begin(self, element: Element) -> None:
        """What an element does beside its role."""
        if element.seen is not None or element.sized is not None:
            self._inherit(element)
        if element.link:
            self._link(element)
        if element.veil and self.tables and element.role not in OWN and self._veils(element):
            self.flow.append(VEILS[element.veil][0])

    def _veils(self, element: Element) -> bool:
        """Whether its text is not seen as written; white on a coloured ground is."""
        around = (each.attributes for each in (element, *self.stack))
        return element.veil != "pale" or not unseen.is_coloured(around)

    def _inherit(self, element: Element) -> None:
        seen, sized = self.inherited[-1]
        seen = seen if element.seen is None else element.seen
        sized = sized if element.sized is None else element.sized
        self.shown = self.everything or (seen and sized)
        if not element.void:
            self.inherited.append((seen, sized))

    def _link(self, element: Element) -> None:
        if element.tag == "a":
            self.anchors.append((element.link, self.flow, len(self.flow)))
        else:
            self.page.links.append((element.link, element.tag))

    def _attributes(self, element: Element) -> None:
        for name, value in element.attributes.items():
            if "<table" in value.lower():
                kind = name if name in ("value", "srcdoc") else "attribute"
                self.page.carriers.append(Carrier(kind, f"{element.tag}[{name}]", value))

    def _silent(self, element: Element, at: int) -> int:
        """Pass over what is not displayed; tables in it are counted, scripts and frames kept."""
        if element.link and element.tag != "a":
            self._link(element)
        if self.tables and (element.veil or self._writes(at)):
            self.flow.append(VEILS["drawn"][0])
        if element.void:
            return at
        pieces = self.page.pieces
        end = self._raw_end(element.tag, at) if element.tag in RAW else self._end_of(at)
        if element.tag == "title":
            self.page.title = self.page.title or unescaped(pieces[at].partition(">")[2])
        elif element.tag in ("script", "template"):
            self._keep(element.tag, "<".join(pieces[at:end]))
        elif element.tag not in RAW:
            self._pass_over(at, end)
        return end

    def _writes(self, at: int) -> bool:
        """Whether a script writes something where it stands."""
        piece = self.page.pieces[at]
        return piece.startswith("script") and "write" in piece

    def _keep(self, kind: str, source: str) -> None:
        inside = source.partition(">")[2]
        if len(inside) > SHORTEST:
            self.page.carriers.append(Carrier(kind, kind, inside))

    def _pass_over(self, start: int, end: int) -> None:
        """What is not displayed may still carry a table that a script moves to its place.

        Comments, raw text and templates hold markup that is none: a browser counts no table there.
        """
        pieces, at = self.page.pieces, start
        end = min(end, len(pieces))
        while at < end:
            piece = pieces[at]
            if piece.startswith(("table ", "table>")):
                self.ordinal += 1
                self.page.unshown += 1
            elif piece.startswith(NO_MARKUP) and at > start:
                at = self._past(at)
                piece = pieces[at] if at < end else ""
            if "&lt;" in piece and "&lt;table" in piece.lower():
                head, _, text = piece.partition(">")
                if "&lt;table" in text.lower():
                    kind = "textarea" if head.startswith("textarea") else "escaped"
                    self.page.carriers.append(Carrier(kind, kind, unescaped(text)))
                elif at > start:
                    self._attributes(self.page.elements.resolve(head))
            at += 1

    def _past(self, at: int) -> int:
        """The end of a comment, of raw text or of a template; scripts and templates are kept."""
        pieces = self.page.pieces
        if pieces[at].startswith("!"):
            return self._comment(at)[0]
        tag = pieces[at].partition(">")[0].partition(" ")[0]
        end = self._raw_end(tag, at) if tag in RAW else self._end_of(at)
        if tag in ("script", "template"):
            self._keep(tag, "<".join(pieces[at:end]))
        return end

    def _raw_end(self, tag: str, at: int) -> int:
        pieces, end = self.page.pieces, f"/{tag}>"
        while at < len(pieces) and not pieces[at].startswith(end):
            at += 1
        return at if tag != "plaintext" else len(pieces)

    def _end_of(self, at: int) -> int:
        """The place of the end tag that belongs to the start tag at `at`."""
        pieces, elements = self.page.pieces, self.page.elements
        depth = 1
        while depth and (at := at + 1) < len(pieces):
            head = pieces[at].partition(">")[0]
            if head[:1] == "/":
                depth -= 1
            elif head[:3] == "!--":
                at = self._comment(at)[0]
            elif head[:1] not in ("!", "?"):
                element = elements.known.get(head) or elements.resolve(head)
                if element.tag in RAW:
                    at = self._raw_end(element.tag, at)
                else:
                    depth += not element.void
        return at

    def _select(self, at: int) -> int:
        """A list of options shows the one that is chosen, the first unless marked."""
        end = self._end_of(at)
        self._pass_over(at, end)
        options = OPTION.findall("<" + "<".join(self.page.pieces[at + 1 : end]))
        open_ = [each for each in options if ' disabled=""' not in each[0]]
        chosen = [each for each in options if ' selected="' in each[0]] or open_[:1]
        if chosen and self.shown:
            self.flow.append(unescaped(chosen[-1][1]))
        return end

    def _field(self, element: Element) -> None:
        attributes = element.attributes
        if self.shown and attributes.get("type", "text").lower() not in UNSHOWN:
            self.flow.append(f" {attributes.get('value', '')} ")  # a box of its own

    def _meta(self, element: Element) -> None:
        name = element.attributes.get("name") or element.attributes.get("property") or ""
        if name.strip():
            content = element.attributes.get("content", "").strip()
            self.page.metas.append((name.strip(), content))

    def _break(self, element: Element) -> None:
        self.flow.append(BREAK)

    def _raise(self, element: Element) -> None:
        self.flow.append(RAISE)

    def _block(self, element: Element) -> None:
        if element.void:
            self.flow.append(BREAK)
            return
        boundary = boundary_of(element.tag)
        self.blocks.append(boundary)
        self.flow.append(boundary)

    def _pre(self, element: Element) -> None:
        self.pre += 1
        self._block(element)

    def _table(self, element: Element) -> None:
        table = Table(self.ordinal, last=self.ordinal)
        self.ordinal += 1
        self.page.tables.append(table)
        self.flow.append(table)
        self.tables.append(table)
        self._into([])

    def _into(self, flow: Flow) -> None:
        self.flows.append(self.flow)
        self.flow = flow

    def _is_under(self, *roles: Role) -> bool:
        """Whether these are the elements around, the nearest last; a <tr> in a drawing is none."""
        return [element.role for element in self.stack[-len(roles) :]] == [*roles]

    def _is_in_row(self) -> bool:
        """The same of a cell's three, asked for every cell."""
        stack = self.stack
        return (
            len(stack) > 2
            and stack[-1].role == "row"
            and stack[-2].role == "group"
            and stack[-3].role == "table"
        )

    def _group(self, element: Element) -> None:
        if self._is_under("table"):
            self.tables[-1].groups.append((element.tag, []))

    def _row(self, element: Element) -> None:
        if self._is_under("table", "group"):
            self.tables[-1].groups[-1][1].append([])

    def _cell(self, element: Element) -> None:
        cell = CellPart(element, self.at, self._veiled(element))
        if self._is_in_row():
            self.tables[-1].groups[-1][1][-1].append(cell)
        self.blocks.append(boundary_of(element.tag))
        self._into(cell.flow)

    def _veiled(self, element: Element) -> Flow:
        """What a cell begins with: its own veil, or that of the whole row."""
        both = (*self.stack[-1:], element)
        return [VEILS[each.veil][0] for each in both if each.veil and self._veils(each)]

    def _is_plain(self, piece: str, behind: str) -> bool:
        """Whether the end tag follows at once, and nothing that is printed behind that."""
        if behind[:2] != "/t" or self.pre or "&lt;" in piece:
            return False
        return len(behind) == len("/td>") or behind[len("/td>") :].isspace()

    def _run_cell(self, element: Element, at: int, text: str) -> None:
        """A cell of one run of text or none: what `_cell` and `_end` do, in one step."""
        flow: Flow = [unescaped(text)] if text and self.shown else []
        if self.stack[-1].veil:
            flow = [*self._veiled(element), *flow]
        if self._is_in_row():
            self.tables[-1].groups[-1][1][-1].append(CellPart(element, at, flow))

    def _caption(self, element: Element) -> None:
        first = self._is_under("table") and not self.tables[-1].caption
        self._into(self.tables[-1].caption if first else [])

    def _end(self, element: Element) -> None:
        """Close an element that did something when it was opened."""
        role = element.role
        if role == "block" or role == "pre":
            self.blocks.pop()
            self.flow.append(self.blocks[-1])
            self.pre -= role == "pre"
        elif role == "raised":
            self.flow.append(LOWER)
        elif role == "cell" or role == "caption":
            self.flow = self.flows.pop()
            if role == "cell":
                self.blocks.pop()
        elif role == "table":
            self.flow = self.flows.pop()
            self.tables.pop().settle()
        if element.more:
            self._finish(element)

    def _finish(self, element: Element) -> None:
        if element.seen is not None or element.sized is not None:
            self.inherited.pop()
            self.shown = self.everything or all(self.inherited[-1])
        if element.link and element.tag == "a":
            self._end_link()
        if element.veil and self.tables and element.role not in OWN:
            self.flow.append(VEILS[element.veil][1])

    def _end_link(self) -> None:
        target, flow, start = self.anchors.pop()
        text = "".join(item for item in flow[start:] if isinstance(item, str))
        self.page.links.append((target, " ".join(text.split())))


OWN = ("table", "group", "row", "cell")  # cells say themselves what veils them
STARTS: dict[Role, Callable[[_Pass, Element], None]] = {
    "meta": _Pass._meta,
    "field": _Pass._field,
    "break": _Pass._break,
    "raised": _Pass._raise,
    "block": _Pass._block,
    "pre": _Pass._pre,
    "table": _Pass._table,
    "group": _Pass._group,
    "row": _Pass._row,
    "cell": _Pass._cell,
    "caption": _Pass._caption,
}
