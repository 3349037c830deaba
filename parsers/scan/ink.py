"""A scanned page as ink: levelled, turned upright, its rules found and taken out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
WIDTH: Final = 1654  # pixels of a page's short side: A4 at 200 dpi, what the sizes below mean
PIXEL_LIMIT: Final = 40_000_000
_MOST_ENLARGED = 3.0
_LEAST_SKEW = 0.05
_STROKES = (8, 120)  # heights that characters have
DASH = 3.2  # characters: a shorter piece of rule across one column is a printed dash
_NOISY = 2.0
_SEARCH = ((0.25, 24, 0.5), (0.25, 5, 0.1), (0.5, 4, 0.025))  # size, steps each way, degrees
_PALE = 225  # darker is ink where it forms a rule: hair lines come out grey
# shares of ink on the barer and on the other side of a rule: the tops of a row of letters have more
_BARE, _BESIDE_FLAT, _BESIDE_STEEP = 0.1, 0.35, 0.6
_LEAST_ACROSS, _LEAST_DOWN = 2.2, 1.5  # characters


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight piece of ink in pixels: x0, top, x1, bottom."""

    x0: int
    top: int
    x1: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Ink:
    """`gray` is the page without its rules, `dark` its ink; `size` the height of a character."""

    gray: Pixels
    dark: Pixels
    size: float
    across: tuple[Stroke, ...]
    down: tuple[Stroke, ...]


def fitted(gray: Pixels) -> Pixels:
    """The page at the working size."""
    height, width = gray.shape
    factor = min(WIDTH / min(height, width), _MOST_ENLARGED)
    factor = min(factor, (PIXEL_LIMIT / (height * width)) ** 0.5)
    if 0.9 < factor < 1.1:
        return gray
    way = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    return _pixels(cv2.resize(gray, None, fx=factor, fy=factor, interpolation=way))


def levelled(gray: Pixels) -> Pixels:
    """Even lighting: every pixel as a share of the paper round it; noise is smoothed."""
    if _noise(gray) > _NOISY:
        gray = _pixels(cv2.GaussianBlur(gray, (0, 0), 1.0))
    paper = cv2.medianBlur(cv2.dilate(gray, np.ones((15, 15), np.uint8)), 31)
    return _pixels(cv2.divide(gray, paper, scale=255))


def _noise(gray: Pixels) -> float:
    """How far a typical pixel is from its neighbours: 0 as printed, 5 and more on a bad scan."""
    return float(np.median(cv2.absdiff(gray, cv2.medianBlur(gray, 3))))


def darkness(gray: Pixels) -> Pixels:
    """255 where there is ink."""
    level, _ = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    return _pixels(np.where(gray < min(max(level, 150.0), 210.0), 255, 0))


def straightened(gray: Pixels) -> tuple[Pixels, float]:
    """The page with its lines level, and by how many degrees it was turned for that."""
    angle = _skew(darkness(gray))
    if abs(angle) < _LEAST_SKEW:
        return gray, 0.0
    height, width = gray.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(
        gray, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255.0,)
    )
    return _pixels(turned), angle


def _skew(dark: Pixels) -> float:
    """The angle at which rules and rows of text are sharpest, searched in ever finer steps."""
    best = 0.0
    for shrink, reach, step in _SEARCH:
        small = cv2.resize(dark, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        angles = [best + place * step for place in range(-reach, reach + 1)]
        best = max(angles, key=partial(_sharpness, small))
    return best


def _sharpness(dark: NDArray[Any], angle: float) -> float:
    height, width = dark.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    rows = cv2.warpAffine(dark, turn, (width, height)).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())


def character_size(dark: Pixels) -> float:
    """Height of the characters that the page is set in."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark)
    heights, widths = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]
    least, most = _STROKES
    kept = heights[(heights > least) & (heights < most) & (widths < most) & (widths > 3)]
    return float(np.percentile(kept, 75)) if len(kept) else 30.0


def ink(gray: Pixels) -> Ink:
    """Rules and what is printed between them."""
    dark = darkness(gray)
    size = character_size(dark)
    pale = _pixels(np.where(gray < _PALE, 255, 0))
    flat = _opened(pale, (round(size * _LEAST_ACROSS), 1))
    steep = _opened(pale, (1, round(size * _LEAST_DOWN)))
    across = [each for each in _strokes(flat) if _is_bare(each, dark, size)]
    down = [each for each in _strokes(steep) if _is_bare(each, dark, size)]
    across, down = _hanging(across, down, size)
    mask = np.zeros_like(dark)
    for each, field in [(each, flat) for each in across] + [(each, steep) for each in down]:
        place = np.s_[each.top : each.bottom, each.x0 : each.x1]
        mask[place] |= field[place]
    wide = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    return Ink(
        gray=_pixels(np.where(wide > 0, 255, gray)),
        dark=_pixels(np.where(wide > 0, 0, dark)),
        size=size,
        across=tuple(across),
        down=tuple(down),
    )


def _opened(dark: Pixels, shape: tuple[int, int]) -> Pixels:
    """What is left of the ink when strokes shorter than that are gone; gaps of pixels closed."""
    long_way = max(shape)
    bridge = (max(shape[0] * 3 // long_way, 1), max(shape[1] * 3 // long_way, 1))
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones(bridge[::-1], np.uint8))
    return _pixels(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones(shape[::-1], np.uint8)))


def _strokes(field: Pixels) -> list[Stroke]:
    _, _, stats, _ = cv2.connectedComponentsWithStats(field)
    return [
        Stroke(int(x), int(y), int(x + width), int(y + height))
        for x, y, width, height, _ in stats[1:]
    ]


def _hanging(
    across: list[Stroke], down: list[Stroke], size: float
) -> tuple[list[Stroke], list[Stroke]]:
    """Rules only: a short flat stroke alone in its column is a dash, a steep one is a letter's."""
    longer = [each for each in across if each.x1 - each.x0 >= DASH * size]
    ruled = [each for each in down if _is_hung(each, longer, size)]
    kept = [each for each in longer if any(_meets(other, each, size / 4) for other in ruled)]
    return kept, ruled


def _is_hung(stroke: Stroke, across: list[Stroke], size: float) -> bool:
    """Long, or from one flat rule to another."""
    if stroke.bottom - stroke.top > 4 * size:
        return True
    near = [each for each in across if _meets(stroke, each, size / 4)]
    middle = (stroke.top + stroke.bottom) / 2
    return any(each.top < middle for each in near) and any(each.bottom > middle for each in near)


def _is_bare(stroke: Stroke, dark: Pixels, size: float) -> bool:
    """Whether there is paper beside a stroke; on one side letters may stand close."""
    near, far = 2, max(round(size / 6), 4)
    is_flat = stroke.x1 - stroke.x0 > stroke.bottom - stroke.top
    if is_flat:
        field, start, end, low, high = dark, stroke.top, stroke.bottom, stroke.x0, stroke.x1
    else:
        field, start, end, low, high = dark.T, stroke.x0, stroke.x1, stroke.top, stroke.bottom
    crossing = min(near + far, (high - low) // 4)  # where the rules of the other way run
    low, high = low + crossing, high - crossing
    before = _inked(field[max(start - far, 0) : max(start - near, 0), low:high])
    after = _inked(field[end + near : end + far, low:high])
    most = _BESIDE_FLAT if is_flat else _BESIDE_STEEP
    return min(before, after) < _BARE and max(before, after) < most


def _inked(part: Pixels) -> float:
    return float((part > 0).mean()) if part.size else 0.0


def _meets(down: Stroke, across: Stroke, slack: float) -> bool:
    return (
        across.x0 - slack <= down.x1
        and down.x0 <= across.x1 + slack
        and down.top - slack <= across.bottom
        and across.top <= down.bottom + slack
    )


def _pixels(array: Any) -> Pixels:
    return np.asarray(array, dtype=np.uint8)
