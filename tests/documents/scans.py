"""Scans made in the tests: pages of the fixtures as pictures, clean or damaged."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pypdfium2
from PIL import Image, ImageFilter

HOME = Path(__file__).parent
DPI = 200
Facts = dict[tuple[str, str, str], tuple[str, Decimal | None]]


def pages(name: str) -> list[Image.Image]:
    """The pages of a made PDF in grey at 200 dpi."""
    document = pypdfium2.PdfDocument((HOME / "made" / name).read_bytes())
    pictures = [page.render(scale=DPI / 72, grayscale=True).to_pil() for page in document]
    document.close()
    return pictures


def damaged(page: Image.Image, degrees: float, quality: int = 60) -> Image.Image:
    """Turned, blurred, noisy, greyed to the foot, saved as a poor JPEG."""
    turned = page.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
    soft = turned.filter(ImageFilter.GaussianBlur(0.8))
    width, height = soft.size
    noise = Image.frombytes("L", soft.size, random.Random(7).randbytes(width * height))
    shade = Image.linear_gradient("L").resize(soft.size).point(lambda grey: grey // 8)
    rough = Image.blend(soft, noise, 0.1).point(
        lambda grey: max(0, min(255, int((grey - 13) * 1.1)))
    )
    dim = Image.composite(Image.new("L", soft.size, 0), rough, shade)
    return Image.open(io.BytesIO(saved([dim], "JPEG", quality=quality)))


def saved(pictures: Sequence[Image.Image], kind: str, **options: object) -> bytes:
    """One file of those pictures."""
    out = io.BytesIO()
    first, *rest = pictures
    many = {"save_all": True, "append_images": rest} if rest else {}
    first.save(out, kind, **many, **options)  # type: ignore[arg-type]
    return out.getvalue()


def truth(name: str) -> Facts:
    """State and value by section, indicator and column."""
    with (HOME / "truth" / f"{name}.csv").open(encoding="utf-8") as file:
        return {
            (row["section"], row["indicator"], row["column"]): (
                row["state"],
                Decimal(row["value"]) if row["state"] == "number" else None,
            )
            for row in csv.DictReader(file)
        }
