"""Images, and PDF files whose pages are images: the same grids as from text, never certain."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

import numpy as np
import pypdfium2
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from parsers.errors import ReadError, TooLarge, Undecodable
from parsers.model import At, Document, Problem
from parsers.pdf.pages import Sheet
from parsers.pdf.pieces import pieces_of
from parsers.pdf.reader import Taken, assembled, placed, read_pdf
from parsers.problems import problem
from parsers.readers import unbundled

from .ink import PIXEL_LIMIT, WIDTH, Pixels
from .page import scanned_sheet
from .place import Place

PAGE_LIMIT = 60
_LEAST_SIDE = 100  # pixels: smaller pictures are emblems and buttons


class NoText(ReadError):
    """An image in which nothing is printed."""

    code = "image-only"


def read_image(body: bytes) -> Document:
    """Tables and text of a picture with one page or more; raises a ReadError."""
    sheets = [scanned_sheet(pixels, number) for number, pixels in enumerate(_frames(body))]
    if not any(sheet.chars for sheet, _ in sheets):
        raise NoText("no text is found in it")
    return assembled([_taken(*each) for each in sheets], carrier="scan")


def _taken(sheet: Sheet, place: Place) -> Taken:
    pieces, lines = pieces_of(sheet)
    return sheet, [placed(piece, place) for piece in pieces], lines


def read_pictures(bundle: bytes) -> Document:
    """Pictures that are the pages of one document; a damaged one is said, and costs itself."""
    sheets: list[tuple[Sheet, Place]] = []
    lost: list[Problem] = []
    for number, body in enumerate(unbundled(bundle)):
        try:
            sheets.append(scanned_sheet(next(_frames(body)), number))
        except ReadError as error:
            at = At(page=number)
            lost.append(problem("picture-unread", at, reason=f"{error.code}: {error}"))
    if not any(sheet.chars for sheet, _ in sheets):
        raise NoText(f"no text is found in {len(sheets) + len(lost)} pictures")
    return assembled([_taken(*each) for each in sheets], lost, carrier="scan")


def read_scanned_pdf(body: bytes) -> Document:
    """A PDF some or all of whose pages are images; raises a ReadError."""
    return read_pdf(body, _scanned)


def _scanned(page: pypdfium2.PdfPage, number: int) -> tuple[Sheet, Place]:
    if number >= PAGE_LIMIT:
        raise TooLarge(f"more than {PAGE_LIMIT} pages to recognise")
    side = min(page.get_size())
    picture = page.render(scale=WIDTH / side, grayscale=True).to_pil()
    return scanned_sheet(_grey(picture), number, side)


def _frames(body: bytes) -> Iterator[Pixels]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # broken metadata is no matter here
            with Image.open(io.BytesIO(body)) as image:
                for number, frame in enumerate(ImageSequence.Iterator(image)):
                    if number >= PAGE_LIMIT:
                        raise TooLarge(f"more than {PAGE_LIMIT} pages")
                    yield _page(frame)
    except Image.DecompressionBombError as error:
        raise TooLarge("a picture of more pixels than any page has") from error
    except UnidentifiedImageError as error:  # its own text names an object in memory
        raise Undecodable("a picture whose head is damaged or cut off") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Undecodable(f"a damaged picture: {error}") from error


def _page(frame: Image.Image) -> Pixels:
    width, height = frame.size
    if width * height > PIXEL_LIMIT:
        raise TooLarge(f"{width} x {height} pixels")
    if min(width, height) < _LEAST_SIDE:
        raise NoText(f"{width} x {height} pixels hold no table")
    return _grey(ImageOps.exif_transpose(frame))


def _grey(image: Image.Image) -> Pixels:
    """Grey on white paper, where the image says nothing too."""
    if "A" in image.getbands() or "transparency" in image.info:
        solid = image.convert("RGBA")
        paper = Image.new("RGBA", solid.size, "white")
        image = Image.alpha_composite(paper, solid)
    return np.asarray(image.convert("L"), dtype=np.uint8)
