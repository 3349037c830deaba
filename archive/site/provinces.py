"""Provinces as equal tiles: a map on which nobody is small, drawn with what each tile says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

from markupsafe import Markup

from archive.site.asking import Ask, Row
from archive.site.charts import drawn
from archive.site.look import number

TILES = Path(__file__).parent / "tiles.toml"
STEP, SIDE, WIDE, HIGH = 52, 49, 468, 416  # pixels
SHADES = 4
LONG = {"zh": 2, "en": 6}  # names with more characters are written smaller
Place = tuple[int, int, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """What a province says: in full, in figures, and how dark; 0 is that nothing is known."""

    said: str
    figure: str = ""
    shade: int = 0


@cache
def places() -> Mapping[str, Place]:
    """Province -> column, row, short names."""
    entries = tomllib.loads(TILES.read_text(encoding="utf-8"))["tiles"]
    return {code: tuple(entry) for code, entry in entries.items()}


def short(ask: Ask, code: str) -> str:
    """What a province is called on the map."""
    _, _, zh, en = places()[code]
    return zh if ask.language == "zh" else en


def tile_map(ask: Ask, tiles: Mapping[str, Tile], title: str) -> Markup:
    """Every province; those that say something lead to their page."""
    parts = [_tile(ask, code, tiles.get(code)) for code in places()]
    return drawn(parts, title, "tiles", HIGH, WIDE)


def _tile(ask: Ask, code: str, tile: Tile | None) -> Markup:
    column, row, *_ = places()[code]
    x, y = column * STEP, row * STEP
    name = short(ask, code)
    face = Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="5"/>'
                  '<text x="{}" y="{}" text-anchor="middle"{}>{}</text>').format(
        x + 1, y + 1, SIDE, SIDE, x + STEP / 2, y + (24 if tile and tile.figure else 30),
        Markup(' class="long"') if len(name) > LONG[ask.language] else "", name[:9],
    )  # fmt: skip
    if tile is None:
        return Markup('<g class="tile s0">{}</g>').format(face)
    figure = Markup(' <text class="n" x="{}" y="{}" text-anchor="middle">{}</text>').format(
        x + STEP / 2, y + 41, tile.figure
    )
    return Markup('<a href="{}" aria-label="{}" class="tile s{}"><title>{}</title>{}{}</a>').format(
        ask.url(f"/region/{code}"), tile.said, tile.shade, tile.said, face, figure
    )


def medians(ask: Ask, figure: str, rows: Sequence[Row], title: str) -> Markup:
    """The median of the bodies of each province, with what the shades mean; rows are of one year
    and one level."""
    found: dict[str, list[float]] = {}
    for row in rows:
        if row[figure] is not None and f"{row['region_code'][:2]}0000" in places():
            found.setdefault(f"{row['region_code'][:2]}0000", []).append(row[figure])
    if not found:
        return Markup("")
    middle = {code: round(median(values), 4) for code, values in found.items()}
    shades = _shades(list(middle.values()))
    tiles = {
        code: Tile(
            said=ask.say("map.median", name=short(ask, code), value=number(value),
                         bodies=len(found[code])),
            figure=number(round(value, 2)),
            shade=shades[value],
        )
        for code, value in middle.items()
    }  # fmt: skip
    return tile_map(ask, tiles, title) + _legend(ask, shades)


def _shades(values: Sequence[float]) -> dict[float, int]:
    """As many provinces in each shade; equal values are equally dark."""
    distinct = sorted(set(values))
    last = max(len(distinct) - 1, 1)
    return {value: 1 + round((SHADES - 1) * place / last) for place, value in enumerate(distinct)}


def _legend(ask: Ask, shades: Mapping[float, int]) -> Markup:
    item = Markup('<li><span class="swatch tile-key s{}" aria-hidden="true"></span> {}</li>')
    classes: dict[int, list[float]] = {}
    for value, shade in shades.items():
        classes.setdefault(shade, []).append(value)
    said = [
        item.format(shade, "–".join(dict.fromkeys((number(min(own)), number(max(own))))))
        for shade, own in sorted(classes.items())
    ]
    said.append(item.format(0, ask.say("map.unknown")))
    return Markup('<ul class="legend">{}</ul>').format(Markup("").join(said))
