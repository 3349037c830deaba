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


BESIDE = frozenset(("beside", "hidden", "pale", "noted"))  # taken off what is read as the value
RUN = "\x1f"
NOTE = re.compile(r"^[\[(（〔［【]\D?\d{1,2}[\])）〕］】]$")  # in brackets: nothing but a note mark


@dataclass(slots=True)
class Lines:
    """Displayed lines: whole, and without raised runs; the raised runs by themselves.

    `veiled`: text that is not seen as written, by the kind of its veil.
    """

    whole: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    veils: list[str] = field(default_factory=list)
    veiled: dict[str, str] = field(default_factory=dict)
    _line: list[str] = field(default_factory=list)
    _bare: list[str] = field(default_factory=list)
    _gap: bool = False  # a picture stands behind a digit
    _pictured: bool = False

    def add(self, text: str) -> None:
        """Text of the current line."""
        self._line.append(text)
        for kind in self.veils:
            self.veiled[kind] = self.veiled.get(kind, "") + text.strip(EDGES)
        beside = not BESIDE.isdisjoint(self.veils)
        (self.marks if beside else self._bare).append(text)
        if self._gap and text.strip(EDGES):
            self._gap = False
            if text.lstrip(EDGES)[0].isdigit():
                self.veiled["drawn"] = ""

    def veil(self, item: Raise) -> None:
        """A run that is not seen as written begins or ends."""
        if item.veil == "between":
            self._pictured = True
            self._gap = trimmed(self._line or [""])[-1:].isdigit()
        elif item.veil in ("drawn", "generated"):
            self.veiled["drawn"] = ""
        elif item.on:
            self.veils.append(item.veil)
            self.veiled[item.veil] = self.veiled.get(item.veil, "") + RUN
        elif item.veil in self.veils:
            self.veils.remove(item.veil)

    def end(self) -> None:
        """The line is over."""
        self._gap = False
        if not self._line:
            return
        text, bare = trimmed(self._line), trimmed(self._bare)
        if text:
            self.whole.append(text)
        if bare:
            self.plain.append(bare)
        self._line, self._bare = [], []

    @property
    def uncertain(self) -> bool:
        """Whether digits of the cell may not be seen, or be seen elsewhere or otherwise."""
        if self._pictured and not self.whole:
            return True  # a picture alone may be one of a number
        return any(self._hides(kind, text) for kind, text in self.veiled.items())

    def _hides(self, kind: str, text: str) -> bool:
        if kind == "beside":
            return False
        if kind == "noted" and NOTE.match(text.strip(RUN)):
            return False
        if kind == "hidden" and _digits(text) == _digits("".join(self.plain)):
            return False  # the same number, for screen readers
        if kind in ("apart", "noted"):
            runs = [sum(map(str.isdigit, run)) for run in text.split(RUN)]
            whole = sum(map(str.isdigit, "".join(self.whole)))
            return sum(runs) > 0 and max(runs) < whole
        return bool(text.strip(RUN)) or kind == "drawn"


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


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
    for item in unfolded(flow):
        if isinstance(item, str):
            for number, part in enumerate(item.split(FENCE)):
                if number:
                    lines.end()
                lines.add(part)
        elif isinstance(item, Raise):
            lines.veil(item)
        else:
            lines.end()
    lines.end()
    return lines
