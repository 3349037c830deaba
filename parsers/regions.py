"""Regions by GB/T 2260, as they were: a report belongs to the region of its own year."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

Level = Literal["province", "prefecture", "county"]
_HERE = Path(__file__).parent
_KINDS = (
    "特别行政区", "自治区", "自治州", "自治县", "自治旗", "林区", "特区", "地区", "新区",
    "省", "市", "区", "县", "旗", "盟", "州",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Region:
    """One name of one code. Months are those of the first and last list that has it; "" is open."""

    code: str
    name: str
    level: Level
    parent: str
    valid_from: str
    valid_to: str
    successor: str

    def distance(self, year: int | None) -> int:
        """Years between `year` and the region's life; 0 when it lived in that year."""
        if year is None:
            return 0 if not self.valid_to else 9999 - int(self.valid_to[:4])
        start, end = int(self.valid_from[:4] or 0), int(self.valid_to[:4] or 9999)
        return max(start - year, year - end, 0)


@dataclass(frozen=True, slots=True)
class _Index:
    by_code: dict[str, tuple[Region, ...]]
    by_name: dict[str, tuple[Region, ...]]
    by_short: dict[str, tuple[Region, ...]]
    followers: tuple[str, ...]
    longest: int


def find(name: str, year: int | None = None, *, within: str = "") -> Region | None:
    """The region of exactly that name (吉安市, 甘南州, or an unambiguous 吉水); None when in doubt.

    `within`: code of a region above it, or of the region itself: settles 鼓楼区.
    """
    index = _index()
    hits = index.by_name.get(name) or index.by_short.get(name, ())
    return _one(hits, year, within)


def by_code(code: str, year: int | None = None) -> Region | None:
    """The region under that code in that year, else the one nearest in time."""
    return min(_index().by_code.get(code, ()), key=lambda r: r.distance(year), default=None)


def in_text(text: str, year: int | None = None, *, within: str = "") -> Region | None:
    """The innermost region that the head of `text` names: 江苏省南京市鼓楼区教育局 -> 320106."""
    region, rest = _head(text, year, within)
    while region is not None:
        inner, rest = _head(rest, year, region.code)
        if inner is None or inner.code == region.code or not is_within(inner.code, region.code):
            break
        region = inner
    return region


def is_within(code: str, outer: str) -> bool:
    """Whether `code` is `outer` or lies in it, by the parents of the list."""
    while code and code != outer:
        code = next((region.parent for region in _index().by_code.get(code, ())), "")
    return code == outer


def _head(text: str, year: int | None, within: str) -> tuple[Region | None, str]:
    """The longest name at the head that means one region, and the text behind it."""
    index = _index()
    for size in range(min(index.longest, len(text)), 1, -1):
        head, rest = text[:size], text[size:]
        region = _one(index.by_name.get(head, ()), year, within)
        if region is None and _may_follow(rest, within):
            region = _one(index.by_short.get(head, ()), year, within)
        if region is not None:
            return region, rest
    return None, text


def _may_follow(rest: str, within: str) -> bool:
    """Whether a short name in front of `rest` is a name and not the start of another word."""
    if not rest or rest[0].isdigit() or rest.startswith(_index().followers):
        return True
    inner, _ = _official(rest)
    return inner and not within


def _official(text: str) -> tuple[bool, str]:
    """Whether an official county name begins `text`: 南京 counts in front of 鼓楼区."""
    index = _index()
    for size in range(min(index.longest, len(text)), 1, -1):
        if text[:size] in index.by_name:
            return True, text[size:]
    return False, text


def _one(hits: Iterable[Region], year: int | None, within: str) -> Region | None:
    """The hit that lived in that year; None when several did and nothing tells them apart."""
    found = [hit for hit in hits if not within or _related(hit.code, within)]
    if not found:
        return None
    nearest = min(hit.distance(year) for hit in found)
    alive = [hit for hit in found if hit.distance(year) == nearest]
    if within and len({hit.code for hit in alive}) > 1:
        alive = [hit for hit in alive if hit.code == within] or alive
    return alive[0] if len({hit.code for hit in alive}) == 1 else None


def _related(code: str, within: str) -> bool:
    return is_within(code, within) or is_within(within, code)


@cache
def _index() -> _Index:
    """All rows by code, by official name and by short name; read at first use."""
    words = tomllib.loads((_HERE / "regions.toml").read_text("utf-8"))
    peoples = tuple(sorted(words["peoples"].split(), key=len, reverse=True))
    never = frozenset(words["never_short"].split())
    by_code: dict[str, list[Region]] = {}
    by_name: dict[str, list[Region]] = {}
    by_short: dict[str, list[Region]] = {}
    with (_HERE / "regions.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for code, name, level, *rest in rows:
            region = Region(code, name, cast(Level, level), *rest)
            by_code.setdefault(code, []).append(region)
            full, short = _names(name, peoples)
            for official in full:
                by_name.setdefault(official, []).append(region)
            if len(short) > 1 and short not in never:
                by_short.setdefault(short, []).append(region)
    return _Index(
        {key: tuple(hits) for key, hits in by_code.items()},
        {key: tuple(hits) for key, hits in by_name.items()},
        {key: tuple(hits) for key, hits in by_short.items()},
        tuple(words["followers"].split()),
        max(map(len, by_name)),
    )


def _names(name: str, peoples: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Official spellings and the short one: (甘南藏族自治州, 甘南州), 甘南."""
    kind = next((kind for kind in _KINDS if name.endswith(kind)), "")
    short = name.removesuffix(kind)
    if not kind.startswith("自治"):
        return (name,), short
    while people := next((p for p in peoples if short.endswith(p) and len(short) > len(p) + 1), ""):
        short = short.removesuffix(people)
    plain = short + kind[-1]
    return (name, plain) if kind != "自治区" and len(short) > 1 else (name,), short
