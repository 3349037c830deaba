"""What a page says of itself, and where: titles, years, bodies and dates as printed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from .model import Block, Document, Grid, Hints
from .titles import Title, body_in, judge, number, squeeze, year_in

_HEAD = 30  # blocks in which a title may stand; a page without tables is mostly prose
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
_BLANK = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])|\s+(?=\s)")
_FURNITURE = re.compile("^[上下]一|>>|位置:|首页")  # neighbours and breadcrumbs are no titles
_RANK = {"report": 3, "revised": 3, "cover": 2, "weak": 1, "other": 0}


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


@dataclass(frozen=True, slots=True)
class Named:
    """A candidate for the title and its judgement."""

    text: str
    source: str
    judged: Title

    @property
    def rank(self) -> int:
        return 2 * _RANK[self.judged.kind] + bool(self.judged.year)


@cache
def words() -> Mapping[str, tuple[str, ...]]:
    """The word lists of identity.toml."""
    path = Path(__file__).with_name("identity.toml")
    lists = tomllib.loads(path.read_text("utf-8"))
    return {key: tuple(value.split()) for key, value in lists.items()}


def titles(document: Document, hints: Hints) -> list[Named]:
    """Candidates for the title, the most trusted first; what the list said comes last."""
    column = document.meta("ColumnName") or document.meta("ColumnType")
    found = [("ArticleTitle", document.meta("ArticleTitle"))]
    found += [("heading", text) for text in _headings(document.blocks)]
    found += [("page title", document.title)]
    found += [("table title", text) for text in _table_titles(document.grids)]
    found += [("list", hints.title)]
    return [
        Named(_BLANK.sub("", text.strip()), source, judge(text, column=column))
        for source, text in found
        if text.strip()
    ]


def best_title(named: Sequence[Named]) -> Named | None:
    """The first that names a report best; a text cut by the list gives way to the whole."""
    best = max(named, key=lambda each: each.rank, default=None)
    if best is None:
        return None
    stem = squeeze(best.text).rstrip(".…")
    if stem == squeeze(best.text):
        return best
    whole = (n for n in named if squeeze(n.text).startswith(stem) and n.rank and n is not best)
    return next(whole, best)


def years(document: Document, named: Sequence[Named], tables: Sequence[int]) -> list[Said]:
    """Every printed report year, in the order of trust."""
    found = [
        Said(str(each.judged.year), each.source, each.text)
        for each in named
        if each.judged.year and each.rank > 3 and each.source != "list"
    ]
    column = document.meta("ColumnName")
    if year := year_in(squeeze(column)):
        found.append(Said(str(year), "ColumnName", column))
    return [*found, *_periods(document.blocks), *_table_heads(document, tables)]


def published(document: Document, hints: Hints) -> Said:
    """The date of publication as the page, else the list, prints it; never from a URL."""
    if day := iso_date(document.meta("PubDate")):
        return Said(day, "PubDate", document.meta("PubDate"))
    lines = _short_lines(document)
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


def labelled_body(document: Document) -> Said:
    """发布机构：吉安市人民政府办公室, in a line or in a table of metadata."""
    lines = _short_lines(document)
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
    prose = [squeeze(block.text) for block in blocks if len(block.text) >= 20 and not block.before]
    return "\n".join(prose[:8])[:3000]


def _headings(blocks: Sequence[Block]) -> Iterator[str]:
    """Headings first, then short lines near the top or right above a table, joined where torn."""
    marked = [block.text for block in blocks if re.fullmatch(r"h[1-4]", block.tag)]
    yield from (text for text in marked if len(squeeze(text)) <= 2 * _SHORT)
    for place, block in enumerate(blocks):
        if "公开" not in block.text.replace(" ", "") or len(block.text) > 4 * _SHORT:
            continue
        text = squeeze(block.text)
        if block.tag in ("li", "a") or len(text) > _SHORT or _FURNITURE.search(text):
            continue
        if place >= _HEAD and not _above_table(blocks, place):
            continue
        if judge(text).kind in ("report", "revised", "cover"):
            above = squeeze(blocks[place - 1].text) if place else ""
            if len(above) < 30 and (
                body_in(above) or re.fullmatch(rf".*{_DIGIT}{{4}}年度?", above)
            ):
                yield blocks[place - 1].text + block.text
            yield block.text


def _above_table(blocks: Sequence[Block], place: int) -> bool:
    """Whether one of the next three blocks stands behind a table that this one stands before."""
    return any(block.before > blocks[place].before for block in blocks[place + 1 : place + 4])


def _table_titles(grids: Sequence[Grid]) -> Iterator[str]:
    """Captions, and a first row of one cell: tables often carry the title of the report."""
    for grid in grids:
        if grid.caption:
            yield grid.caption
        first = [cell.text for cell in grid.rows()[0] if cell.text] if grid.n_rows else []
        if len(first) == 1 and len(squeeze(first[0])) <= _SHORT:
            yield first[0]


def _periods(blocks: Sequence[Block]) -> list[Said]:
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
    texts = [text for text in texts if _TABLE_NAME.search(text)]
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


def _short_lines(document: Document) -> str:
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
    return r"(?<![一-鿿])" + " *".join(label) + r"[ :：|】\]]*"
