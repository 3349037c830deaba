"""What the tests of the sample portals share."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from spiders.simulator import Truth, World


def report(world: World, agency: str, year: int, edition: str = "") -> Truth:
    found = [t for t in world.truth() if (t.agency, t.year, t.edition) == (agency, year, edition)]
    assert len(found) == 1
    return found[0]


def cells_of(html: str) -> list[str]:
    """Texts of the innermost cells in document order, without any white space."""
    tree = LexborHTMLParser(html)
    inner = [td for td in tree.css("td") if not td.css("table")]
    return [re.sub(r"\s", "", td.text(deep=True)) for td in inner]
