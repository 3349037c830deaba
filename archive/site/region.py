"""A region: what it is called, what lies in it, which bodies report."""

from __future__ import annotations

from archive.site.asking import Ask, Missing, Page
from archive.site.matrix import KINDS, SYMBOLS, legend, matrix

PER_PAGE = 60


def page(ask: Ask) -> Page:
    """A province shows its prefectures, a prefecture its counties."""
    code = ask.path["code"]
    names = ask.rows("SELECT * FROM regions WHERE code = ? ORDER BY valid_from DESC", code)
    if not names:
        raise Missing
    prefix = code.rstrip("0") if code.endswith("00") else code
    prefix = prefix + "0" if len(prefix) % 2 else prefix
    number = max(ask.whole("page") or 1, 1)
    shown = matrix(ask, "region_code >= ? AND region_code < ?", (prefix, prefix + ":"), PER_PAGE,
                   PER_PAGE * (number - 1))  # fmt: skip
    return Page(
        template="region.html",
        values={
            "region": names[0],
            "names": names,
            "above": _above(ask, names[0]["parent"]),
            "below": _below(ask, code),
            "matrix": shown,
            "legend": legend(ask, shown),
            "symbols": SYMBOLS,
            "kinds": KINDS,
            "number": number,
            "per_page": PER_PAGE,
            "changes": ask.rows(
                "SELECT c.* FROM changes c JOIN reports r ON r.id = c.report_id "
                "WHERE r.region_code >= ? AND r.region_code < ? ORDER BY c.id DESC LIMIT 5",
                prefix, prefix + ":",
            ),
        },
    )  # fmt: skip


def _above(ask: Ask, parent: str) -> object:
    found = ask.rows("SELECT code, name FROM regions WHERE code = ? LIMIT 1", parent)
    return found[0] if found else None


def _below(ask: Ask, code: str) -> list[dict[str, object]]:
    """Regions directly below that are in force, with the bodies that report there."""
    regions = ask.rows(
        "SELECT code, name FROM regions WHERE parent = ? AND valid_to = '' ORDER BY code", code
    )
    width = 4 if code.endswith("0000") else 6
    counts = {
        row["code"]: row
        for row in ask.rows(
            f"SELECT substr(region_code, 1, {width}) AS code, count(*) AS bodies, "
            "sum(reports) AS reports FROM agencies WHERE region_code >= ? AND region_code < ? "
            "GROUP BY 1",
            code[:2], code[:2] + ":",
        )
    }  # fmt: skip
    return [
        {"code": row["code"], "name": row["name"], "count": counts.get(row["code"][:width])}
        for row in regions
    ]
