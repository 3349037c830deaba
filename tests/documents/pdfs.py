"""Small PDF files made in the tests: one font, drawing operators as they are."""

from __future__ import annotations

from collections.abc import Sequence

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
