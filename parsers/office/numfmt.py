"""Spreadsheet number formats: what a stored value looks like in its cell.

A sheet stores 0.339 and shows 33.9%: printed is printed, so the shown form is the raw text.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

Stored = (
    int | float | Decimal | str | bool | datetime.date | datetime.time | datetime.timedelta | None
)

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<clock>AM/PM|A/P|上午/下午)|(?P<exponent>E[+-]0+)"
    r"|(?P<date>y+|m+|d+|h+|s+|e+|aaa+|g+)|(?P<digit>[0#?][0#?.,]*|\.[0#?]+)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_WEEKDAYS = "一二三四五六日"
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)")
_COMPARE = {"<": -1, ">": 1}


@dataclass(frozen=True, slots=True)
class Shown:
    """Displayed text; `is_exact` when it says the stored number in full.

    `is_scaled` when it shows another number: divided by thousands, or with a point put among its
    digits (`0!.0,"万"` shows 251000 as 25.1万).
    """

    text: str
    is_exact: bool = True
    is_scaled: bool = False


def show(value: Stored, code: str) -> Shown:
    """What a cell with that format displays."""
    if value is None:
        return Shown("")
    if isinstance(value, bool):
        return Shown(str(value).upper())
    if isinstance(value, str):
        return Shown(_show_text(value, code))
    if isinstance(value, (int, float, Decimal)):
        return _show_number(plain_decimal(value), code)
    return Shown(_show_date(value, code), is_exact=False)


def plain_decimal(value: float | Decimal) -> Decimal:
    """The 15 significant digits that spreadsheets keep."""
    return Decimal(format(value, ".15g"))


def is_date_code(code: str) -> bool:
    """Whether the first section of a format shows a date or a time."""
    matches = list(_TOKEN.finditer(code.split(";")[0]))
    elapsed = any(match["bracket"] and _ELAPSED.fullmatch(match["bracket"]) for match in matches)
    return elapsed or any(match["date"] for match in matches)


def _show_text(value: str, code: str) -> str:
    sections = code.split(";")
    if len(sections) == 4:
        return "".join(_literal(match, value) for match in _TOKEN.finditer(sections[3]))
    return value


def _show_number(value: Decimal, code: str) -> Shown:
    section, is_signed = _section(value, code)
    matches = list(_TOKEN.finditer(section))
    if not section.strip():
        return Shown("", is_exact=False)
    if any(match["date"] for match in matches) or _is_fraction(matches):
        return Shown(format(value, "f"), is_exact=False)
    size = value if is_signed else abs(value)
    if not any(match["digit"] for match in matches):
        has_value = any(match["general"] or match["other"] == "@" for match in matches)
        text = "".join(_literal(match, _general(size)) for match in matches)
        return Shown(text, is_exact=has_value)
    return _by_digits(size, matches)


def _section(value: Decimal, code: str) -> tuple[str, bool]:
    """The section for that value, and whether it prints the sign itself."""
    sections = code.split(";")[:3]
    for section in sections:
        found = _CONDITION.search(section.split("]")[0]) if section.startswith("[") else None
        if found and _meets(value, found[1], Decimal(found[2])):
            return section, True
    if value < 0 and len(sections) > 1:
        return sections[1], False
    if value == 0 and len(sections) > 2:
        return sections[2], True
    return sections[0], True


def _meets(value: Decimal, sign: str, bound: Decimal) -> bool:
    relation = (value > bound) - (value < bound)
    if relation == 0:
        return "=" in sign
    return sign == "<>" or _COMPARE.get(sign[0]) == relation


def _is_fraction(matches: list[re.Match[str]]) -> bool:
    return any(match["other"] == "/" for match in matches)


def _general(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _literal(match: re.Match[str], value: str) -> str:
    """What a token that is no digit placeholder prints."""
    if match["general"] or match["other"] == "@":
        return value
    if match["bracket"]:
        currency = re.match(r"\$([^-\]]*)", match["bracket"])
        return currency[1] if currency else ""
    return match["quoted"] or match["escaped"] or match["other"] or ""


def _by_digits(value: Decimal, matches: list[re.Match[str]]) -> Shown:
    """Digits by the placeholders, spread over their groups from the right."""
    groups = [match["digit"] for match in matches if match["digit"]]
    pattern = "".join(groups)
    exponent = any(match["exponent"] for match in matches)
    percents = sum(match["other"] == "%" for match in matches)
    whole, _, decimals = pattern.partition(".")
    thousands = len(pattern) - len(pattern.rstrip(","))
    scaled = value.scaleb(2 * percents - 3 * thousands)
    places = sum(mark in "0#?" for mark in decimals)
    if exponent:
        return Shown(f"{value:.{places}E}", is_exact=False)
    rounded = scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    digits = _digits(abs(rounded), whole, decimals, grouped="," in whole.rstrip(","))
    sign = "-" if rounded < 0 else ""
    parts = iter(_spread(digits, groups))
    text = "".join(next(parts) if match["digit"] else _literal(match, "") for match in matches)
    is_scaled = bool(thousands) or len(groups) > 1
    is_exact = rounded == scaled and bool(digits) and not is_scaled
    return Shown(sign + text.strip(), is_exact, is_scaled)


def _spread(digits: str, groups: list[str]) -> list[str]:
    """Each later group takes as many signs as it has placeholders, the first one takes the rest."""
    parts: list[str] = []
    for group in reversed(groups[1:]):
        count = len(group.rstrip(","))
        parts.insert(0, digits[-count:])
        digits = digits[:-count]
    return [digits, *parts]


def _digits(value: Decimal, whole: str, decimals: str, *, grouped: bool) -> str:
    head, _, tail = format(value, "f").partition(".")
    least = whole.count("0")
    head = (head.lstrip("0") or "").rjust(least, "0")
    if grouped and head:
        head = f"{int(head):,}".rjust(least, "0")
    kept = sum(mark == "0" for mark in decimals)
    while len(tail) > kept and tail.endswith("0"):
        tail = tail[:-1]
    has_point = "." in decimals or bool(decimals)
    return head + ("." + tail if has_point and (tail or decimals) else "")


def _show_date(value: datetime.date | datetime.time | datetime.timedelta, code: str) -> str:
    if isinstance(value, datetime.timedelta):
        return str(value)
    matches = list(_TOKEN.finditer(code.split(";")[0]))
    text = "".join(_date_part(value, match, place, matches) for place, match in enumerate(matches))
    return text or str(value)


def _date_part(
    value: datetime.date | datetime.time,
    match: re.Match[str],
    place: int,
    matches: list[re.Match[str]],
) -> str:
    part = (match["date"] or "").lower()
    if not part:
        return _literal(match, "") if not match["digit"] else ""
    if part.startswith("a") and isinstance(value, datetime.date):
        return _WEEKDAYS[value.weekday()]
    if part[0] == "m" and _is_minute(place, matches):
        return f"{getattr(value, 'minute', 0):0{min(len(part), 2)}}"
    name = {"y": "year", "e": "year", "m": "month", "d": "day", "h": "hour", "s": "second"}
    number = getattr(value, name.get(part[0], ""), 0)
    if part[0] == "y" and len(part) <= 2:
        return f"{number % 100:02}"
    return f"{number:0{min(len(part), 2)}}"


def _is_minute(place: int, matches: list[re.Match[str]]) -> bool:
    """An m after hours or before seconds counts minutes."""
    dates = [(each, (match["date"] or "").lower()) for each, match in enumerate(matches)]
    before = [part for each, part in dates if each < place and part]
    after = [part for each, part in dates if each > place and part]
    return bool(before and before[-1][0] == "h") or bool(after and after[0][0] == "s")
