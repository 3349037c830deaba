"""What a page may be called: every place where a title stands, the most trusted first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .frozen import dataclass
from .model import Block, Document, Grid, Hints
from .titles import Title, body_in, judge, squeeze

_HEAD = 30  # blocks in which a title may stand; a page without tables is mostly prose
_SHORT = 60
_LEVELS = frozenset(("h1", "h2", "h3", "h4"))
_BLANK = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])|\s+(?=\s)")
_FURNITURE = re.compile(  # neighbours, breadcrumbs and links to other reports are no titles
    "^[上下]一|>>|位置:|首页|^(?:相关|延伸|推荐|热门|更多|往年|历年)"
)
_RANK = {"report": 3, "revised": 3, "cover": 2, "weak": 1, "other": 0}


@dataclass(frozen=True, slots=True)
class Named:
    """A candidate for the title and its judgement."""

    text: str
    source: str
    judged: Title

    @property
    def is_full(self) -> bool:
        """Whether the page itself prints it as the name of a report, or of its cover letter."""
        return self.judged.kind in ("report", "revised", "cover") and self.source != "list"

    @property
    def rank(self) -> int:
        """How well it names a report; with its year better than without."""
        return 2 * _RANK[self.judged.kind] + bool(self.judged.year)


def titles(document: Document, hints: Hints) -> list[Named]:
    """Candidates for the title, the most trusted first; what the list said comes last."""
    column = document.meta("ColumnName") or document.meta("ColumnType")
    found = [("ArticleTitle", document.meta("ArticleTitle"))]
    found += [("heading", text) for text in _headings(document.blocks)]
    found += [("page title", document.title)]
    found += [("table title", text) for text in _table_titles(document.grids) if _names(text)]
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


def _headings(blocks: Sequence[Block]) -> Iterator[str]:
    """Headings first, then short lines near the top or right above a table, joined where torn."""
    for block in blocks:
        level = block.tag
        if level not in _LEVELS or len(block.text) > 4 * _SHORT:
            continue
        if level in ("h1", "h2") or _names(block.text):
            yield block.text
    for place, block in enumerate(blocks):
        if not _may_be_title(block) or (place >= _HEAD and not _above_table(blocks, place)):
            continue
        if judge(block.text).kind in ("report", "revised", "cover"):
            above = blocks[place - 1].text if place else ""
            if _is_torn_off(squeeze(above)):
                yield above + block.text
            yield block.text


def _may_be_title(block: Block) -> bool:
    """Short lines that speak of disclosure, no menu, no breadcrumb, no neighbour's title."""
    if block.tag in ("li", "a") or len(block.text) > 4 * _SHORT:
        return False
    text = squeeze(block.text)
    return "公开" in text and len(text) <= _SHORT and not _FURNITURE.search(text)


def _is_torn_off(above: str) -> bool:
    """吉安市 or 2017年度 alone in the line above belongs to the title."""
    if len(above) >= _SHORT // 2:
        return False
    return bool(body_in(above) or re.fullmatch(r".*[\d〇○零一二三四五六七八九]{4}年度?", above))


def _names(text: str) -> bool:
    """Whether a text could be the title of a report: chapters and sections are none."""
    return judge(text).kind != "other"


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
