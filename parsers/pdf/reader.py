"""PDF documents with a text layer: tables over page ends, prose, a second look at the digits."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace
from functools import cache, partial

import pdfplumber
import pypdfium2
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from parsers.dictionary import forms
from parsers.errors import Encrypted, ReadError, TooLarge, Undecodable
from parsers.lattice import form_grid, notes
from parsers.model import At, Block, Document, Grid, Problem
from parsers.problems import problem
from parsers.text import full_key, key
from parsers.titling import title_of

from .digits import crosschecked
from .display import Display, doubted, drawn_blanks, flattened
from .hidden import unseen_boxes
from .pages import Sheet, sheet
from .piece import Piece
from .pieces import pieces_of
from .prose import displayed, furniture, is_furniture, paragraphs
from .stitch import TOLERANCE, Stray, is_stray, stitched
from .turned import quarter, turned, unturned
from .words import Bounds, Char, Line

PAGE_LIMIT = 400
Part = Piece | str
Taken = tuple[Sheet, list[Piece], list[Line]]
Where = Callable[[Bounds], Bounds]  # of a page as it was read, to the page as it is displayed
Scanner = Callable[[pypdfium2.PdfPage, int], tuple[Sheet, Where]]
_BROKEN = (
    PDFException,
    PSException,
    PdfminerException,
    MalformedPDFException,
    pypdfium2.PdfiumError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RecursionError,
    OverflowError,
    AssertionError,
)

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # its complaints are not ours to print


class ImageOnly(ReadError):
    """A document without a text layer."""

    code = "image-only"


def read_pdf(body: bytes, scanner: Scanner | None = None) -> Document:
    """Tables and prose of a PDF; raises a ReadError. `scanner` reads pages that are images."""
    second = _second_reading(body)
    try:
        if flattened(second):
            body = _saved(second)
            second.close()
            second = _second_reading(body)
        pages = list(_pages(body, second, scanner))
    except _BROKEN as error:
        if isinstance(error, PDFPasswordIncorrect) or "Password" in repr(error):
            raise Encrypted("the PDF asks for a password") from error
        raise Undecodable(f"a damaged PDF: {error or type(error).__name__}") from error
    finally:
        second.close()
    if not any(page.chars for page, _, _ in pages):
        raise ImageOnly(f"{len(pages)} pages without a text layer")
    unread = [page for page, _, _ in pages if page.is_scan and not page.chars]
    lost = [
        problem("image-only", At(page=page.number), reason="a page that is one image")
        for page in unread
    ]
    return assembled(pages, lost if scanner is None else [])


def _second_reading(body: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Encrypted("the PDF asks for a password") from error
        raise Undecodable(f"a damaged PDF: {error}") from error
    if len(document) > PAGE_LIMIT:
        document.close()
        raise TooLarge(f"{len(document)} pages, the limit is {PAGE_LIMIT}")
    return document


def _saved(document: pypdfium2.PdfDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _pages(body: bytes, second: pypdfium2.PdfDocument, scanner: Scanner | None) -> Iterator[Taken]:
    with pdfplumber.open(io.BytesIO(body)) as pdf:
        for number, page in enumerate(pdf.pages):
            unseen = [] if page.rotation else unseen_boxes(second[number])
            turn = quarter(page.chars)
            sides = (float(page.width), float(page.height))
            display = Display.of(second[number], *sides)
            missing = display.unseen if display else None
            values = turned(sheet(page, number, unseen, missing), turn)
            where: Where = partial(unturned, width=sides[0], height=sides[1], quarters=turn)
            if scanner is not None and values.is_scan and not values.chars:
                values, where = scanner(second[number], number)
            pieces, lines = pieces_of(values)
            if not values.is_scan:
                pieces = [doubted(piece, values) for piece in pieces]
            pieces = [placed(piece, where) for piece in pieces]
            if pieces and not values.is_scan:
                pieces = _checked(pieces, second[number], page, values.aslant)
                pieces = [drawn_blanks(piece, display) for piece in pieces] if display else pieces
            page.close()  # frees what pdfminer keeps of it
            yield values, pieces, lines


def placed(piece: Piece, where: Where) -> Piece:
    """The piece with the addresses that its cells have on the page as it is displayed."""
    slots = []
    for slot in piece.slots:
        box = where(slot.at.box) if slot.at.box else None
        slots.append(replace(slot, at=replace(slot.at, box=box)))
    return replace(piece, slots=tuple(slots))


def _checked(
    pieces: Sequence[Piece], second: pypdfium2.PdfPage, page: Page, aslant: Sequence[Char]
) -> list[Piece]:
    text_page = second.get_textpage()
    sides = (float(page.width), float(page.height))
    found = [crosschecked(piece, text_page, sides, page.rotation, aslant) for piece in pieces]
    text_page.close()
    return found


def assembled(
    pages: Sequence[Taken], problems: Sequence[Problem] = (), *, carrier: str = "pdf"
) -> Document:
    """Pages to one document: tables over page ends are one, running heads are gone."""
    repeated = furniture([(page, lines) for page, _, lines in pages])
    parts: list[Part] = []
    heads: set[str] = set()
    for page, pieces, lines in pages:
        prose = [line for line in lines if not is_furniture(page, line, repeated)]
        _add_page(parts, pieces, prose, heads)
        heads = {line.text.strip() for line in prose if pieces and _is_head(line, pieces[0])}
    aslant = ("".join(char.text for char in page.aslant).strip() for page, _, _ in pages)
    parts += dict.fromkeys(text for text in aslant if text)
    hidden = [
        problem("hidden-content", At(page=page.number), what=f"text {page.hidden[:200]!r}")
        for page, _, _ in pages
        if page.hidden
    ]
    document = _numbered(parts, [*problems, *hidden], carrier)
    doubts = [
        problem("ocr-unverified", at)
        for page, _, _ in pages
        if page.is_scan and page.chars
        for at in _places(page.number, document.grids)
    ]
    return replace(document, problems=(*document.problems, *doubts))


def _places(number: int, grids: Sequence[Grid]) -> list[At]:
    """The part of each table that stands on that page; the page itself where there is none."""
    tables = [grid.index for grid in grids if any(cell.at.page == number for cell in grid.cells)]
    return [At(table=table, page=number) for table in tables] or [At(page=number)]


def _is_head(line: Line, piece: Piece) -> bool:
    return line.top < piece.bounds[1]


def _add_page(
    parts: list[Part], pieces: Sequence[Piece], lines: Sequence[Line], heads: Set[str]
) -> None:
    """Pieces and paragraphs from top to bottom; the first piece may go on with the last.

    `heads`: what stands above the tables of the page before; spreadsheets repeat it.
    """
    rest = sorted(lines, key=lambda line: line.top)
    left = min([line.x0 for line in lines] + [piece.bounds[0] for piece in pieces], default=0)
    right = max([line.x1 for line in lines] + [piece.bounds[2] for piece in pieces], default=0)
    for piece in pieces:
        above = [line for line in rest if _is_head(line, piece)]
        rest = rest[len(above) :]
        over = [line for line in above if is_stray(line, piece) or line.text.strip() in heads]
        if len(over) == len(above) and _joined(parts, piece):
            parts += map(_stray, over)
        else:
            parts += paragraphs(above, left, right)
            parts.append(piece)
    if pieces:
        under = [line for line in rest if is_stray(line, pieces[-1])]
        parts += map(_stray, under)
        rest = [line for line in rest if line not in under]
    parts += paragraphs(rest, left, right)


def _stray(line: Line) -> Stray:
    return Stray(line.text.strip())


def _joined(parts: list[Part], piece: Piece) -> bool:
    """Whether the piece goes on with the last one before it, now one table in `parts`."""
    place = len(parts)
    while place and isinstance(parts[place - 1], Stray):
        place -= 1
    last = parts[place - 1] if place else None
    if not isinstance(last, Piece) or last.page + 1 != piece.page:
        return False
    both = stitched(last, piece, is_label)
    if both is None:
        return False
    parts[place - 1] = both
    return True


def _numbered(parts: Sequence[Part], problems: Sequence[Problem], carrier: str) -> Document:
    grids: list[Grid] = []
    blocks: list[Block] = []
    found = list(problems)
    for part in parts:
        if isinstance(part, str):
            blocks.append(Block(text=displayed(part), before=len(grids)))
            continue
        index = len(grids)
        source = f"{carrier}/page[{part.page + 1}]"
        grid = form_grid(
            part.slots, index=index, carrier=carrier, source=source, tolerance=TOLERANCE
        )
        if grid is not None:
            grids.append(grid)
            found += notes(part.slots, index)
    return Document(
        title=title_of(blocks, grids),
        blocks=tuple(blocks),
        grids=tuple(grids),
        problems=tuple(found),
    )


def is_label(text: str) -> bool:
    """Whether a form prints this label, in whatever spelling."""
    squeezed = "".join(displayed(text).split())
    return bool({key(squeezed), full_key(squeezed)} & _labels())


@cache
def _labels() -> frozenset[str]:
    rows = (row for form in forms() for row in form.rows)
    return frozenset(spelling for row in rows for spelling in row.keys if spelling)
