"""Rich text documents (.rtf): a state machine over groups, one method a family of words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from parsers.content import Run
from parsers.errors import TooLarge, Undecodable
from parsers.model import Document
from parsers.problems import problem

from .fields import drawn_by
from .rtf_tokens import (
    CHARSETS,
    COUNTS,
    GROUNDS,
    PICTURES,
    SHOWN,
    SKIPPED,
    STARRED_BUT_READ,
    TOGGLES,
    Token,
    tokens,
)
from .tree import Assembly, Merge, Node, Para
from .treebuilder import CellDef, TreeBuilder
from .wordstyle import LIFTED, TINY

TOLERANCE = 30  # twips
GROUP_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits and gives back."""

    skipped: bool = False
    font: int | None = None
    fallback: int = 1  # characters after \u that old readers show
    hidden: bool = False
    raised: bool = False
    lifted: bool = False
    struck: bool = False
    deleted: bool = False
    inserted: bool = False
    size: int = 24  # half points
    colour: int = 0  # of the table
    destination: str = ""
    in_code: bool = False  # of a field


@dataclass(slots=True)
class _Story:
    """Text in the making: the body, or one text box."""

    tree: TreeBuilder = field(default_factory=TreeBuilder)
    runs: list[Run] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    depth: int = 0
    on_line: bool = False  # the paragraph displays text that is not lifted
    codes: list[str] = field(default_factory=list)  # of the fields that are open
    shown: list[int] = field(default_factory=list)  # how many runs stood before each of them

    def end_paragraph(self) -> None:
        para = Para(tuple(self.runs), tuple(self.changed), drawn=tuple(self.drawn))
        self.tree.paragraph(para, self.depth)
        self.runs, self.changed, self.drawn, self.on_line = [], [], [], False

    def begin_field(self) -> None:
        self.codes.append("")
        self.shown.append(len(self.runs))

    def end_field(self) -> None:
        """Its result is written even where it is empty."""
        drawn, before = drawn_by(self.codes.pop()), self.shown.pop()
        if drawn and not any(run.text.strip() for run in self.runs[before:]):
            self.runs.append(Run(drawn))


def read_rtf(body: bytes) -> Document:
    """The document as displayed with all changes accepted; raises a ReadError."""
    reader = _Reader()
    for token in tokens(body):
        reader.take(token)
    nodes = reader.nodes()
    if not nodes:
        raise Undecodable("no text in the RTF file")
    assembly = Assembly("rtf", tolerance=TOLERANCE)
    assembly.flow(nodes)
    what = "".join(reader.hidden).strip()
    return assembly.document(
        [problem("hidden-content", what=f"hidden text {what[:200]!r}")] if what else []
    )


class _Reader:
    def __init__(self) -> None:
        self.hidden: list[str] = []
        self._state = _State()
        self._groups: list[_State] = []
        self._stories = [_Story()]
        self._frames: list[Node] = []
        self._bytes = bytearray()
        self._skip = 0  # fallback characters still to come after \u
        self._starred = False
        self._charsets: dict[int, str] = {}
        self._codepage = "cp1252"
        self._row = _RowDef()
        self._outer_rows: list[_RowDef] = []
        self._colours = Colours()
        self._words: dict[str, Callable[[int | None], None]] = {
            "par": self._paragraph,
            "sect": self._paragraph,
            "page": self._paragraph,
            "pard": self._reset_paragraph,
            "plain": self._reset_characters,
            "intbl": self._in_table,
            "itap": self._table_depth,
            "cell": self._cell,
            "nestcell": self._cell,
            "row": self._end_row,
            "nestrow": self._end_row,
            "u": self._unicode,
            "ansicpg": self._set_codepage,
            "fcharset": self._font_charset,
            "f": self._set_font,
        }

    def take(self, token: Token) -> None:
        """Takes the next token."""
        if token.kind in ("byte", "text"):
            self._add_bytes(token.raw)
            return
        if token.kind == "symbol" and token.text == "*":
            self._starred = True
            return
        self._flush()
        self._skip = 0
        if token.kind == "open":
            self._open()
        elif token.kind == "close":
            self._close()
        elif token.kind == "symbol":
            self._show(SHOWN.get(token.text, ""))
        else:
            self._word(token.text, token.number)
        self._starred = self._starred and token.kind == "open"

    def nodes(self) -> tuple[Node, ...]:
        """Everything read: the body, then the text boxes."""
        self._flush()
        while len(self._stories) > 1:
            self._end_story()
        story = self._stories[0]
        if story.runs:
            story.end_paragraph()
        return (*story.tree.nodes(), *self._frames)

    def _open(self) -> None:
        if len(self._groups) >= GROUP_LIMIT:
            raise TooLarge(f"more than {GROUP_LIMIT} nested groups")
        self._groups.append(self._state)
        self._state = replace(self._state, destination="")

    def _close(self) -> None:
        ended = self._state.destination
        if self._groups:
            self._state = self._groups.pop()
        if ended == "shptxt":
            self._end_story()
        elif ended == "field" and self._stories[-1].codes:
            self._stories[-1].end_field()
        elif ended == "nesttableprops" and self._outer_rows:
            self._row = self._outer_rows.pop()

    def _end_story(self) -> None:
        story = self._stories.pop()
        if story.runs:
            story.end_paragraph()
        self._frames += story.tree.nodes()

    def _word(self, word: str, number: int | None) -> None:
        starred, self._starred = self._starred, False
        if word in SKIPPED or (starred and word not in STARRED_BUT_READ):
            self._pass_over(word)
        elif self._state.destination == "colortbl":
            self._colours.take(word, number)
        elif self._state.skipped and word not in ("f", "fcharset"):
            return
        elif word in ("fonttbl", "colortbl", "field", "fldinst", "shptxt", "nesttableprops"):
            self._enter(word)
        elif word in SHOWN:
            self._show(SHOWN[word])
        elif word in self._words:
            self._words[word](number)
        elif not self._row.take(word, number):
            self._format(word, number)

    def _pass_over(self, word: str) -> None:
        if word in PICTURES and not self._state.skipped:
            self._stories[-1].drawn.append("a picture or an object")
        self._state = replace(self._state, skipped=True)

    def _enter(self, destination: str) -> None:
        skipped = self._state.skipped or destination in ("fonttbl", "colortbl")
        in_code = self._state.in_code or destination == "fldinst"
        self._state = replace(
            self._state, destination=destination, skipped=skipped, in_code=in_code
        )
        if destination == "field":
            self._stories[-1].begin_field()
        elif destination == "shptxt":
            self._stories.append(_Story())
        elif destination == "nesttableprops":
            self._outer_rows.append(self._row)
            self._row = _RowDef()

    def _format(self, word: str, number: int | None) -> None:
        self._colours.on_ground |= word in GROUNDS and bool(number)
        if word in TOGGLES:
            said: dict[str, Any] = {TOGGLES[word]: number != 0}
            self._state = replace(self._state, **said)
        elif word == "nosupersub":
            self._state = replace(self._state, raised=False)
        elif word in ("up", "dn"):
            lifted = word == "up" and (number is None or number >= LIFTED)
            self._state = replace(self._state, lifted=lifted)
        elif word in COUNTS:
            name, default = COUNTS[word]
            told: dict[str, Any] = {name: default if number is None else number}
            self._state = replace(self._state, **told)

    def _reset_characters(self, _: int | None) -> None:
        kept = self._state
        self._state = _State(
            skipped=kept.skipped,
            font=kept.font,
            fallback=kept.fallback,
            destination=kept.destination,
            in_code=kept.in_code,
        )

    def _reset_paragraph(self, _: int | None) -> None:
        self._stories[-1].depth = 0

    def _in_table(self, _: int | None) -> None:
        self._stories[-1].depth = max(self._stories[-1].depth, 1)

    def _table_depth(self, number: int | None) -> None:
        self._stories[-1].depth = max(number or 0, 0)

    def _paragraph(self, _: int | None) -> None:
        if not self._state.skipped:
            self._stories[-1].end_paragraph()

    def _cell(self, _: int | None) -> None:
        if not self._state.skipped:
            story = self._stories[-1]
            story.depth = max(story.depth, 1)
            story.end_paragraph()
            story.tree.end_cell(story.depth)

    def _end_row(self, _: int | None) -> None:
        if not self._state.skipped:
            story = self._stories[-1]
            story.tree.end_row(max(story.depth, 1), self._row.cells)

    def _set_codepage(self, number: int | None) -> None:
        self._codepage = "gb18030" if number == 936 else f"cp{number}"

    def _set_font(self, number: int | None) -> None:
        self._state = replace(self._state, font=number)

    def _font_charset(self, number: int | None) -> None:
        if self._state.font is not None:
            self._charsets[self._state.font] = CHARSETS.get(number or 0, self._codepage)

    def _unicode(self, number: int | None) -> None:
        self._show(chr((number or 0) & 0xFFFF))
        self._skip = max(self._state.fallback, 0)

    def _add_bytes(self, raw: bytes) -> None:
        drop = min(self._skip, len(raw))
        self._skip -= drop
        if self._state.destination == "colortbl":
            self._colours.end(raw.count(b";"))
        if not self._state.skipped:
            self._bytes += raw[drop:]

    def _flush(self) -> None:
        """Bytes are decoded by the font's charset; ASCII may be the second half of a character."""
        if self._bytes:
            raw, self._bytes = bytes(self._bytes), bytearray()
            codec = self._charsets.get(self._state.font or 0, self._codepage)
            if codec == "cp1252" and self._codepage != "cp1252":
                codec = self._codepage
            try:
                self._show(raw.decode(codec, "replace"))
            except LookupError:
                self._show(raw.decode("gb18030", "replace"))

    def _show(self, text: str) -> None:
        state, story = self._state, self._stories[-1]
        if state.skipped or not text:
            return
        if state.in_code:
            if story.codes:
                story.codes[-1] += text
        elif state.deleted or state.struck:
            story.changed.append(text)
        elif state.hidden or state.size <= TINY or self._colours.is_white(state.colour):
            self.hidden.append(text)
        else:
            raised = state.raised or (state.lifted and story.on_line)
            story.on_line |= bool(text.strip()) and not (raised or state.lifted)
            story.runs.append(Run(text, raised))
            if state.inserted:
                story.changed.append(text)


@dataclass(slots=True)
class Colours:
    """The table of colours; `on_ground` when something of the file has a ground of its own."""

    table: list[tuple[int, int, int]] = field(default_factory=list)
    on_ground: bool = False
    _next: dict[str, int] = field(default_factory=dict)

    def take(self, word: str, number: int | None) -> None:
        """A part of the next colour."""
        self._next[word] = number or 0

    def end(self, times: int) -> None:
        """Its end; the first is often no colour at all: that of the paper's ink."""
        for _ in range(times):
            parts = self._next
            self.table.append((parts.get("red", 0), parts.get("green", 0), parts.get("blue", 0)))
            self._next = {}

    def is_white(self, number: int) -> bool:
        """White on a page that has no other ground anywhere."""
        known = number < len(self.table) and self.table[number] == (255, 255, 255)
        return known and not self.on_ground


class _RowDef:
    """The row definition in the making."""

    def __init__(self) -> None:
        self.cells: list[CellDef] = []
        self._left = 0.0
        self._merge: Merge = ""
        self._joined = False

    def take(self, word: str, number: int | None) -> bool:
        """Takes a word if it is about rows."""
        if word == "trowd":
            self.cells, self._left, self._merge, self._joined = [], 0.0, "", False
        elif word == "trleft":
            self._left = float(number or 0)
        elif word == "clvmgf":
            self._merge = "start"
        elif word == "clvmrg":
            self._merge = "continue"
        elif word == "clmrg":
            self._joined = True
        elif word == "cellx":
            right = float(number or 0)
            self.cells.append(CellDef(self._left, right, self._merge, self._joined))
            self._left, self._merge, self._joined = right, "", False
        else:
            return False
        return True
