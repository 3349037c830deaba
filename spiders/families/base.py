"""What a family of content systems is: how to know it, how it turns pages, how it lists rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from parsers.answers import item_rows, json_rows, markup, script_rows
from parsers.listing import rows
from parsers.model import RENDER, Candidate
from spiders.pagers import PAGERS, Page, Pager, Turn

# What any page may have besides, whatever its family.
PLAIN = tuple(PAGERS[name] for name in ("next", "numbered", "controls", "called"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a column, read: its rows and how it turns."""

    rows: tuple[Candidate, ...]
    turn: Turn


class Family:
    """The preset of one family; a subclass changes what differs."""

    name: ClassVar[str]
    pagers: ClassVar[tuple[Pager, ...]] = ()
    headers: ClassVar[Mapping[str, str]] = MappingProxyType(
        {}
    )  # that its own script sends with a POST

    def rows(self, page: Page, column: str) -> tuple[Candidate, ...]:
        """Rows of the page; `column` is the name of the column they stand in."""
        answered = json_rows(page.text, page.url, column) or item_rows(page.text, page.url, column)
        if answered:
            return answered
        shown = rows(markup(page.text), page.url, column)
        known = {row.url for row in shown}
        carried = script_rows(page.text, page.url, column)
        return (*shown, *(row for row in carried if row.url not in known))

    def read(self, page: Page, column: str, pager: Pager | None = None) -> Listing:
        """ValueError when the page is not the list it should be."""
        own = (PAGERS["clicks"],) if page.method == RENDER else (*self.pagers, *PLAIN)
        pagers = (pager,) if pager else own
        turns = (candidate.turn(page) for candidate in pagers)
        turn = next((found for found in turns if found is not None), Turn())
        return Listing(rows=self.rows(page, column), turn=turn)
