"""What a style must be able to write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from spiders.simulator.model import Rows, Td


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """`article` wraps the finished body; the rest writes its pieces."""

    table: Callable[[Rows], str]
    paragraph: Callable[[str], str]
    heading: Callable[[str], str]
    article: Callable[[str], str]


def joined(text: str) -> str:
    """The text without its break marks, escaped."""
    return escape(text.replace("|", ""), quote=False)


def lines(text: str) -> list[str]:
    """The text cut at its break marks, escaped."""
    return [escape(line, quote=False) for line in text.split("|")]


def spans(td: Td) -> str:
    """The span attributes of a cell, quoted, with a leading blank."""
    names = (("colspan", td.colspan), ("rowspan", td.rowspan))
    return "".join(f' {name}="{size}"' for name, size in names if size > 1)


def same(body: str) -> str:
    return body
