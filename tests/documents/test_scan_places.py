"""The box of a number read from a picture is where the number is on the picture as it came."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

from parsers.carrier import document
from parsers.model import Grid
from parsers.readers import reads_scans

from .scans import saved

pytestmark = pytest.mark.skipif(not reads_scans(), reason="the extra `ocr` is not installed")

SIZE = (840, 1188)  # half the working size: enlarged before it is read
NUMBERS = ["4821", "305", "70418"]
LEFT, MIDDLE, RIGHT, TOP, STEP = 90, 480, 760, 140, 60
SHORT_SIDE = 595.3  # points that a picture's short side counts as


def table() -> Image.Image:
    """Labels and numbers in a ruled table at the head of a page."""
    picture = Image.new("L", SIZE, 255)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(22)
    for place, number in enumerate(NUMBERS):
        top = TOP + place * STEP
        pen.rectangle((LEFT, top, MIDDLE, top + STEP), outline=0, width=2)
        pen.rectangle((MIDDLE, top, RIGHT, top + STEP), outline=0, width=2)
        pen.text((LEFT + 20, top + 18), "Requests received", fill=0, font=font)
        pen.text((MIDDLE + 40, top + 18), number, fill=0, font=font)
    return picture


def middles(turn: object) -> list[tuple[float, float]]:
    """Where the middle of each number's cell is once the page is turned: found by its ink alone."""
    found = []
    for place in range(len(NUMBERS)):
        spot = Image.new("L", SIZE, 0)
        x, y = (MIDDLE + RIGHT) / 2, TOP + (place + 0.5) * STEP
        ImageDraw.Draw(spot).ellipse((x - 6, y - 6, x + 6, y + 6), fill=255)
        turned = ImageChops.invert(turn(ImageChops.invert(spot)))  # type: ignore[operator]
        x0, top, x1, bottom = turned.getbbox()
        found.append(((x0 + x1) / 2, (top + bottom) / 2))
    return found


def skewed(degrees: float, *, grow: bool = False) -> object:
    return lambda image: image.rotate(degrees, Image.Resampling.BICUBIC, expand=grow, fillcolor=255)


def boxes(grid: Grid) -> dict[str, tuple[float, float, float, float]]:
    return {cell.text: cell.at.box for cell in grid.cells if cell.at.box}


TURNS = {
    "-4": skewed(-4),
    "88.5": skewed(88.5, grow=True),
    "180": skewed(180),
    "271.5": skewed(271.5, grow=True),
}


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS.keys())
def test_boxes_on_a_turned_picture(turn: object) -> None:
    picture: Image.Image = turn(table())  # type: ignore[operator]
    points = SHORT_SIDE / min(picture.size)
    check(boxes(document(saved([picture], "PNG")).grids[0]), turn, points)


def test_boxes_on_a_page_that_is_no_a4_count_its_own_points() -> None:
    turn, short_side = skewed(2.3), 842
    picture: Image.Image = turn(table())  # type: ignore[operator]
    dots = 72 * SIZE[0] / short_side
    found = document(saved([picture], "PDF", resolution=dots))
    check(boxes(found.grids[0]), turn, short_side / SIZE[0])


def test_boxes_on_a_photograph_that_says_how_it_was_held() -> None:
    held = table().transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise before it is looked at
    body = saved([held], "JPEG", exif=exif, quality=95)
    assert Image.open(io.BytesIO(body)).size == held.size
    found = document(body)
    check(boxes(found.grids[0]), skewed(0), SHORT_SIDE / SIZE[0])


def check(found: dict[str, tuple[float, float, float, float]], turn: object, points: float) -> None:
    for number, (x, y) in zip(NUMBERS, middles(turn), strict=True):
        x0, top, x1, bottom = found[number]
        middle = ((x0 + x1) / 2 / points, (top + bottom) / 2 / points)
        assert abs(middle[0] - x) < 6, number  # pixels of a cell 280 by 60
        assert abs(middle[1] - y) < 6, number
