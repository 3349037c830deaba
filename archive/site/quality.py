"""Quality: how far the numbers can be trusted, by form, portal and year."""

from __future__ import annotations

from collections.abc import Sequence

from archive.site.asking import Ask, Page, Row

SUMS = (
    "sum(reports) AS reports, sum(cells) AS cells, sum(numbers) AS numbers, sum(leftovers) AS "
    "leftovers, sum(warned) AS warned, sum(scanned) AS scanned, sum(held) AS held, "
    "sum(broken) AS broken, sum(undecided) AS undecided"
)


def page(ask: Ask) -> Page:
    """Rates with their base beside them."""
    return Page(
        template="quality.html",
        values={
            "whole": ask.row(f"SELECT {SUMS} FROM quality"),
            "tables": [(name, _by(ask, name)) for name in ("form", "year", "portal")],
            "identities": ask.rows(
                "SELECT * FROM identities ORDER BY broken * 1.0 / max(held + broken, 1) DESC, "
                "held DESC LIMIT 60"
            ),
            "problems": ask.rows(
                "SELECT code, severity, count(*) AS found FROM problems "
                "GROUP BY code, severity ORDER BY found DESC"
            ),
            "rate": rate,
        },
    )


def _by(ask: Ask, name: str) -> Sequence[Row]:
    return ask.rows(
        f"SELECT {name} AS name, {SUMS} FROM quality GROUP BY {name} ORDER BY {name} DESC LIMIT 60"
    )


def rate(row: Row) -> float | None:
    """Held among decided; nothing where nothing was decided."""
    decided = (row["held"] or 0) + (row["broken"] or 0)
    return row["held"] / decided if decided else None
