"""What a pager is: it reads one page of a column and names the requests for the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

MAX_PAGES = 200  # of one column; an annual column has one or two
NEXT = ("下一页", "下页", "后一页")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """The request for one page of a column; `number` is the page as a person counts."""

    url: str
    number: int
    method: str = "GET"
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a column as it came."""

    url: str
    text: str
    number: int = 1
    method: str = "GET"
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """How a page turns. What the page promises and what it says it is are kept for the checks."""

    asks: tuple[Ask, ...] = ()
    promised: int | None = None  # rows in the whole column
    pages: int | None = None
    echo: int | None = None  # the page number that the answer itself names
    guess: bool = False  # the asks are tried; a browser, where there is one, draws the list too
    drawn: bool = False  # rows stand here, the others are drawn by a script that we cannot follow


class Pager(Protocol):
    """One way of turning pages."""

    @property
    def name(self) -> str: ...

    def turn(self, page: Page) -> Turn | None:
        """None when this page does not turn this way."""


def others(pages: int, here: int) -> tuple[int, ...]:
    """The page numbers still to ask for, within the bound."""
    last = min(pages, MAX_PAGES)
    return tuple(number for number in range(2, last + 1) if number != here)
