"""One walk over the tree: what is displayed, as runs of text and as raw tables within them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .celltext import fence, lines, table_fence
from .spans import colspan, rowspan
from .tree import displays, table_ordinals

MAX_JUDGED_DEPTH = 40  # tables in tables; whatever holds more is there for the layout

_BLOCKS = (
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main menu "
    "nav ol optgroup p plaintext pre search section summary ul xmp"
)
# <noscript> is displayed only where no script runs, <rp> only where no ruby is known.
_UNSEEN = (
    "head script style template noscript noframes noembed title meta link iframe object embed "
    "audio video canvas svg math map datalist rp -comment -doctype"
)
_VALUELESS = frozenset(("hidden", "checkbox", "radio", "file", "image", "color", "range"))
_INLINE = frozenset(("inline", "contents"))
_FENCES = {tag: fence(tag) for tag in (*_BLOCKS.split(), "td", "th", "caption", "p")}
BREAK = _FENCES["p"]
_GROUPS = ("thead", "tbody", "tfoot")

Leave = Callable[[], None]


@dataclass(slots=True, eq=False)
class Flow:
    """Text in the making: pieces to be joined, and which of them are raised or lowered."""

    pieces: list[str] = field(default_factory=list)
    raised: list[tuple[int, int]] = field(default_factory=list)
    holds_tables: bool = False


@dataclass(slots=True, eq=False)
class RawCell:
    """A cell as written; `lines` are read once, when somebody asks."""

    flow: Flow
    header: bool
    rowspan: int
    colspan: int
    _lines: tuple[str, ...] | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        if self._lines is None:
            self._lines = lines(self.flow.pieces)
        return self._lines


@dataclass(slots=True, eq=False)
class RawGroup:
    kind: str
    rows: list[list[RawCell]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class RawTable:
    """A <table> as written; `listed` once it is judged to be data."""

    ordinal: int
    last: int  # ordinal of the last table inside it
    level: int
    role: str
    groups: list[RawGroup] = field(default_factory=list)
    captions: list[Flow] = field(default_factory=list)

    def cells(self) -> list[RawCell]:
        return [cell for group in self.groups for row in group.rows for cell in row]


Judge = Callable[[RawTable], bool]


class Walker:
    """State of the walk; the tree is never descended by recursion."""

    __slots__ = (
        "_displays",
        "_flows",
        "_input_at",
        "_judge",
        "_ordinals",
        "_tables",
        "_tags",
        "flow",
        "listed",
        "pieces",
    )

    def __init__(self, tree: LexborHTMLParser, judge: Judge) -> None:
        self._displays = displays(tree)
        self._ordinals = table_ordinals(tree)
        self._judge = judge
        self._tables: list[RawTable] = []
        self._flows: list[Flow] = []
        self._tags = ["p"]
        self._input_at = -1
        self.flow = Flow()
        self.pieces = self.flow.pieces
        self.listed: list[RawTable] = []

    def walk(self, root: LexborNode) -> None:
        """Everything below `root` goes into `flow` and `listed`."""
        above: list[tuple[LexborNode, Leave | None]] = []
        node: LexborNode | None = root.first_child
        while node is not None:
            leave: Leave | None = None
            child: LexborNode | None = None
            tag = node.tag or "-comment"
            if tag == "-text":
                self.pieces.append(node.text_content or "")
            elif self._shown(node):
                enter = _ENTER.get(tag)
                leave = enter(self, node, tag) if enter else None
                child = node.first_child if leave is not _skip else None
                if child is None and leave is not None:
                    leave()
            if child is not None:
                above.append((node, leave))
                node = child
                continue
            node = node.next
            while node is None and above:
                parent, leave = above.pop()
                if leave is not None:
                    leave()
                node = parent.next

    def _shown(self, node: LexborNode) -> bool:
        return not self._displays or self._displays.get(node.mem_id) != "none"

    def _skip(self, node: LexborNode, tag: str) -> Leave | None:
        return _skip

    def _break(self, node: LexborNode, tag: str) -> Leave | None:
        self.pieces.append(_FENCES[self._tags[-1]])
        return None

    def _block(self, node: LexborNode, tag: str) -> Leave | None:
        if self._displays and self._displays.get(node.mem_id) in _INLINE:
            return None
        self._tags.append(tag)
        self.pieces.append(_FENCES[tag])
        return self._leave_block

    def _leave_block(self) -> None:
        self._tags.pop()
        self.pieces.append(_FENCES[self._tags[-1]])

    def _table(self, node: LexborNode, tag: str) -> Leave | None:
        ordinal = self._ordinals[node.mem_id]
        role = (node.attributes.get("role") or "").strip().lower()
        self._tables.append(RawTable(ordinal, ordinal, len(self._tables), role))
        self._push(Flow(), "p")
        return self._leave_table

    def _leave_table(self) -> None:
        self._pop()
        table = self._tables.pop()
        if self._tables:
            self._tables[-1].last = table.last
        data = table.level < MAX_JUDGED_DEPTH and self._judge(table)
        if data:
            self.pieces.append(table_fence(len(self.listed)))
            self.listed.append(table)
            self.flow.holds_tables = True
        else:
            self._dissolve(table)
        self.pieces.append(_FENCES[self._tags[-1]])

    def _dissolve(self, table: RawTable) -> None:
        """A layout table is no more than the text of its cells, one after the other."""
        flows = [*table.captions, *(cell.flow for cell in table.cells())]
        for flow in flows:
            self.pieces.append(_FENCES["td"])
            start = len(self.pieces)
            self.pieces.extend(flow.pieces)
            self.flow.raised += [(start + a, start + b) for a, b in flow.raised]
            self.flow.holds_tables |= flow.holds_tables

    def _group(self, node: LexborNode, tag: str) -> Leave | None:
        if not self._tables:
            return None
        self._tables[-1].groups.append(RawGroup(tag))
        return self._leave_group

    def _leave_group(self) -> None:
        # Rows written directly under the table later on form a group of their own.
        self._tables[-1].groups.append(RawGroup("tbody"))

    def _row(self, node: LexborNode, tag: str) -> Leave | None:
        if self._tables:
            groups = self._tables[-1].groups
            if not groups:
                groups.append(RawGroup("tbody"))
            groups[-1].rows.append([])
        return None

    def _cell(self, node: LexborNode, tag: str) -> Leave | None:
        row = self._open_row()
        if row is None:
            return self._block(node, "td")
        attributes = node.attributes
        header = tag == "th" or self._tables[-1].groups[-1].kind == "thead"
        spans = rowspan(attributes.get("rowspan")), colspan(attributes.get("colspan"))
        flow = Flow()
        row.append(RawCell(flow, header, *spans))
        self._push(flow, "td")
        return self._pop

    def _open_row(self) -> list[RawCell] | None:
        if not self._tables or not self._tables[-1].groups or not self._tables[-1].groups[-1].rows:
            return None
        return self._tables[-1].groups[-1].rows[-1]

    def _caption(self, node: LexborNode, tag: str) -> Leave | None:
        if not self._tables:
            return None
        flow = Flow()
        self._tables[-1].captions.append(flow)
        self._push(flow, "caption")
        return self._pop

    def _push(self, flow: Flow, tag: str) -> None:
        self._flows.append(self.flow)
        self._tags.append(tag)
        self.flow, self.pieces = flow, flow.pieces

    def _pop(self) -> None:
        self._tags.pop()
        self.flow = self._flows.pop()
        self.pieces = self.flow.pieces

    def _raise(self, node: LexborNode, tag: str) -> Leave | None:
        flow, start = self.flow, len(self.pieces)
        return lambda: flow.raised.append((start, len(flow.pieces)))

    def _input(self, node: LexborNode, tag: str) -> Leave | None:
        attributes = node.attributes
        if (attributes.get("type") or "text").strip().lower() not in _VALUELESS:
            self._value(attributes.get("value") or "")
        return _skip

    def _textarea(self, node: LexborNode, tag: str) -> Leave | None:
        self._value(BREAK.join((node.text() or "").splitlines()))
        return _skip

    def _select(self, node: LexborNode, tag: str) -> Leave | None:
        chosen = node.css("option[selected]") or node.css("option")[:1]
        self._value(BREAK.join(option.text() for option in chosen))
        return _skip

    def _value(self, value: str) -> None:
        """Two boxes side by side never join: 1 and 4 are not 14."""
        if self._input_at == id(self.flow) + len(self.pieces):
            self.pieces.append(" ")
        self.pieces.append(value)
        self._input_at = id(self.flow) + len(self.pieces)


def _skip() -> None:
    """Stands for "do not go in"; nothing was opened."""


Enter = Callable[[Walker, LexborNode, str], Leave | None]

_ENTER: dict[str, Enter] = {
    **dict.fromkeys(_UNSEEN.split(), Walker._skip),
    **dict.fromkeys(_BLOCKS.split(), Walker._block),
    **dict.fromkeys(_GROUPS, Walker._group),
    **dict.fromkeys(("td", "th"), Walker._cell),
    **dict.fromkeys(("sup", "sub"), Walker._raise),
    "br": Walker._break,
    "table": Walker._table,
    "tr": Walker._row,
    "caption": Walker._caption,
    "input": Walker._input,
    "textarea": Walker._textarea,
    "select": Walker._select,
}
