"""What an OFD page draws: characters and lines, in points from its upper left corner.

GB/T 33190-2016: lengths are millimetres, an object lies in its Boundary, its CTM turns and
stretches what is inside, text is placed character by character.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from unicodedata import east_asian_width

from lxml import etree

from parsers.errors import TooLarge
from parsers.office.elements import attribute, child, name
from parsers.pdf.pages import CHAR_LIMIT, RULE_LIMIT, Rule, is_thin, straight
from parsers.pdf.words import Bounds, Char

POINTS = 72 / 25.4  # a millimetre
_ASCENT, _DESCENT = 0.86, 0.14  # of the type size
_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_GROUPS = frozenset(["Content", "Layer", "PageBlock"])
_LONGEST = 2_000  # characters of one piece of text
_LARGEST = 1e6  # of any number; a page is some hundred millimetres

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]


@dataclass(slots=True)
class Drawing:
    """All that is drawn; `matrices` are those of the characters, for pages set sideways."""

    chars: list[Char] = field(default_factory=list)
    matrices: list[dict[str, object]] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    shades: list[Bounds] = field(default_factory=list)
    images: list[Bounds] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    unread: int = 0  # objects that are drawn elsewhere


def draw(element: etree._Element, drawing: Drawing) -> None:
    """Adds what the content of a page, or of a template under it, draws."""
    for each in element:
        kind = name(each)
        if kind in _GROUPS:
            draw(each, drawing)
        elif kind == "TextObject":
            _text(each, drawing)
        elif kind == "PathObject":
            _path(each, drawing)
        elif kind == "ImageObject":
            drawing.images.append(_boundary(each))
        elif kind == "CompositeObject":
            drawing.unread += 1
    if len(drawing.chars) > CHAR_LIMIT or len(drawing.rules) > RULE_LIMIT:
        raise TooLarge(f"a page of more than {CHAR_LIMIT} characters or {RULE_LIMIT} lines")


def numbers(text: str | None) -> list[float]:
    """Numbers apart by blanks; what is none, or beyond reason, counts as 0."""
    return [_number(part) for part in (text or "").split()]


def _number(text: str | None) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) and abs(value) <= _LARGEST else 0.0


def box_of(text: str | None) -> Bounds | None:
    """ "x y width height" in millimetres as a box in points."""
    said = numbers(text)
    if len(said) != 4:
        return None
    x, y, width, height = (each * POINTS for each in said)
    return x, y, x + width, y + height


def _boundary(element: etree._Element) -> Bounds:
    return box_of(attribute(element, "Boundary")) or (0.0, 0.0, 0.0, 0.0)


def _matrix(element: etree._Element) -> Matrix:
    """From the space of the object to points on the page."""
    said = numbers(attribute(element, "CTM"))
    a, b, c, d, e, f = said if len(said) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    x, y, _, _ = _boundary(element)
    scaled = (a * POINTS, b * POINTS, c * POINTS, d * POINTS)
    return (*scaled, x + e * POINTS, y + f * POINTS)


def _placed(matrix: Matrix, point: Point) -> Point:
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def _around(points: Sequence[Point]) -> Bounds:
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(across), min(down), max(across), max(down)


def _text(element: etree._Element, drawing: Drawing) -> None:
    matrix, size = _matrix(element), _number(attribute(element, "Size"))
    stretch = _number(attribute(element, "HScale")) or 1.0
    is_seen = _is_seen(element)
    x = y = 0.0
    for code in element:
        if name(code) != "TextCode":
            continue
        x, y = _start(code, "X", x), _start(code, "Y", y)
        text = (code.text or "")[: _LONGEST + 1]
        if len(text) > _LONGEST:
            raise TooLarge(f"one text of more than {_LONGEST} characters")
        if not is_seen:
            drawing.hidden.append(text)
            continue
        places = _places(code, text, (x, y), size * stretch)
        for sign, place, width in places:
            _sign(drawing, matrix, sign, place, (width, size))


def _start(code: etree._Element, axis: str, before: float) -> float:
    said = attribute(code, axis)
    return before if said is None else _number(said)


def _places(
    code: etree._Element, text: str, start: Point, size: float
) -> Iterator[tuple[str, Point, float]]:
    """Each character, where it stands, and how wide it is at most."""
    across, down = _steps(code, "DeltaX", len(text)), _steps(code, "DeltaY", len(text))
    x, y = start
    for place, sign in enumerate(text):
        own = size * (1.0 if east_asian_width(sign) in "WF" else 0.5)
        step = across[place] if place < len(across) else (0.0 if down else own)
        yield sign, (x, y), min(own, step) if step > 0 else own
        x += step
        y += down[place] if place < len(down) else 0.0


def _steps(code: etree._Element, wanted: str, most: int) -> list[float]:
    """Distances between characters; `g 3 2.5` stands for three of 2.5."""
    return list(islice(_unrolled((attribute(code, wanted) or "").split()), most))


def _unrolled(parts: Sequence[str]) -> Iterator[float]:
    place = 0
    while place < len(parts):
        if parts[place] == "g" and place + 2 < len(parts):
            for _ in range(int(_number(parts[place + 1]))):
                yield _number(parts[place + 2])
            place += 3
        else:
            yield _number(parts[place])
            place += 1


def _sign(
    drawing: Drawing, matrix: Matrix, sign: str, place: Point, sides: tuple[float, float]
) -> None:
    (x, y), (width, size) = place, sides
    foot, head = y + _DESCENT * size, y - _ASCENT * size
    corners = [(x, foot), (x + width, foot), (x, head), (x + width, head)]
    x0, top, x1, bottom = _around([_placed(matrix, corner) for corner in corners])
    high = size * math.hypot(matrix[2], matrix[3])
    drawing.chars.append(Char(sign, x0, x1, top, bottom, high))
    drawing.matrices.append({"text": sign, "matrix": (matrix[0], -matrix[1])})


def _is_seen(element: etree._Element) -> bool:
    """Whether text is drawn in a colour: not white, not through and through."""
    if (attribute(element, "Visible") or "").lower() == "false" or attribute(
        element, "Alpha"
    ) == "0":
        return False
    colour = child(element, "FillColor")
    said = numbers(attribute(colour, "Value")) if colour is not None else []
    if attribute(colour, "Alpha") == "0":
        return False
    return not (len(said) == 3 and min(said) >= 247)


def _path(element: etree._Element, drawing: Drawing) -> None:
    is_stroked = (attribute(element, "Stroke") or "true").lower() != "false"
    is_filled = (attribute(element, "Fill") or "false").lower() == "true"
    if (attribute(element, "Visible") or "").lower() == "false":
        return
    data = child(element, "AbbreviatedData")
    matrix = _matrix(element)
    for line in _lines((data.text or "").split() if data is not None else []):
        points = [_placed(matrix, point) for point in line]
        box = _around(points)
        if is_stroked:
            for one, two in pairwise(points):
                drawing.rules += straight(_around([one, two]))
        elif is_filled and is_thin(box):
            drawing.rules += straight(box)
        elif is_filled:
            drawing.shades.append(box)


def _lines(parts: Sequence[str]) -> Iterator[list[Point]]:
    """Runs of points; of a curve only the end counts, tables have none."""
    line: list[Point] = []
    place = 0
    while place < len(parts):
        sign = parts[place]
        count = _OPERANDS.get(sign)
        if count is None:  # a stray number
            place += 1
            continue
        said = [_number(part) for part in parts[place + 1 : place + 1 + count]]
        place += 1 + count
        if sign in "SM" and len(line) > 1:
            yield line
        if sign in "SM":
            line = []
        if sign == "C" and line:
            line.append(line[0])
        elif len(said) == count and count:
            line.append((said[-2], said[-1]))
    if len(line) > 1:
        yield line
