"""Coverage: every body and year with its state and the reason."""

from __future__ import annotations

from archive.site.asking import Ask, Page
from archive.site.matrix import KINDS, SYMBOLS, legend, matrix
from archive.site.provinces import places, short

PER_PAGE = 60
LEVELS = ("province", "prefecture", "county", "department", "township")


def page(ask: Ask) -> Page:
    """`?level=county&province=36`."""
    number = max(ask.whole("page") or 1, 1)
    parts, given = ["1"], list[object]()
    if ask.text("level") in LEVELS:
        parts.append("level = ?")
        given.append(ask.text("level"))
    if province := ask.whole("province"):
        parts.append("region_code >= ? AND region_code < ?")
        given += [f"{province:02}", f"{province:02}:"]
    where = " AND ".join(parts)
    shown = matrix(ask, where, given, PER_PAGE, PER_PAGE * (number - 1))
    return Page(
        template="coverage.html",
        values={
            "matrix": shown,
            "legend": legend(ask, shown, whole=True),
            "symbols": SYMBOLS,
            "kinds": KINDS,
            "levels": LEVELS,
            "number": number,
            "per_page": PER_PAGE,
            "gaps": ask.rows(
                # The inner one is answered by an index alone: a country has 100,000 of them.
                "SELECT * FROM coverage WHERE (agency_id, year) IN (SELECT agency_id, year "
                f"FROM coverage WHERE state <> 'ok' AND {where} "
                "ORDER BY year DESC, level, agency LIMIT 200) ORDER BY year DESC, level, agency",
                *given,
            ),
            "province_names": {code[:2]: short(ask, code) for code in places()},
            "provinces": ask.rows(
                "SELECT DISTINCT substr(region_code, 1, 2) AS code FROM agencies "
                "WHERE region_code <> ''"
            ),
        },
    )
