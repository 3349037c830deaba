"""A page of a PDF as a picture; run as a program it reads standard input under limits."""

from __future__ import annotations

import io
import resource
import sys

import pypdfium2

SCALE = 1.6  # 115 dots an inch: digits of 9 points stay legible
SIDE_LIMIT = 4_000  # pixels
LIMITS = {resource.RLIMIT_CPU: 20, resource.RLIMIT_AS: 2 << 30, resource.RLIMIT_CORE: 0}


def picture(body: bytes, number: int) -> tuple[bytes, float, float]:
    """PNG, width and height in points of page `number`, from 0; IndexError when it has none."""
    document = pypdfium2.PdfDocument(body)
    if not 0 <= number < len(document):
        raise IndexError(f"page {number + 1} of {len(document)}")
    page = document[number]
    width, height = page.get_size()
    scale = min(SCALE, SIDE_LIMIT / max(width, height))
    image = page.render(scale=scale).to_pil()
    png = io.BytesIO()
    image.quantize(64).save(png, "PNG", optimize=False)
    return png.getvalue(), width, height


def main() -> None:
    """`python -m parsers.pdf.picture PAGE < file.pdf`: size in points on a line, then the PNG."""
    for kind, limit in LIMITS.items():
        resource.setrlimit(kind, (limit, limit))
    png, width, height = picture(sys.stdin.buffer.read(), int(sys.argv[1]))
    sys.stdout.buffer.write(f"{width} {height}\n".encode() + png)


if __name__ == "__main__":
    main()
