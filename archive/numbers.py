"""Printed numbers in SQLite: a value to count with, and its exact text where that differs."""

from __future__ import annotations

from decimal import Decimal

Stored = int | float | None
MAX_INTEGER = 2**63 - 1


def stored(value: Decimal | None) -> Stored:
    """An integer stays one, so that 154 is never shown as 154.0."""
    if value is None:
        return None
    if value == value.to_integral_value() and abs(value) <= MAX_INTEGER:
        return int(value)
    return float(value)


def plain(value: Decimal) -> str:
    """Decimal text without exponent: 24252.311082, 154, 154.50."""
    return format(value, "f")


def shown(number: Stored) -> str:
    """The text that SQLite's number stands for by itself."""
    if number is None:
        return ""
    return str(number) if isinstance(number, int) else plain(Decimal(repr(number)))


def exact(value: Decimal | None) -> str | None:
    """The decimal text, when `stored` would not print as it."""
    if value is None:
        return None
    text = plain(value)
    return None if text == shown(stored(value)) else text


def restore(number: Stored, text: str | None) -> Decimal | None:
    """The value as it was read: the inverse of `stored` and `exact`."""
    if number is None:
        return None
    return Decimal(text) if text is not None else Decimal(repr(number))
