"""Families of content systems; which one a page shows is told by the signs of `signs.toml`."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

from .base import Family, Listing
from .finecms import FineCms
from .generic import Generic
from .presets import PRESETS
from .trs import Trs

__all__ = ["FAMILIES", "Family", "Listing", "sniff"]

_ENOUGH = 3  # a lower sum is no proof
FAMILIES: dict[str, Family] = {
    family.name: family for family in (FineCms(), Trs(), *PRESETS, Generic())
}


def sniff(text: str, url: str) -> Family:
    """The family with the weightiest signs; generic when they prove nothing."""
    sums: Counter[str] = Counter()
    for family, weight, patterns in _signs():
        sums[family] += weight * sum(bool(p.search(text) or p.search(url)) for p in patterns)
    [(best, weight)] = sums.most_common(1)
    return FAMILIES[best if weight >= _ENOUGH else "generic"]


@cache
def _signs() -> tuple[tuple[str, int, tuple[re.Pattern[str], ...]], ...]:
    data = tomllib.loads(Path(__file__).with_name("signs.toml").read_text("utf-8"))
    return tuple(
        (one["family"], one["weight"], tuple(map(re.compile, one["patterns"])))
        for one in data["sign"]
    )
