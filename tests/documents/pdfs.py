"""Small PDF files made in the tests: one font, drawing operators as they are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

WIDTHS = (120, 60)
HEIGHT = 20


def pdf(
    *streams: str,
    rotate: int = 0,
    size: tuple[int, int] = (300, 400),
    more: Sequence[str] = (),
    page: str = "",
    catalog: str = "",
    resources: str = "",
) -> bytes:
    """A PDF with a page for each content stream.

    The objects of `more` come last: with one page the first of them is object 6. Entries of the
    pages, of the catalogue and of the pages' resources are written as they are given.
    """
    count = len(streams)
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(count))
    parts = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
        f"<</Type/Pages/Kids[{kids}]/Count {count}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for place, stream in enumerate(streams):
        parts.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size[0]} {size[1]}]/Rotate {rotate}"
            f"/Resources<</Font<</F 3 0 R>>{resources}>>/Contents {5 + 2 * place} 0 R{page}>>"
        )
        parts.append(f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream")
    parts += more
    out, places = "%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    head = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}"
    trailer = f"trailer<</Size {len(parts) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF"
    return f"{out}{head}{trailer}".encode()


def show(text: str, x: float, y: float, size: float = 10, more: str = "") -> str:
    return f"BT {more} /F {size} Tf {x} {y} Td ({text}) Tj ET\n"


def ruled(rows: Sequence[Sequence[str]], top: float = 380, size: float = 10, times: int = 1) -> str:
    """A ruled table of two columns; `times` prints every text again, a trace to the right."""
    out, low = "", float(HEIGHT)
    for place, row in enumerate(rows):
        x, y = 20.0, top - low * (place + 1)
        for text, width in zip(row, WIDTHS, strict=True):
            out += f"{x} {y} {width} {low} re S\n"
            out += "".join(show(text, x + 4 + 0.3 * turn, y + 6, size) for turn in range(times))
            x += width
    return out


def stream(content: str, entries: str = "") -> str:
    """A stream object with that content."""
    return f"<<{entries}/Length {len(content)}>>\nstream\n{content}\nendstream"


def lined(rows: Sequence[Sequence[str]], piece: float, gap: float) -> str:
    """The table of `ruled`, its rules drawn as small boxes, one after the other."""
    right, low = 20.0 + sum(WIDTHS), 380.0 - HEIGHT * len(rows)
    out = ""
    for x in (20.0, 20.0 + WIDTHS[0], right):
        out += "".join(f"{x} {at} .8 {long} re f\n" for at, long in _dashes(low, 380, piece, gap))
    for row in range(len(rows) + 1):
        y = 380 - HEIGHT * row
        out += "".join(f"{at} {y} {long} .8 re f\n" for at, long in _dashes(20, right, piece, gap))
    return out + texts_of(rows)


def _dashes(start: float, end: float, piece: float, gap: float) -> list[tuple[float, float]]:
    """Where each piece begins, and how long it is; the last one ends with the rule."""
    count = int((end - start) / (piece + gap))
    return [(start + n * (piece + gap), piece) for n in range(count)] + [(end - piece, piece)]


def boxed(rows: Sequence[Sequence[str]], room: float) -> str:
    """The table of `ruled` with room between its cells, a frame round all of them."""
    frame = (20 - room, 380, sum(WIDTHS) + room, -HEIGHT * len(rows) - room)
    out = " ".join(map(str, frame)) + " re S\n"
    for place in range(len(rows)):
        x, y = 20.0, 380.0 - HEIGHT * (place + 1)
        for width in WIDTHS:
            out += f"{x} {y} {width - room} {HEIGHT - room} re S\n"
            x += width
    return out + texts_of(rows)


def underlined(rows: Sequence[Sequence[str]], *, cell_by_cell: bool) -> str:
    """The table of `ruled` with a rule below each row and no other."""
    out, right = "", 20 + sum(WIDTHS)
    for place in range(len(rows)):
        y = 380 - HEIGHT * (place + 1)
        ends = (20, 20 + WIDTHS[0], right) if cell_by_cell else (20, right)
        out += "".join(f"{x} {y} m {end} {y} l S\n" for x, end in pairwise(ends))
    return out + texts_of(rows)


def shaded(rows: Sequence[Sequence[str]]) -> str:
    """The table of `ruled` without rules, the cells of every other row on grey."""
    out = ".8 g\n"
    for place in range(0, len(rows), 2):
        y = 380 - HEIGHT * (place + 1)
        out += f"20 {y} {WIDTHS[0]} {HEIGHT} re f {20 + WIDTHS[0]} {y} {WIDTHS[1]} {HEIGHT} re f\n"
    return out + "0 g\n" + texts_of(rows)


def texts_of(rows: Sequence[Sequence[str]]) -> str:
    """The texts of `ruled`, and no rules."""
    lefts = (24.0, 24.0 + WIDTHS[0])
    return "".join(
        show(text, x, 380 - HEIGHT * (place + 1) + 6)
        for place, row in enumerate(rows)
        for text, x in zip(row, lefts, strict=True)
    )
