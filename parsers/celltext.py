"""What a flow displays, line by line: inline tags never separate, blocks and <br> always do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .flow import Flow, Raise, unfolded
from .furniture import FENCE

SPACES = re.compile("[ \t\r\n\f]+")
EDGES = (
    " \t\r\n\f\v\xa0\xad\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)


@dataclass(slots=True)
class Lines:
    """Displayed lines: whole, and without raised runs; the raised runs by themselves."""

    whole: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    _line: list[str] = field(default_factory=list)
    _bare: list[str] = field(default_factory=list)

    def add(self, text: str, *, raised: bool) -> None:
        """Text of the current line."""
        self._line.append(text)
        (self.marks if raised else self._bare).append(text)

    def end(self) -> None:
        """The line is over."""
        if not self._line:
            return
        text, bare = trimmed(self._line), trimmed(self._bare)
        if text:
            self.whole.append(text)
        if bare:
            self.plain.append(bare)
        self._line, self._bare = [], []


def trimmed(parts: Sequence[str]) -> str:
    """Source white space collapsed as a browser does, outer blanks of every kind off."""
    text = parts[0] if len(parts) == 1 else "".join(parts)
    return _collapsed(text).strip(EDGES)


def _collapsed(text: str) -> str:
    """White space as a browser shows it; most text has none to change, as five quick looks tell."""
    if "  " in text or "\n" in text or "\t" in text or "\r" in text or "\f" in text:
        return SPACES.sub(" ", text)
    return text


def printed_lines(parts: Sequence[str]) -> list[str]:
    """The lines of a run of text, the empty ones left out."""
    text = parts[0] if len(parts) == 1 else "".join(parts)
    if FENCE not in text:
        return [line] if (line := trimmed((text,))) else []
    return [line for part in _collapsed(text).split(FENCE) if (line := part.strip(EDGES))]


def lines_of(flow: Flow) -> Lines:
    """The lines of a cell; data tables inside it are left out."""
    lines = Lines()
    raised = 0
    for item in unfolded(flow):
        if isinstance(item, str):
            for number, part in enumerate(item.split(FENCE)):
                if number:
                    lines.end()
                lines.add(part, raised=raised > 0)
        elif isinstance(item, Raise):
            raised += 1 if item.on else -1
        else:
            lines.end()
    lines.end()
    return lines
