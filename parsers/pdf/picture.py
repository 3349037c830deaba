"""A page of a PDF or scan as a picture; run as a program it reads standard input under limits."""

from __future__ import annotations

import io
import resource
import sys

import pypdfium2
from PIL import Image, ImageOps

from parsers.sniff import IMAGES, sniff

SCALE = 1.6  # 115 dots an inch: digits of 9 points stay legible
SIDE_LIMIT = 4_000  # pixels
SCAN_SIDE = 1_400  # pixels of the long side of a scan
POINTS = 595.3  # of its short side, as `parsers.scan.page` measures
LIMITS = {resource.RLIMIT_CPU: 20, resource.RLIMIT_AS: 2 << 30, resource.RLIMIT_CORE: 0}


def picture(body: bytes, number: int) -> tuple[bytes, float, float]:
    """PNG, width and height in points of page `number`, from 0; IndexError when it has none."""
    if sniff(body) in IMAGES:
        return _scan(body, number)
    document = pypdfium2.PdfDocument(body)
    if not 0 <= number < len(document):
        raise IndexError(f"page {number + 1} of {len(document)}")
    page = document[number]
    width, height = page.get_size()
    scale = min(SCALE, SIDE_LIMIT / max(width, height))
    return _png(page.render(scale=scale).to_pil()), width, height


def _scan(body: bytes, number: int) -> tuple[bytes, float, float]:
    """A picture that is a page; `number` counts the frames of one that has several."""
    with Image.open(io.BytesIO(body)) as image:
        if getattr(image, "n_frames", 1) > 1:
            image.seek(number)
        shown = ImageOps.exif_transpose(image).convert("RGB")
    width, height = shown.size
    shown.thumbnail((SCAN_SIDE, SCAN_SIDE))
    points = POINTS / min(width, height)
    return _png(shown), width * points, height * points


def _png(image: Image.Image) -> bytes:
    png = io.BytesIO()
    image.quantize(64).save(png, "PNG", optimize=False)
    return png.getvalue()


def main() -> None:
    """`python -m parsers.pdf.picture PAGE < file.pdf`: size in points on a line, then the PNG."""
    for kind, limit in LIMITS.items():
        resource.setrlimit(kind, (limit, limit))
    png, width, height = picture(sys.stdin.buffer.read(), int(sys.argv[1]))
    sys.stdout.buffer.write(f"{width} {height}\n".encode() + png)


if __name__ == "__main__":
    main()
