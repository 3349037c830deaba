"""Word 97-2007 documents (.doc, and .wps of Kingsoft, which is the same format inside)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from parsers.content import Run
from parsers.model import Document
from parsers.problems import problem

from .doc_file import T_DEF_TABLE, DocFile, Piece, Properties, open_doc
from .tree import Assembly, Merge, Para
from .treebuilder import CellDef, TreeBuilder

TOLERANCE = 30  # twips: Word moves the edges of one column by a few between rows

_VANISH, _DELETED, _INSERTED, _POSITION = 0x083C, 0x0800, 0x0801, 0x2A48
_IN_TABLE, _ROW_END, _DEPTH = 0x2416, 0x2417, 0x6649
_INNER_CELL, _INNER_ROW_END = 0x244B, 0x244C
_VERTICAL_MERGE = 0xD62B
_CELL_END, _PARAGRAPH_END = "\x07", "\r"
_FIELD_BEGIN, _FIELD_RESULT, _FIELD_END = "\x13", "\x14", "\x15"
_DISPLAYED = {
    "\x0b": "\n",
    "\x0c": "\n",
    "\x0e": "\n",
    "\x1e": "-",
    "\t": "\t",
}
_MERGES: dict[int, Merge] = {0: "", 1: "continue", 2: "start", 3: "start"}


def read_doc(body: bytes) -> Document:
    """The document as displayed with all changes accepted; raises a ReadError."""
    file = open_doc(body)
    assembly = Assembly("doc", tolerance=TOLERANCE)
    hidden: list[str] = []
    for story in (file.main, file.boxes):
        reader = _Story(file)
        for piece in story:
            reader.take(piece)
        reader.end()
        assembly.flow(reader.tree.nodes())
        hidden += reader.hidden
    what = "".join(hidden).strip()
    return assembly.document(
        [problem("hidden-content", what=f"hidden text {what[:200]!r}")] if what else []
    )


@dataclass(slots=True)
class _Story:
    """Reads one story character by character; fields show their result only."""

    file: DocFile
    tree: TreeBuilder = field(default_factory=TreeBuilder)
    hidden: list[str] = field(default_factory=list)
    _runs: list[Run] = field(default_factory=list)
    _changed: list[str] = field(default_factory=list)
    _fields: list[bool] = field(default_factory=list)  # one a nested field: in its result?

    def take(self, piece: Piece) -> None:
        """Takes a stretch of text."""
        for place, character in enumerate(piece.text):
            offset = piece.offset + place * piece.width
            if character in (_CELL_END, _PARAGRAPH_END):
                self._end_paragraph(character, self.file.paragraphs.at(offset))
            elif not self._field_mark(character) and all(self._fields):
                self._character(character, self.file.characters.at(offset))

    def end(self) -> None:
        """Text after the last paragraph mark is a paragraph too."""
        if self._runs:
            self._end_paragraph(_PARAGRAPH_END, {})

    def _field_mark(self, character: str) -> bool:
        if character == _FIELD_BEGIN:
            self._fields.append(False)
        elif character == _FIELD_RESULT and self._fields:
            self._fields[-1] = True
        elif character == _FIELD_END and self._fields:
            self._fields.pop()
        return character in (_FIELD_BEGIN, _FIELD_RESULT, _FIELD_END)

    def _character(self, character: str, said: Properties) -> None:
        shown = _DISPLAYED.get(character, character if character >= " " else "")
        if _is_on(said, _DELETED):
            self._note(shown)
        elif _is_on(said, _VANISH):
            self.hidden.append(shown)
        else:
            raised = said.get(_POSITION, b"\0") != b"\0"
            if self._runs and self._runs[-1].raised == raised:
                self._runs[-1] = Run(self._runs[-1].text + shown, raised)
            else:
                self._runs.append(Run(shown, raised))
            if _is_on(said, _INSERTED):
                self._note(shown)

    def _note(self, text: str) -> None:
        if self._changed:
            self._changed[-1] += text
        elif text.strip():
            self._changed.append(text)

    def _end_paragraph(self, mark: str, said: Properties) -> None:
        depth = _depth(said)
        para = Para(tuple(self._runs), tuple(self._changed))
        self._runs, self._changed = [], []
        if _is_on(said, _ROW_END) or _is_on(said, _INNER_ROW_END):
            self.tree.end_row(depth, tuple(_definition(said)))
            return
        self.tree.paragraph(para, depth)
        if depth and (mark == _CELL_END or _is_on(said, _INNER_CELL)):
            self.tree.end_cell(depth)


def _is_on(said: Properties, code: int) -> bool:
    return said.get(code, b"\0")[:1] in (b"\x01", b"\x81")


def _depth(said: Properties) -> int:
    told = said.get(_DEPTH, b"")
    if len(told) == 4:
        depth: int = struct.unpack("<i", told)[0]
        return depth
    return int(_is_on(said, _IN_TABLE))


def _definition(said: Properties) -> Iterator[CellDef]:
    """The cells of a row: edges, horizontal and vertical merges."""
    operand = said.get(T_DEF_TABLE, b"")
    count = operand[0] if operand else 0
    if len(operand) < 1 + 2 * (count + 1):
        return
    edges = struct.unpack_from(f"<{count + 1}h", operand, 1)
    kinds = operand[1 + 2 * (count + 1) :]
    for place in range(count):
        (flags,) = struct.unpack_from("<H", kinds.ljust(20 * count, b"\0"), 20 * place)
        cell = CellDef(
            edges[place],
            edges[place + 1],
            _MERGES[(flags >> 5) & 3],
            joined=bool(flags & 2) and not flags & 1,
        )
        yield _remerged(cell, place, said.get(_VERTICAL_MERGE, b""))


def _remerged(cell: CellDef, place: int, operand: bytes) -> CellDef:
    """A later word on vertical merging overrules the definition."""
    if len(operand) == 2 and operand[0] == place:
        return replace(cell, merge=_MERGES[operand[1] & 3])
    return cell
