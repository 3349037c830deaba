"""Rich text documents (.rtf): a state machine over groups, one method a family of words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from parsers.content import Run
from parsers.errors import TooLarge, Undecodable
from parsers.model import Document
from parsers.problems import problem

from .rtf_tokens import CHARSETS, SHOWN, SKIPPED, STARRED_BUT_READ, Token, tokens
from .tree import Assembly, Merge, Node, Para
from .treebuilder import CellDef, TreeBuilder

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
    deleted: bool = False
    inserted: bool = False
    destination: str = ""


@dataclass(slots=True)
class _Story:
    """Text in the making: the body, or one text box."""

    tree: TreeBuilder = field(default_factory=TreeBuilder)
    runs: list[Run] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    depth: int = 0

    def end_paragraph(self) -> None:
        self.tree.paragraph(Para(tuple(self.runs), tuple(self.changed)), self.depth)
        self.runs, self.changed = [], []


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
            self._state = replace(self._state, skipped=True)
        elif self._state.skipped and word not in ("f", "fcharset"):
            return
        elif word in ("fonttbl", "shptxt", "nesttableprops"):
            self._enter(word)
        elif word in SHOWN:
            self._show(SHOWN[word])
        elif word in self._words:
            self._words[word](number)
        elif not self._row.take(word, number):
            self._format(word, number)

    def _enter(self, destination: str) -> None:
        skipped = self._state.skipped or destination == "fonttbl"
        self._state = replace(self._state, destination=destination, skipped=skipped)
        if destination == "shptxt":
            self._stories.append(_Story())
        elif destination == "nesttableprops":
            self._outer_rows.append(self._row)
            self._row = _RowDef()

    def _format(self, word: str, number: int | None) -> None:
        on = number != 0
        if word == "v":
            self._state = replace(self._state, hidden=on)
        elif word in ("super", "sub"):
            self._state = replace(self._state, raised=on)
        elif word == "nosupersub":
            self._state = replace(self._state, raised=False)
        elif word == "deleted":
            self._state = replace(self._state, deleted=on)
        elif word == "revised":
            self._state = replace(self._state, inserted=on)
        elif word == "uc":
            self._state = replace(self._state, fallback=max(number or 0, 0))

    def _reset_characters(self, _: int | None) -> None:
        self._state = replace(
            self._state, hidden=False, raised=False, deleted=False, inserted=False
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
        self._skip = self._state.fallback

    def _add_bytes(self, raw: bytes) -> None:
        drop = min(self._skip, len(raw))
        self._skip -= drop
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
        if state.deleted:
            story.changed.append(text)
        elif state.hidden:
            self.hidden.append(text)
        else:
            story.runs.append(Run(text, state.raised))
            if state.inserted:
                story.changed.append(text)


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
