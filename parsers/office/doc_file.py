"""The binary Word format [MS-DOC]: pieces of text and the properties of every character.

Offsets and operation codes are those of the published specification; only what a table reader
needs is read.
"""

from __future__ import annotations

import io
import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import olefile

from parsers.errors import Encrypted, TooLarge, Undecodable

TEXT_LIMIT = 5_000_000
_COMPRESSED = 0x40000000
_PAGE = 512
_OPERAND_SIZES = (1, 1, 2, 4, 2, 2, -1, 3)  # by the upper three bits of an operation code
T_DEF_TABLE = 0xD608
_P_CHANGE_TABS = 0xC615
_P_HUGE = (0x6646, 0x6645)

Properties = dict[int, bytes]


@dataclass(frozen=True, slots=True)
class Spans:
    """Property lists over stretches of the file."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    lists: tuple[Properties, ...]

    def at(self, offset: int) -> Properties:
        """The properties of the character at that file offset."""
        place = bisect_right(self.starts, offset) - 1
        if place < 0 or offset >= self.ends[place]:
            return {}
        return self.lists[place]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and where its characters lie in the file."""

    text: str
    offset: int
    width: int  # bytes a character


@dataclass(frozen=True, slots=True)
class DocFile:
    """Main text, then the text boxes, both as pieces; paragraph and character properties."""

    main: tuple[Piece, ...]
    boxes: tuple[Piece, ...]
    paragraphs: Spans
    characters: Spans

    def has(self, wanted: Callable[[Properties], bool]) -> bool:
        """Whether the properties of any paragraph or character are such."""
        return any(map(wanted, (*self.paragraphs.lists, *self.characters.lists)))


def open_doc(body: bytes) -> DocFile:
    """Takes the file apart; raises a ReadError for what is no readable Word 97-2007 document."""
    try:
        with olefile.OleFileIO(io.BytesIO(body)) as ole:
            return _open(ole)
    except (OSError, struct.error, IndexError, ValueError, TypeError, AttributeError) as error:
        raise Undecodable(f"a damaged Word file: {error}") from error


def _open(ole: olefile.OleFileIO) -> DocFile:
    main = _stream(ole, "WordDocument")
    magic, version, flags = *struct.unpack_from("<HH", main), *struct.unpack_from("<H", main, 10)
    if flags & 0x0100:
        raise Encrypted("the Word file asks for a password")
    if magic != 0xA5EC or version < 0x00C0:
        raise Undecodable(f"a Word file of version {version:#x}, older than Word 97")
    table = _stream(ole, "1Table" if flags & 0x0200 else "0Table")
    data = _stream(ole, "Data") if ole.exists("Data") else b""
    counts = struct.unpack_from("<8I", main, 0x4C)  # characters of each story, in file order
    pieces = _pieces(main, _structure(main, table, 33))
    before_boxes = sum(counts[:6])
    return DocFile(
        main=_cut(pieces, 0, counts[0]),
        boxes=_cut(pieces, before_boxes, before_boxes + counts[6]),
        paragraphs=_spans(main, _structure(main, table, 13), data, is_paragraph=True),
        characters=_spans(main, _structure(main, table, 12), data, is_paragraph=False),
    )


def _stream(ole: olefile.OleFileIO, name: str) -> bytes:
    if not ole.exists(name):
        raise Undecodable(f"no stream {name} in the Word file")
    content: bytes = ole.openstream(name).read()
    return content


def _structure(main: bytes, table: bytes, number: int) -> bytes:
    """Structure `number` of the file information block, out of the table stream."""
    offset, length = struct.unpack_from("<II", main, 0x9A + 8 * number)
    return table[offset : offset + length]


def _pieces(main: bytes, clx: bytes) -> tuple[Piece, ...]:
    place = 0
    while clx[place] == 1:  # property lists for fast saves come first
        place += 3 + struct.unpack_from("<H", clx, place + 1)[0]
    (length,) = struct.unpack_from("<I", clx, place + 1)
    plc = clx[place + 5 : place + 5 + length]
    count = (len(plc) - 4) // 12
    positions = struct.unpack_from(f"<{count + 1}I", plc)
    if positions[-1] > TEXT_LIMIT:
        raise TooLarge(f"more than {TEXT_LIMIT} characters")
    return tuple(
        _piece(main, struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * each + 2)[0], chars)
        for each, chars in enumerate(after - before for before, after in pairwise(positions))
    )


def _piece(main: bytes, position: int, count: int) -> Piece:
    if position & _COMPRESSED:
        offset = (position & ~_COMPRESSED) // 2
        return Piece(main[offset : offset + count].decode("cp1252", "replace"), offset, 1)
    text = main[position : position + 2 * count].decode("utf-16-le", "surrogatepass")
    return Piece(text, position, 2)


def _cut(pieces: tuple[Piece, ...], start: int, end: int) -> tuple[Piece, ...]:
    """The part of the text between two character positions."""
    found = []
    position = 0
    for piece in pieces:
        size = len(piece.text)
        left, right = max(start - position, 0), min(end - position, size)
        if left < right:
            offset = piece.offset + left * piece.width
            found.append(Piece(piece.text[left:right], offset, piece.width))
        position += size
    return tuple(found)


def _spans(main: bytes, plc: bytes, data: bytes, *, is_paragraph: bool) -> Spans:
    count = max((len(plc) - 4) // 8, 0)
    pages = struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)) if count else ()
    found: list[tuple[int, int, Properties]] = []
    for page in pages:
        start = (page & 0x3FFFFF) * _PAGE
        found += _page_spans(main[start : start + _PAGE], data, is_paragraph=is_paragraph)
    found.sort(key=lambda span: span[0])
    return Spans(
        tuple(span[0] for span in found),
        tuple(span[1] for span in found),
        tuple(span[2] for span in found),
    )


def _page_spans(
    page: bytes, data: bytes, *, is_paragraph: bool
) -> Iterator[tuple[int, int, Properties]]:
    if len(page) < _PAGE:
        return
    count = page[-1]
    offsets = struct.unpack_from(f"<{count + 1}I", page)
    step = 13 if is_paragraph else 1
    for each in range(count):
        place = page[4 * (count + 1) + step * each] * 2
        yield offsets[each], offsets[each + 1], _list_at(page, place, data, is_paragraph)


def _list_at(page: bytes, place: int, data: bytes, is_paragraph: bool) -> Properties:
    if place == 0:
        return {}
    if not is_paragraph:
        return properties(page[place + 1 : place + 1 + page[place]])
    size = 2 * page[place] - 1 if page[place] else 2 * page[place + 1]
    begin = place + 1 if page[place] else place + 2
    found = properties(page[begin + 2 : begin + size])  # two bytes of style number first
    for code in _P_HUGE:
        if code in found:
            (offset,) = struct.unpack("<I", found[code])
            (length,) = struct.unpack_from("<H", data, offset)
            found |= properties(data[offset + 2 : offset + 2 + length])
    return found


def properties(codes: bytes) -> Properties:
    """A list of property modifiers: operation code -> operand; the last one wins."""
    found: Properties = {}
    place = 0
    while place + 2 <= len(codes):
        (code,) = struct.unpack_from("<H", codes, place)
        place += 2
        size, skip = _operand(codes, place, code)
        found[code] = codes[place + skip : place + skip + size]
        place += skip + size
    return found


def _operand(codes: bytes, place: int, code: int) -> tuple[int, int]:
    """Size of an operand and of the length field before it."""
    size = _OPERAND_SIZES[code >> 13]
    if size >= 0:
        return size, 0
    if code == T_DEF_TABLE and place + 2 <= len(codes):
        return max(struct.unpack_from("<H", codes, place)[0] - 1, 0), 2
    length = codes[place] if place < len(codes) else 0
    if code == _P_CHANGE_TABS and length == 255:  # length not told: rest of the list is given up
        return len(codes), 1
    return length, 1
