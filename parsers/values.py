"""What a value cell claims: a number, or one of the ways of printing none.

Nothing is folded as a whole (NFKC would turn `18③` into 183): only full-width digits, signs and
separators are, after note marks have come off.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from .frozen import dataclass
from .model import Cell, State
from .text import BLANK, INVISIBLE
from .words import UNITS_AFTER_NUMBERS

SLASH = re.compile(r"^[/／∕⁄\\＼]+$")
DASH = re.compile("^[-‐‑‒–—―−─━﹣－⸺⸻ー_＿]+$")
NONE = re.compile("^[(（]?无[)）]?[。.]?$")
DIGITS = str.maketrans("０１２３４５６７８９，．＋－−﹣", "0123456789,.+---")
MARKS = re.compile(
    f"[①-⑳⑴-⒇❶-❿➀-➓⓪⁰¹²³⁴-⁹※＊*†‡#]+(?=(?:{UNITS_AFTER_NUMBERS})?$)"
)  # before or behind the unit
NUMBER = re.compile(
    r"^(?P<sign>[+-]?)(?P<digits>\d+|\d{1,3}(?:,\d{3})+)(?P<decimals>\.\d+)?"
    rf"(?:[(（]?(?P<unit>{UNITS_AFTER_NUMBERS})[)）]?)?$"
)
STRAY = re.compile(rf"(?<=\d)((?:{UNITS_AFTER_NUMBERS})?)[.,，。;；、·]$")
GROUPS = re.compile(r"^[+-]?\d{1,3}(?: \d{3})+$")
LOOKS_NUMERIC = re.compile(
    r"[0-9０-９①-⑳⒈-⒛㈠-㈩㉑-㉟㊱-㊿一二两三四五六七八九十廿卅百千〇零壹贰叁肆伍陆柒捌玖拾佰仟½⅓¼¾]"
    r"|^[OoIl|○◯]+$|^#{2,}$"  # a column of a sheet too narrow for its numbers
)
TURNED = "\u202d\u202e"  # what follows is displayed from right to left, or forced not to be
LONGEST = 12  # digits; a longer run is a code or several cells run together
MOBILE = re.compile(r"^1[3-9]\d{9}$")
DATE = re.compile(r"^20[0-3]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$")  # 20180115


@dataclass(frozen=True, slots=True)
class Value:
    """`problem` is the code of what was doubtful (empty: nothing); `note` of what was removed."""

    state: State
    value: Decimal | None = None
    unit: str = ""
    problem: str = ""
    note: str = ""
    sign: str = ""  # as printed: `+19` and `-0` are signed as well
    decimals: bool = False  # as printed: `19.0` has them


BLANK_VALUE = Value("blank")


def read_value(cell: Cell) -> Value:
    """The claim of a printed cell; superscript runs are note marks and never digits."""
    if cell.uncertain:
        return _uncertain(cell.plain or cell.text)
    return _claim(cell.plain, bool(cell.marks))


def _uncertain(plain: str) -> Value:
    """What is seen of the cell is not known: what its markup says, and never without a doubt."""
    value = _claim(plain, marked=False)
    code = "number-doubtful" if value.state == "number" else "unreadable-number"
    return replace(value, problem=code, note="")


@lru_cache(maxsize=32768)
def _claim(plain: str, marked: bool) -> Value:
    note = "note-mark" if marked else ""
    if any(mark in plain for mark in TURNED):
        return Value("text", problem="unreadable-number")
    lines = [line for line in map(_trim, plain.split("\n")) if line]
    if marked and not lines:
        return Value("text", problem="unreadable-number")
    if len(lines) > 1:
        return _of_lines(lines, note)
    return with_note(parse_value(lines[0]), note) if lines else BLANK_VALUE


def with_note(value: Value, note: str) -> Value:
    """`value`, remembering that a mark was taken off before reading."""
    return replace(value, note=note) if note else value


def _of_lines(lines: list[str], note: str) -> Value:
    """Two lines are one value only when the second is its unit: 14 over 9 is never 149."""
    if len(lines) == 2 and re.fullmatch(f"[(（]?(?:{UNITS_AFTER_NUMBERS})[)）]?", lines[1]):
        return with_note(parse_value(lines[0] + lines[1]), note)
    doubtful = any(LOOKS_NUMERIC.search(line) for line in lines)
    return Value("text", problem="unreadable-number" if doubtful else "")


def _trim(text: str) -> str:
    """What takes no room goes, blanks of every kind become one."""
    return BLANK.sub(" ", INVISIBLE.sub("", text)).strip()


@lru_cache(maxsize=16384)
def parse_value(text: str) -> Value:
    """The claim of one displayed line, outer blanks already trimmed."""
    if not text:
        return BLANK_VALUE
    drawn = text.replace(" ", "")  # — —
    if SLASH.match(drawn):
        return Value("slash")
    if DASH.match(drawn):
        return Value("dash")
    if NONE.match(text):
        return Value("none")
    return _number(text)


def _number(text: str) -> Value:
    stripped = MARKS.sub("", text).rstrip()
    note = "note-mark" if stripped != text and stripped else ""
    folded = (stripped or text).translate(DIGITS)
    if hit := NUMBER.match(folded.replace(" ", "") if _unit_apart(folded) else folded):
        return with_note(_matched(hit), note)
    return with_note(_helped(folded), note)


def _unit_apart(folded: str) -> bool:
    """A blank before the unit or after the sign is layout; a blank among digits is a doubt."""
    return " " in folded and not re.search(r"[\d.,] +[\d.,]", folded)


def _matched(hit: re.Match[str]) -> Value:
    digits = hit["digits"].replace(",", "")
    value = Decimal(digits + (hit["decimals"] or ""))
    if len(digits) > LONGEST:
        return Value("text", problem="unreadable-number")
    zeros = len(digits) > 1 and digits.startswith("0")
    odd = zeros or MOBILE.match(digits) or DATE.match(digits)
    value = -value if value and hit["sign"] == "-" else value
    doubt = "number-doubtful" if odd else ""
    decimals = hit["decimals"] is not None
    return Value("number", value, hit["unit"] or "", doubt, sign=hit["sign"], decimals=decimals)


def _helped(folded: str) -> Value:
    """Exactly one reading after a small repair: a number under a warning; otherwise text."""
    for candidate in (
        STRAY.sub(r"\1", folded),
        folded.replace(" ", "") if GROUPS.match(folded) else "",
    ):
        hit = NUMBER.match(candidate)
        if hit and candidate != folded:
            return replace(_matched(hit), problem="number-doubtful")
    doubtful = LOOKS_NUMERIC.search(folded)
    return Value("text", problem="unreadable-number" if doubtful else "")
