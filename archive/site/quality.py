"""Quality: how far the numbers can be trusted, by form, portal and year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archive.copying import COUNTED
from archive.site.asking import Ask, Page, Row

MOST = 60
# Portals are many: those with most broken sums are told, of a form and a year all.
ORDER = {"form": "name DESC", "year": "name DESC", "portal": "broken DESC, reports DESC, name"}


def page(ask: Ask) -> Page:
    """Rates with their base beside them."""
    return Page(
        template="quality.html",
        values={
            "whole": whole(ask),
            "tables": [(name, _by(ask, name)) for name in ORDER],
            "identities": ask.rows(
                "SELECT * FROM identities ORDER BY broken * 1.0 / max(held + broken, 1) DESC, "
                "held DESC LIMIT 60"
            ),
            "problems": ask.rows(
                "SELECT code, severity, count(*) AS found FROM problems "
                "GROUP BY code, severity ORDER BY found DESC"
            ),
            "rate": rate,
            "most": MOST,
        },
    )


def whole(ask: Ask) -> Mapping[str, int]:
    """All reports together, as the build has added them up; with none there is no such row."""
    found = ask.rows("SELECT * FROM totals WHERE kind = 'whole'")
    return dict(found[0]) if found else dict.fromkeys(COUNTED, 0)


def counts(ask: Ask) -> dict[str, object]:
    """How much is published; the build has counted it."""
    years = ask.row(
        "SELECT min(name) AS first, max(name) AS last, "
        "(SELECT fetched_at FROM captures ORDER BY id DESC LIMIT 1) AS captured "
        "FROM totals WHERE kind = 'year' AND name <> ''"
    )
    agencies = ask.one("SELECT count(*) FROM agencies WHERE name <> ''")
    return {**whole(ask), **dict(years), "agencies": agencies}


def _by(ask: Ask, kind: str) -> Sequence[Row]:
    return ask.rows(
        f"SELECT * FROM totals WHERE kind = ? ORDER BY {ORDER[kind]} LIMIT {MOST}", kind
    )


def rate(row: Row) -> float | None:
    """Held among decided; nothing where nothing was decided."""
    decided = (row["held"] or 0) + (row["broken"] or 0)
    return row["held"] / decided if decided else None
