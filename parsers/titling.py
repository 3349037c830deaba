"""The title of a document that has no title element: its first line that names a report."""

from __future__ import annotations

from collections.abc import Sequence

from .model import Block, Grid
from .radicals import fold_radicals

_HEAD = 12  # blocks looked at: file numbers and letterheads may come first
_WORDS = ("报告", "年报", "统计表", "情况表")
_TITLE_LENGTH = 80


def title_of(blocks: Sequence[Block], grids: Sequence[Grid]) -> str:
    """One line, or up to three that belong together; "" when nothing looks like a title."""
    head = [fold_radicals(block.text) for block in blocks[:_HEAD]]
    for place, text in enumerate(head):
        if not _is_end(text):
            continue
        for start in range(max(place - 2, 0), place + 1):
            joined = "".join("".join(head[start : place + 1]).split())
            if "年" in joined and len(joined) <= _TITLE_LENGTH and _are_short(head[start:place]):
                return joined
        return "".join(text.split())
    return _first_cell(grids)


def _is_end(text: str) -> bool:
    """Whether a line could close a title."""
    squeezed = "".join(text.split())
    return len(squeezed) <= _TITLE_LENGTH and squeezed.rstrip("）)》").endswith(_WORDS)


def _are_short(lines: Sequence[str]) -> bool:
    return all(len(line) <= 40 and not line.rstrip().endswith(("。", "：", "；")) for line in lines)


def _first_cell(grids: Sequence[Grid]) -> str:
    """A table's own first row may be the title, alone in its row."""
    for grid in grids[:1]:
        first = [cell for cell in grid.rows()[0] if cell.text]
        if len(first) == 1 and any(word in first[0].text for word in _WORDS):
            return "".join(first[0].text.split())
    return ""
