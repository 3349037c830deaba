"""The last answer kept: a document is asked the same thing several times while it is read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def last(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Call `function` again only when it is given other objects; the arguments are immutable."""
    kept: list[tuple[tuple[object, ...], Answer]] = []

    @wraps(function)
    def remembered(*args: Given.args, **named: Given.kwargs) -> Answer:
        now = (*args, *named.values())
        same = kept and len(kept[0][0]) == len(now)
        if same and all(old is new for old, new in zip(kept[0][0], now, strict=True)):
            return kept[0][1]
        answer = function(*args, **named)
        kept[:] = [(now, answer)]
        return answer

    return remembered
