"""Percentages of the text: tried over every base that reports use, to the printed digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import product

from parsers.model import Narrative
from parsers.settled import Figure, Table
from parsers.telling import Told

_SHARE = re.compile(
    r"[,、(]?占(?P<base>[^,;。%\d]*?)(?:比|比例|比重)?(?:为|达|:)*(?P<share>\d+(?:\.\d+)?)%"
)
_NAMED = re.compile(r"总|申请|答复|办结|办理")
_BASES = {
    "2014": ("replies_total", "requests_completed", "requests_received"),
    "2019": ("outcomes_total", "requests_new", "requests_new + requests_carried_in"),
    "2021": ("outcomes_total", "requests_new", "requests_new + requests_carried_in"),
}


def share(
    told: Told, indicator: str, table: Table, figures: tuple[Figure, ...]
) -> Narrative | None:
    """The percentage that follows a told number, when it fits or surely fits nothing.

    It disagrees only if its base is named and neither the told number nor any reading of it gives
    the percentage over any base; without a named base `agrees` is None. `printed` is then the
    percentage that the table gives.
    """
    hit = _SHARE.match(told.sentence.plain, told.end)
    bases = [table.figure(base) for base in _BASES.get(table.form, ())]
    if hit is None or told.group != "requests" or not bases:
        return None
    if indicator.startswith("requests"):
        bases = bases[1:] + bases[:1]  # shares of applicants are shares of what came in
    value = Decimal(hit["share"])
    numerators = [*figures, Figure(str(told.values[0]), told.values[0], True)]
    fitting = next(_fitting(value, numerators, bases), None)
    certain = all(figure.certain for figure in (*figures, *bases))
    if fitting is None and not (certain and told.sure):
        return None
    rival = False if _NAMED.search(hit["base"]) else None
    numerator, base = fitting or (figures[0], bases[0])
    return Narrative(
        indicator=indicator,
        value=value,
        printed=_percentage(figures[0], base, value),
        agrees=True if fitting is not None else rival,
        sentence=told.sentence.text,
        reading=f"100 * ({numerator.reading}) / ({base.reading})",
    )


def _fitting(
    value: Decimal, numerators: list[Figure], bases: list[Figure]
) -> Iterator[tuple[Figure, Figure]]:
    for numerator, base in product(numerators, bases):
        if numerator.value is not None and base.value:
            exact = 100 * numerator.value / base.value
            if value in {exact.quantize(value, way) for way in (ROUND_HALF_UP, ROUND_DOWN)}:
                yield numerator, base


def _percentage(numerator: Figure, base: Figure, digits: Decimal) -> Decimal | None:
    if not (numerator.certain and base.certain and base.value):
        return None
    return (100 * (numerator.value or 0) / base.value).quantize(digits, ROUND_HALF_UP)
