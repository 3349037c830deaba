"""The words round the tables; their numbers come from the table or differ from it on purpose."""

from __future__ import annotations

import re
from decimal import Decimal
from random import Random

from .knowledge import load
from .model import Body, Disagreement, Numbers, Plan

SLOT = re.compile(r"\{([\w+]+)\}")
COLUMNS = ("", "annual", "total")  # where a bare indicator id is looked up


def lines(plan: Plan, body: Body, seed: int) -> list[str]:
    """The sentences of one report, with their slots still open."""
    if plan.script:
        return list(load(plan.script)["prose"])
    words = load("prose")
    rng = Random(f"{seed}/{body.id}/{plan.year}/prose")
    opening = words["opening"]["consolidated" if body.scope == "consolidated" else "own"]
    return [opening, *rng.choice(words[f"form{plan.form}"]["variants"])]


def filled(line: str, plan: Plan, body: Body, numbers: Numbers) -> str:
    """The line with every slot closed."""
    words = {
        "agency": body.name,
        "office": body.office,
        "year": str(plan.year),
        "next": str(plan.year + 1),
        "since": "5" if plan.year == 2008 else "1",  # the Regulation took effect in May 2008
    }
    return SLOT.sub(lambda slot: words.get(slot[1]) or told(slot[1], plan, numbers), line)


def told(expression: str, plan: Plan, numbers: Numbers) -> str:
    """The number that the prose tells for `a` or `a+b`."""
    names = expression.split("+")
    total = sum((_printed(name, plan, numbers) for name in names), Decimal(0))
    return f"{total + plan.disagrees.get(expression, 0):f}"


def disagreements(plan: Plan, numbers: Numbers) -> tuple[Disagreement, ...]:
    """Where the prose says something else than the table."""
    if plan.script:
        return tuple(Disagreement(*row) for row in load(plan.script)["disagreements"])
    return tuple(
        Disagreement(name, told(name, plan, numbers), f"{_printed(name, plan, numbers):f}")
        for name in plan.disagrees
    )


def _printed(name: str, plan: Plan, numbers: Numbers) -> Decimal:
    column = next(column for column in COLUMNS if (name, column) in numbers)
    return numbers[name, column] + plan.add.get(f"{name}.{column}".rstrip("."), 0)
