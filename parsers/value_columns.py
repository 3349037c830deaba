"""Which of several value columns of section S speaks for the report."""

from __future__ import annotations

from collections.abc import Sequence

from .harvest import Harvest
from .model import FormId
from .strips import Strip
from .words import (
    head,
    is_foreign,
    is_of_another_year,
    is_second,
    is_whole,
    names_years,
    period,
)

Columns = dict[int, str]  # slot -> column id


def choose_columns(
    form_id: FormId, strips: Sequence[Strip], report_year: int | None, harvest: Harvest
) -> dict[int, Columns]:
    """For each strip (by identity) the value slots to read; the others are left over."""
    chosen: dict[int, Columns] = {}
    most = max((len(strip.values) for strip in strips), default=0) if form_id == "2008" else 0
    for strip in strips:
        if id(strip) in chosen:
            continue
        pick = _periods if form_id == "2008" else _single
        columns = pick(strip, report_year)
        if len(columns) < most and not strip.head(min(strip.values)):
            columns = {}  # a piece without heads that lost a column says not which
        chosen[id(strip)] = columns
        for col, name in columns.items():
            _doubt_head(strip, col, name, report_year, harvest)
        if not columns:
            heads = " | ".join(strip.head(col) or "-" for col in strip.values)
            harvest.warn("value-columns", strip.table, heads=heads)
    return chosen


def _doubt_head(
    strip: Strip, col: int, name: str, report_year: int | None, harvest: Harvest
) -> None:
    """The only column there is may be last year's, or no count of the year at all."""
    head_text = strip.head(col)
    if is_of_another_year(head_text, report_year):
        fields = {"chosen": f"the report is of {report_year}", "others": f"its column {head_text}"}
        harvest.warn("year-differs", strip.table, **fields)
    elif (
        is_foreign(head_text)
        or names_years(head_text)
        or (not name and period(head_text) == "cumulative")
    ):
        harvest.warn("value-columns", strip.table, heads=head_text)


def _current(strip: Strip, report_year: int | None) -> list[int]:
    """Value slots without those of another time and those of no count, as long as any remain."""
    heads = {col: strip.head(col) for col in strip.values}
    own = [
        col
        for col, text in heads.items()
        if not is_of_another_year(text, report_year) and not is_foreign(text)
    ]
    return own or strip.values


def _periods(strip: Strip, report_year: int | None) -> Columns:
    """Form 2008: heads name the period; a lone column is the year's."""
    slots = _current(strip, report_year)
    named = {col: period(strip.head(col)) for col in slots}
    known = {col: name for col, name in named.items() if name and name != "another"}
    if len(slots) == 1:
        return known or {slots[0]: "annual"}
    return known if len(set(known.values())) == len(known) == len(slots) else {}


def _single(strip: Strip, report_year: int | None) -> Columns:
    """Form 2014: the consolidated column beside its parts, the year's beside the cumulative."""
    slots = _current(strip, report_year)
    if len(slots) > 1:
        slots = [c for c in slots if period(strip.head(c)) != "cumulative"] or slots
    if len(slots) > 1:
        slots = _speaking(slots, strip)
    return {slots[0]: ""} if len(slots) == 1 else {}


def _speaking(slots: list[int], strip: Strip) -> list[int]:
    """The consolidated column, else the plain one; all of them where one contradicts that."""
    heads = {col: strip.head(col) for col in slots}
    whole = [col for col in slots if is_whole(heads[col])]
    plain = [col for col in slots if head(heads[col]) == "value"]
    if any(is_second(heads[col]) for col in slots) or (whole and set(plain) - set(whole)):
        return slots
    return whole if len(whole) == 1 else plain if len(plain) == 1 else slots
