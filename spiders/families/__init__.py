"""Families of content systems, in the order in which a page is tried for their signs."""

from __future__ import annotations

from .base import Family, Listing
from .finecms import FineCms
from .generic import Generic
from .trs import Trs

__all__ = ["FAMILIES", "Family", "Listing", "sniff"]

FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (FineCms(), Trs(), Generic())  # generic fits everything
}


def sniff(text: str, url: str) -> Family:
    """The first family whose signs the page shows; generic when it shows none."""
    return next(family for family in FAMILIES.values() if family.fits(text, url))
