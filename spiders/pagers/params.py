"""The page number among the pairs of a query or a form, under whatever name it has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from selectolax.lexbor import LexborNode

_NAMES = re.compile(
    r"(?:page|pageno|pagenum|pagenumber|pageindex|curpage|cur_page|currpage|currentpage|current|p)",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"['\"]?(\w+)['\"]?\s*:\s*(?:'([^'\n]*)'|\"([^\"\n]*)\"|(-?\d+(?:\.\d+)?|true|false))"
)


def pairs_in(source: str) -> list[tuple[str, str]]:
    """The plain pairs of an object in a script."""
    return [(name, next(filter(None, values), "")) for name, *values in _PAIR.findall(source)]


def fields_of(nodes: Iterable[LexborNode]) -> dict[str, str]:
    """The named fields among inputs, with what they send."""
    pairs = ((node.attributes.get("name"), node.attributes.get("value")) for node in nodes)
    return {name: value or "" for name, value in pairs if name}


def number_in(query: str) -> int | None:
    """The page that a query asks for; None where it names none."""
    for name, value in _split(query):
        if _NAMES.fullmatch(name) and value.isdecimal():
            return int(value)
    return None


def with_number(query: str, number: int) -> str:
    """The same query for another page; every other pair stays as it is written."""
    pairs = _split(query)
    named = next((name for name, _ in pairs if _NAMES.fullmatch(name)), None)
    if named is None:
        return "&".join(filter(None, [query, f"page={number}"]))
    return "&".join(
        f"{name}={quote(str(number)) if name == named else value}" for name, value in pairs
    )


def _split(query: str) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (p.partition("=") for p in query.split("&") if p)]
