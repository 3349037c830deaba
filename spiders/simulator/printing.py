"""From numbers to what a page prints, and what that print claims."""

from __future__ import annotations

import re
from decimal import Decimal

from parsers.model import Section, State

from . import layouts
from .model import Key, Numbers, Plan, Printed

STATES: dict[str, State] = {"/": "slash", "／": "slash", "—": "dash", "——": "dash", "-": "dash"}
STATES |= {"－": "dash", "": "blank", "无": "none"}
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
KEEP_TOTALS = {"requests_new", "requests_carried_in", "outcomes_total", "requests_carried_out"}


def name_of(key: Key) -> str:
    """How data files name a cell: the indicator, with its column after a dot."""
    return ".".join(part for part in key if part)


def plan_keys(plan: Plan) -> list[tuple[Section, Key]]:
    """(section, key) of every value that the page prints, in printed order."""
    return [
        (section, key)
        for section in layouts.sections(plan.form)
        for key in layouts.keys(plan.form, section, plan.variant)
    ]


def raw_texts(plan: Plan, numbers: Numbers) -> dict[Key, str]:
    """The text of every value cell."""
    return {key: _raw(plan, key, numbers) for _, key in plan_keys(plan)}


def _raw(plan: Plan, key: Key, numbers: Numbers) -> str:
    name = name_of(key)
    if name in plan.cells:
        return plan.cells[name]
    if plan.blank_totals and key[1] == "total" and key[0] not in KEEP_TOTALS:
        return ""
    value = numbers[key] + plan.add.get(name, 0)
    return _number_text(value, plan.zeros) + plan.units.get(name, "")


def _number_text(value: Decimal, zero: str) -> str:
    return f"{value:f}" if value else zero


def value_of(raw: str, unit: str = "") -> tuple[str | None, State]:
    """What a careful person writes down for a printed text."""
    bare = raw.removesuffix(unit)
    if NUMBER.fullmatch(bare):
        return bare.removeprefix("+"), "number"
    return None, STATES.get(raw, "text")


def facts(plan: Plan, raw: dict[Key, str]) -> tuple[Printed, ...]:
    """The printed truth of one page."""
    found: list[Printed] = []
    for section, key in plan_keys(plan):
        value, state = value_of(raw[key], plan.units.get(name_of(key), ""))
        found.append(Printed(plan.form, section, *key, value, state))
    return tuple(found)
