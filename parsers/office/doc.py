"""Word 97-2007 documents (.doc, and .wps of Kingsoft, which is the same format inside)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from parsers.content import Run
from parsers.model import Document
from parsers.problems import problem

from .doc_file import T_DEF_TABLE, DocFile, Piece, Properties, open_doc
from .fields import Fields
from .tree import Assembly, Merge, Para
from .treebuilder import CellDef, TreeBuilder
from .wordstyle import LIFTED, TINY

TOLERANCE = 30  # twips: Word moves the edges of one column by a few between rows

_VANISH, _DELETED, _INSERTED, _POSITION = 0x083C, 0x0800, 0x0801, 0x2A48
_STRUCK, _STRUCK_TWICE, _LIFTED, _SIZE = 0x0837, 0x2A53, 0x4845, 0x4A43
_COLOUR, _COLOUR_NUMBER, _WHITE, _WHITE_NUMBER = 0x6870, 0x2A42, b"\xff\xff\xff\0", b"\x08"
_SHADES = (0xCA71, 0xC64D, 0xD612)  # of text, paragraphs and cells: colours and a pattern each
_OLD_SHADES = (0x4866, 0x442D, 0xD609, 0x2A0C)  # the same in numbers of a palette, and highlights
_NO_SHADE = (b"\0\0\0\xff\0\0", b"\xff\xff\xff\0\0\0", bytes(6))  # no ground, or a white one
_IN_TABLE, _ROW_END, _DEPTH = 0x2416, 0x2417, 0x6649
_INNER_CELL, _INNER_ROW_END = 0x244B, 0x244C
_VERTICAL_MERGE = 0xD62B
_CELL_END, _PARAGRAPH_END = "\x07", "\r"
_PICTURES = "\x01\x08"
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
    on_ground = file.has(_is_ground)
    assembly = Assembly("doc", tolerance=TOLERANCE)
    hidden: list[str] = []
    for story in (file.main, file.boxes):
        reader = _Story(file, on_ground)
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
    on_ground: bool  # colours somewhere in the file: white may be seen
    tree: TreeBuilder = field(default_factory=TreeBuilder)
    hidden: list[str] = field(default_factory=list)
    _runs: list[Run] = field(default_factory=list)
    _changed: list[str] = field(default_factory=list)
    _drawn: list[str] = field(default_factory=list)
    _fields: Fields = field(default_factory=Fields)
    _on_line: bool = False  # the paragraph displays text that is not lifted

    def take(self, piece: Piece) -> None:
        """Takes a stretch of text."""
        for place, character in enumerate(piece.text):
            offset = piece.offset + place * piece.width
            if character in (_CELL_END, _PARAGRAPH_END):
                self._end_paragraph(character, self.file.paragraphs.at(offset))
            elif not self._field_mark(character):
                if self._fields.show:
                    self._character(character, self.file.characters.at(offset))
                else:
                    self._fields.add(character)

    def end(self) -> None:
        """Text after the last paragraph mark is a paragraph too."""
        if self._runs:
            self._end_paragraph(_PARAGRAPH_END, {})

    def _field_mark(self, character: str) -> bool:
        if character == _FIELD_BEGIN:
            self._fields.begin()
        elif character == _FIELD_RESULT:
            self._fields.separate()
        elif character == _FIELD_END and (drawn := self._fields.end()):
            self._runs.append(Run(drawn))
        return character in (_FIELD_BEGIN, _FIELD_RESULT, _FIELD_END)

    def _character(self, character: str, said: Properties) -> None:
        shown = _DISPLAYED.get(character, character if character >= " " else "")
        if _is_on(said, _DELETED) or _is_on(said, _STRUCK) or _is_on(said, _STRUCK_TWICE):
            self._note(shown)
        elif _is_on(said, _VANISH) or _is_tiny(said) or self._is_white(said):
            self.hidden.append(shown)
        elif character in _PICTURES:
            self._drawn.append("a picture or an object")
        else:
            self._show(shown, said)

    def _show(self, shown: str, said: Properties) -> None:
        lifted = _number(said, _LIFTED) >= LIFTED  # by hand: a mark, beside text on the line
        raised = said.get(_POSITION, b"\0") != b"\0" or (lifted and self._on_line)
        self._on_line |= bool(shown.strip()) and not (raised or lifted)
        if self._runs and self._runs[-1].raised == raised:
            self._runs[-1] = Run(self._runs[-1].text + shown, raised)
        else:
            self._runs.append(Run(shown, raised))
        if _is_on(said, _INSERTED):
            self._note(shown)

    def _is_white(self, said: Properties) -> bool:
        white = said.get(_COLOUR) == _WHITE or said.get(_COLOUR_NUMBER) == _WHITE_NUMBER
        return white and not self.on_ground

    def _note(self, text: str) -> None:
        if self._changed:
            self._changed[-1] += text
        elif text.strip():
            self._changed.append(text)

    def _end_paragraph(self, mark: str, said: Properties) -> None:
        depth = _depth(said)
        para = Para(tuple(self._runs), tuple(self._changed), drawn=tuple(self._drawn))
        self._runs, self._changed, self._drawn, self._on_line = [], [], [], False
        if _is_on(said, _ROW_END) or _is_on(said, _INNER_ROW_END):
            self.tree.end_row(depth, tuple(_definition(said)))
            return
        self.tree.paragraph(para, depth)
        if depth and (mark == _CELL_END or _is_on(said, _INNER_CELL)):
            self.tree.end_cell(depth)


def _is_ground(said: Properties) -> bool:
    """Whether anything there stands on a colour."""
    shades = b"".join(said.get(code, b"") for code in _SHADES)
    grounds = (shades[place + 4 : place + 10] for place in range(0, len(shades), 10))
    old = any(any(said.get(code, b"")) for code in _OLD_SHADES)
    return old or any(ground not in _NO_SHADE for ground in grounds)


def _number(said: Properties, code: int, default: int = 0) -> int:
    operand = said.get(code, b"")
    return int.from_bytes(operand, "little", signed=True) if len(operand) == 2 else default


def _is_tiny(said: Properties) -> bool:
    return 0 < _number(said, _SIZE, 99) <= TINY


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
