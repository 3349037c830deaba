"""Lines outside tables to paragraphs; page numbers and running heads are furniture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from parsers.radicals import fold_radicals

from .pages import Sheet
from .words import Line

_MARGIN = 0.1  # of the page's height, above and below
_PAGE_NUMBER = re.compile(r"[-—–－\s第页/／共of]*\d{1,4}[-—–－\s第页/／共of\d]*")


def furniture(pages: Sequence[tuple[Sheet, Sequence[Line]]]) -> set[str]:
    """Texts that stand in the margin of most pages."""
    seen: Counter[str] = Counter()
    for page, lines in pages:
        seen.update({line.text.strip() for line in lines if _in_margin(page, line)})
    return {text for text, count in seen.items() if count > 2 and count * 2 > len(pages)}


def is_furniture(page: Sheet, line: Line, repeated: set[str]) -> bool:
    """A page number or a running head."""
    text = line.text.strip()
    if not _in_margin(page, line):
        return False
    return text in repeated or _PAGE_NUMBER.fullmatch(text) is not None


def paragraphs(lines: Sequence[Line], left: float, right: float) -> Iterator[str]:
    """Lines joined where the text runs on to the right edge of the page's text."""
    if not lines:
        return
    current = ""
    last: Line | None = None
    for line in sorted(lines, key=lambda line: line.top):
        if last is not None and not _runs_on(last, line, left, right):
            yield current
            current = ""
        current += line.text.strip()
        last = line
    yield current


def _runs_on(last: Line, line: Line, left: float, right: float) -> bool:
    is_full = last.x1 > right - 2.5 * last.size
    is_indented = line.x0 > left + 1.2 * line.size
    is_same_type = abs(line.size - last.size) < 0.1 * last.size
    is_near = line.top - last.bottom < 2.5 * last.size
    return is_full and is_same_type and is_near and not is_indented


def displayed(text: str) -> str:
    """Prose with ordinary characters for radicals."""
    return fold_radicals(text)


def _in_margin(page: Sheet, line: Line) -> bool:
    return line.bottom < _MARGIN * page.height or line.top > (1 - _MARGIN) * page.height
