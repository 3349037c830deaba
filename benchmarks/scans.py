"""Scans over rotation, noise and resolution: digits right, and what must be none.

    python -m benchmarks.scans [--dpi 150 200] [--noise grain fax] [--degrees 0 1.7] [--page 0]

Two pages of the made reports as they leave a printer, spoiled in every way at once. What each
prints is known from the same page read as text. `wrong` are numbers that are not printed there;
of those `trusted` stand as `ocr-consistent` and `certain` under no warning; `signs` are `/` and
dashes read as numbers; `refused` are printed numbers that were read as none.
"""

from __future__ import annotations

import argparse
import io
import itertools
import os
import random
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass
from decimal import Decimal

import pypdfium2
from PIL import Image, ImageFilter

import parsers
from parsers.model import Report
from tests.documents.scans import HOME, saved

PAGES = (("jian-2017.chromium.pdf", 0), ("pingtan-2024.office.pdf", 1))
Key = tuple[str, str, str]
Value = tuple[str, Decimal | None]


def _blended(page: Image.Image, share: float) -> Image.Image:
    grain = Image.frombytes("L", page.size, random.Random(7).randbytes(page.width * page.height))
    return Image.blend(page, grain, share)


def _clean(page: Image.Image) -> Image.Image:
    return page


def _grain(page: Image.Image) -> Image.Image:
    """A worn glass: blurred, grainy, a poor JPEG."""
    return _jpeg(_blended(page.filter(ImageFilter.GaussianBlur(0.8)), 0.12), 60)


def _coarse(page: Image.Image) -> Image.Image:
    """The same, twice as bad."""
    return _jpeg(_blended(page.filter(ImageFilter.GaussianBlur(1.0)), 0.25), 35)


def _specks(page: Image.Image) -> Image.Image:
    """Dirt: one pixel of a hundred is black or white."""
    dice = random.Random(7)
    spoiled = page.copy()
    for _ in range(page.width * page.height // 100):
        place = dice.randrange(page.width), dice.randrange(page.height)
        spoiled.putpixel(place, dice.choice((0, 255)))
    return spoiled


def _fax(page: Image.Image) -> Image.Image:
    """Black or white, nothing between."""
    return _blended(page, 0.1).point(lambda grey: 255 if grey > 190 else 0)


def _faint(page: Image.Image) -> Image.Image:
    """Little toner, and the light falls off to the foot."""
    shade = Image.linear_gradient("L").resize(page.size).point(lambda grey: grey // 3)
    pale = page.point(lambda grey: 150 + grey * 2 // 5)
    return _blended(Image.composite(Image.new("L", page.size, 0), pale, shade), 0.05)


NOISES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "clean": _clean,
    "grain": _grain,
    "coarse": _coarse,
    "specks": _specks,
    "fax": _fax,
    "faint": _faint,
}


def _jpeg(page: Image.Image, quality: int) -> Image.Image:
    return Image.open(io.BytesIO(saved([page], "JPEG", quality=quality)))


@dataclass(frozen=True)
class Scan:
    """One page, spoiled."""

    name: str
    page: int
    dpi: int
    noise: str
    degrees: float


@dataclass(frozen=True)
class Score:
    """What came of a scan; counts add up over scans."""

    digits: int = 0
    right: int = 0
    printed: int = 0
    exact: int = 0
    refused: int = 0
    wrong: int = 0
    trusted: int = 0
    certain: int = 0
    signs: int = 0
    seconds: float = 0.0

    def __add__(self, other: Score) -> Score:
        return Score(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def __str__(self) -> str:
        share = self.right / max(self.digits, 1)
        return (
            f"{share:7.1%} {self.exact:5}/{self.printed:<5} {self.refused:7} {self.wrong:6}"
            f" {self.trusted:8} {self.certain:8} {self.signs:6} {self.seconds:6.1f}"
        )


HEAD = (
    f"{'digits':>7} {'numbers':>11} {'refused':>7} {'wrong':>6} {'trusted':>8} {'certain':>8}"
    f" {'signs':>6} {'s':>6}"
)


def made(scan: Scan) -> bytes:
    """The picture of a spoiled page."""
    document = pypdfium2.PdfDocument((HOME / "made" / scan.name).read_bytes())
    page = document[scan.page].render(scale=scan.dpi / 72, grayscale=True).to_pil()
    turned = page.rotate(scan.degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    return saved([NOISES[scan.noise](turned)], "PNG")


def printed(scan: Scan) -> dict[Key, Value]:
    """What the page prints: its own text."""
    whole = pypdfium2.PdfDocument((HOME / "made" / scan.name).read_bytes())
    single = pypdfium2.PdfDocument.new()
    single.import_pages(whole, [scan.page])
    out = io.BytesIO()
    single.save(out)
    return values(parsers.read(out.getvalue()))


def values(report: Report) -> dict[Key, Value]:
    """State and value by section, indicator and column."""
    return {(f.section, f.indicator, f.column): (f.state, f.value) for f in report.facts}


def scored(scan: Scan) -> Score:
    """A scan read, and held against what is printed."""
    expected, body = printed(scan), made(scan)
    start = time.perf_counter()
    report = parsers.read(body)
    spent = time.perf_counter() - start
    found = values(report)
    numbers = {key: each for key, each in expected.items() if each[0] == "number"}
    wrong = {k for k, each in found.items() if each[0] == "number" and expected.get(k) != each}
    loud = [each for each in report.problems if each.severity in ("warning", "error")]
    said = {
        (f.section, f.indicator, f.column): {p.code for p in loud if p.at.covers(f.at)}
        for f in report.facts
    }
    right = [key for key, each in numbers.items() if found.get(key) == each]
    return Score(
        digits=sum(len(str(each[1])) for each in numbers.values()),
        right=sum(len(str(numbers[key][1])) for key in right),
        printed=len(numbers),
        exact=len(right),
        refused=sum(found.get(key, ("",))[0] != "number" for key in numbers),
        wrong=len(wrong),
        trusted=sum(said[key] == {"ocr-consistent"} for key in wrong),
        certain=sum(not codes for codes in said.values()),
        signs=sum(expected.get(key, ("",))[0] in ("slash", "dash") for key in wrong),
        seconds=spent,
    )


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    options.add_argument("--dpi", type=int, nargs="+", default=[100, 150, 200, 300])
    options.add_argument("--noise", nargs="+", default=list(NOISES), choices=list(NOISES))
    options.add_argument("--degrees", type=float, nargs="+", default=[0, 1.7, -4, 91])
    options.add_argument("--page", type=int, nargs="+", default=list(range(len(PAGES))))
    chosen = options.parse_args()
    ways = list(itertools.product(chosen.noise, chosen.dpi, chosen.degrees))
    scans = [
        Scan(*PAGES[page], dpi, noise, degrees)
        for noise, dpi, degrees in ways
        for page in chosen.page
    ]
    print(f"{'noise':8} {'dpi':>4} {'turned':>7} {HEAD}")
    total = Score()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        scores = pool.map(scored, scans)
        for noise, dpi, degrees in ways:
            score = sum((next(scores) for _ in chosen.page), Score())
            total += score
            print(f"{noise:8} {dpi:4} {degrees:7} {score}", flush=True)
    print(f"{'all':21} {total}")


if __name__ == "__main__":
    main()
