"""One cell of a spreadsheet as displayed, and what is said where that is not what is stored."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal

from parsers.content import EMPTY, Content, written
from parsers.model import Problem, Severity
from parsers.problems import problem

from .numfmt import Shown, Stored, is_date_code, show

_NO_ZEROS = "0;-0;"  # of a sheet that displays no zeros


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell as displayed; `is_framed` when it has a border of its own."""

    content: Content = EMPTY
    is_framed: bool = False
    notes: tuple[Problem, ...] = ()


def displayed(value: Stored, code: str, *, is_framed: bool, with_zeros: bool = True) -> SheetCell:
    """A stored value as its format displays it; a sheet may display no zeros."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not with_zeros and is_number and value == 0:
        code = _NO_ZEROS
    shown = show(value, code)
    return SheetCell(written(shown.text), is_framed, _value_notes(value, code, shown))


def crossed_out(value: object, *, is_framed: bool) -> SheetCell:
    """No value: a change by hand."""
    note = problem("tracked-changes", severity="warning", what=f"{value} is crossed out")
    return SheetCell(is_framed=is_framed, notes=(note,))


def white_on_white(cell: SheetCell) -> SheetCell:
    """Read all the same, under a warning: a rule of style may colour its ground."""
    if not cell.content.text:
        return cell
    what = f"{cell.content.text!r} is white on white"
    note = problem("hidden-content", severity="warning", what=what)
    return replace(cell, notes=(*cell.notes, note))


def _value_notes(value: Stored, code: str, shown: Shown) -> tuple[Problem, ...]:
    """Whether what is displayed says less, or something else, than what is stored."""
    if isinstance(value, (bool, str)) or value is None or shown.is_exact:
        return ()
    is_loud = shown.is_scaled or not isinstance(value, (int, float, Decimal)) or is_date_code(code)
    stored = str(value) if isinstance(value, (datetime.date, datetime.time)) else f"{value}"
    severity: Severity = "warning" if is_loud else "info"
    return (problem("format-doubtful", severity=severity, raw=stored, format=code),)
