"""What a page says of itself, and where: titles, years, bodies and dates as printed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path

from .frozen import dataclass
from .headings import Named
from .model import Block, Document, Hints
from .titles import body_in, number, squeeze, year_in

_SHORT = 60
_DAY = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)"
_DIGIT = "[0-9〇○◯零OoОоΟο一二三四五六七八九]"
_PERIOD = re.compile(
    rf"(?<!{_DIGIT})({_DIGIT}{{4}})年(?:0?1|一)月(?:0?1|一)日(?:0时)?(?:起|开始)?[,(]?(?:至|到|截至|截止|[-—~])+"
    rf"(?:({_DIGIT}{{4}})年)?(?:12|十二)月(?:31|三十一)日"
)
_SIGNED = re.compile(
    rf"(\D{{0,40}}?)({_DIGIT}{{4}})年([\d一二三四五六七八九十]{{1,3}})月.{{1,3}}日"
)
_YEAR_HEAD = re.compile(rf"\(?(?:{_DIGIT}{{4}})年度?\)?")
_TABLE_NAME = re.compile(r"统计表|情况表|一览表|统计数据|^\(.*年度?\)$")

_SENTENCE = re.compile("[。;,]")


@dataclass(frozen=True, slots=True)
class Said:
    """One statement: what, by whom (`title`, `period`, `PubDate` ...) and in which words."""

    value: str
    source: str
    text: str

    @property
    def evidence(self) -> str:
        """Source and words, for whoever doubts the value."""
        return f"{self.source}: {self.text[:80]}" if self.text else self.source


@cache
def words() -> Mapping[str, tuple[str, ...]]:
    """The word lists of identity.toml."""
    path = Path(__file__).with_name("identity.toml")
    lists = tomllib.loads(path.read_text("utf-8"))
    return {key: tuple(value.split()) for key, value in lists.items()}


def years(
    document: Document, named: Sequence[Named], told: Sequence[Said], tables: Sequence[int]
) -> list[Said]:
    """Every printed report year, in the order of trust; `told`: the period of the text."""
    found = [
        Said(str(each.judged.year), each.source, each.text)
        for each in named
        if each.judged.year and each.is_full
    ]
    column = document.meta("ColumnName")
    if year := year_in(squeeze(column)):
        found.append(Said(str(year), "ColumnName", column))
    found += [*told, *_table_heads(document, tables)]
    return found or _weakly_named(named)


def _weakly_named(named: Sequence[Named]) -> list[Said]:
    """宿迁市2024年年报 prints its year, though it does not say of what it is the report."""
    weak = [each for each in named if each.judged.kind == "weak" and each.source != "list"]
    return [Said(str(one.judged.year), one.source, one.text) for one in weak if one.judged.year][:1]


def published(document: Document, hints: Hints, lines: str) -> Said:
    """The date of publication as the page, else the list, prints it; never from a URL."""
    if day := iso_date(document.meta("PubDate")):
        return Said(day, "PubDate", document.meta("PubDate"))
    for label in _printed("published", lines):
        found = re.search(rf"{_labelled(label)}{_DAY}", lines)
        if found and (day := iso_date(found[0])):
            return Said(day, label, found[0])
    if day := iso_date(hints.published):
        return Said(day, "list", hints.published)
    return Said("", "", "")


def iso_date(text: str) -> str:
    """YYYY-MM-DD of the first real date in `text`, "" without one; the time of day is dropped."""
    for year, month, day in re.findall(rf"(?<!\d){_DAY}", text):
        try:
            found = date(int(year), int(month), int(day))
        except ValueError:
            continue
        if 2000 <= found.year < 2100:
            return found.isoformat()
    return ""


def labelled_body(lines: str) -> Said:
    """发布机构：吉安市人民政府办公室, in a line or in a table of metadata."""
    for label in _printed("bodies", lines):
        found = re.search(rf"{_labelled(label)}([^\s:：|]+)", lines)
        if found and (agency := body_in(squeeze(found[1]))):
            return Said(agency, label, found[0])
    return Said("", "", "")


def signature(blocks: Sequence[Block]) -> tuple[Said, Said]:
    """Body and year of the last signed date: 吉安市人民政府 / 二〇一八年三月二十日."""
    for place in range(len(blocks) - 1, -1, -1):
        if len(blocks[place].text) > 2 * _SHORT or "月" not in blocks[place].text:
            continue
        text = squeeze(blocks[place].text)
        found = _SIGNED.fullmatch(text)
        if not found or not (year := number(found[2])):
            continue
        if found[1] and not body_in(found[1]):
            continue
        above = squeeze(blocks[place - 1].text) if place else ""
        agency = body_in(found[1]) or (body_in(above) if len(above) <= _SHORT else "")
        return Said(agency, "signature", above or text), Said(str(year), "signature", text)
    return Said("", "", ""), Said("", "", "")


def opening(blocks: Sequence[Block]) -> str:
    """The first sentences of prose, where a report says for whom it speaks."""
    prose = (squeeze(block.text) for block in blocks if len(block.text) >= 20)
    return "\n".join(islice(prose, 8))[:3000]


def periods(blocks: Sequence[Block]) -> list[Said]:
    """统计期限自2017年1月1日至12月31日; several different periods say nothing."""
    found: dict[int, Said] = {}
    for block in blocks:
        if "月" not in block.text:
            continue
        for hit in _PERIOD.finditer(squeeze(block.text)):
            year = number(hit[1])
            if year and (not hit[2] or number(hit[2]) == year):
                found.setdefault(year, Said(str(year), "period", hit[0]))
    return list(found.values()) if len(found) == 1 else []


def _table_heads(document: Document, tables: Sequence[int]) -> list[Said]:
    """A year over the tables of figures: in a caption, a head cell, or the line above."""
    wanted = set(tables) if tables else set(range(len(document.grids)))
    texts = [
        squeeze(block.text)
        for place, block in enumerate(document.blocks)
        if block.before in wanted and len(block.text) <= _SHORT and _last_before(document, place)
    ]
    texts = [text for text in texts if _TABLE_NAME.search(text) and not _SENTENCE.search(text)]
    for grid in document.grids:
        if grid.index in wanted:
            cells = (squeeze(cell.text) for cell in grid.cells if cell.row < 3)
            texts += [text for text in cells if _YEAR_HEAD.fullmatch(text)]
            texts += [squeeze(grid.caption or "")]
    found = {year: text for text in texts if (year := year_in(text))}
    return [Said(str(y), "table head", t) for y, t in found.items()] if len(found) == 1 else []


def _last_before(document: Document, place: int) -> bool:
    """Whether the block is among the last three above its table."""
    blocks = document.blocks
    behind = blocks[place + 3] if place + 3 < len(blocks) else None
    return behind is None or behind.before != blocks[place].before


def short_lines(document: Document) -> str:
    """Lines that may be metadata: short blocks, and rows of small tables, bars between cells."""
    lines = [" ".join(b.text.split()) for b in document.blocks if len(b.text) <= 4 * _SHORT]
    for grid in document.grids:
        if grid.n_rows <= 12:
            rows = (" | ".join(cell.text for cell in row) for row in grid.rows())
            lines += [" ".join(row.split()) for row in rows]
    return "\n".join(lines)


def _printed(kind: str, lines: str) -> Iterator[str]:
    """The labels of that kind whose characters are all there, best first."""
    return (label for label in words()[kind] if all(char in lines for char in label))


@cache
def _labelled(label: str) -> str:
    """A label, perhaps with blanks between its characters (发 布 日 期), and what divides it."""
    # a pattern that begins with a character is found ten times faster than one that looks back
    first, rest = label[0], label[1:]
    return rf"{first}(?<![一-鿿]{first})" + "".join(f" *{each}" for each in rest) + r"[ :：|】\]]*"
