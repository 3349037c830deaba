"""What happens to the numbers of a section before they are printed: the truth goes along."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from .printed import Printed, number
from .sheets import Sheet

Figures = Callable[[Sheet, random.Random], Sheet]


NOTHING = (Printed("", "blank"), Printed("/", "slash"), Printed("—", "dash"), number(0))


def _changed(sheet: Sheet, change: Callable[[tuple[str, str], Printed], Printed]) -> Sheet:
    return replace(sheet, values={at: change(at, value) for at, value in sheet.values.items()})


def sums_broken(sheet: Sheet, rng: random.Random) -> Sheet:
    """N1, N2: the source's own sums do not hold."""
    share = rng.choice((0.02, 0.1, 0.5))
    return _changed(
        sheet,
        lambda at, value: (
            number(rng.randint(0, 400))
            if value.state == "number" and rng.random() < share
            else value
        ),
    )


def totals_zero(sheet: Sheet, rng: random.Random) -> Sheet:
    """N3: totals left at 0."""
    return _changed(
        sheet,
        lambda at, value: number(0) if "total" in at[0] or "total" in at[1] else value,
    )


def only_totals(sheet: Sheet, rng: random.Random) -> Sheet:
    """T9: only the total column is filled."""
    return _changed(
        sheet, lambda at, value: value if at[1] in ("total", "") else Printed("", "blank")
    )


def no_totals(sheet: Sheet, rng: random.Random) -> Sheet:
    """T9: the total column is left blank."""
    return _changed(sheet, lambda at, value: Printed("", "blank") if at[1] == "total" else value)


def columns_empty(sheet: Sheet, rng: random.Random) -> Sheet:
    """Applicants that never applied: whole columns of nothing, one sign or 0."""
    columns = rng.sample(sheet.columns, rng.randint(1, max(1, len(sheet.columns) - 1)))
    sign = rng.choice(
        (Printed("", "blank"), Printed("/", "slash"), Printed("—", "dash"), number(0))
    )
    return _changed(sheet, lambda at, value: sign if at[1] in columns else value)


def all_alike(sheet: Sheet, rng: random.Random) -> Sheet:
    """Nothing happened: every cell the same sign."""
    sign = rng.choice(
        (Printed("", "blank"), Printed("/", "slash"), number(0), Printed("无", "none"))
    )
    return _changed(sheet, lambda at, value: replace(sign, doubtful=value.doubtful))


def units_in_cells(sheet: Sheet, rng: random.Random) -> Sheet:
    """T7: the unit behind the number."""
    units = {row.id: row.unit or rng.choice(("元", "万元")) for row in sheet.rows}
    share = rng.choice((0.1, 1.0))
    return _changed(
        sheet,
        lambda at, value: (
            Printed(value.text + units[at[0]], "number", value.value)
            if value.text.isdigit() and at[0] in units and rng.random() < share
            else value
        ),
    )


def signs(sheet: Sheet, rng: random.Random) -> Sheet:
    """T7: signs as clerks type them."""

    def change(at: tuple[str, str], value: Printed) -> Printed:
        if not at[0].endswith("_change") or value.value is None or not value.value:
            return value
        minus = rng.choice(("-", "−", "－", "﹣"))
        text = f"{rng.choice(('+', '＋', ''))}{value.value}" if value.value > 0 else (
            f"{minus}{-value.value}"
        )  # fmt: skip
        return Printed(text, "number", Decimal(value.value))

    return _changed(sheet, change)


BY_SECTION: dict[str, tuple[Figures, ...]] = {
    "A": (all_alike, units_in_cells, signs),
    "B": (
        sums_broken,
        totals_zero,
        only_totals,
        no_totals,
        columns_empty,
        all_alike,
        units_in_cells,
    ),
    "C": (sums_broken, totals_zero, all_alike, units_in_cells),
    "S": (),
}
