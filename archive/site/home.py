"""The home page: what there is, at a glance."""

from __future__ import annotations

import json

from markupsafe import Markup

from archive.site import queries
from archive.site.asking import Ask, Page
from archive.site.catalogue import described
from archive.site.look import number
from archive.site.matrix import KINDS, SYMBOLS, legend, matrix
from archive.site.provinces import SHADES, Tile, places, short, tile_map
from archive.site.quality import counts
from archive.site.questions import told

EXAMPLES = ("requests_over_years", "broken_sums", "text_against_table", "missing_reports",
            "disclosure_rate", "changed_after_publication")  # fmt: skip


def page(ask: Ask) -> Page:
    """Counts, search, coverage, provinces, what is new."""
    known = counts(ask)
    shown = matrix(ask, limit=16)
    newest = ask.rows(
        "SELECT id, agency, year, title, published, form, numbers, broken FROM reports "
        "WHERE published IS NOT NULL ORDER BY published DESC LIMIT 6"
    )
    return Page(
        template="home.html",
        values={
            "counts": known,
            "dataset": _data(described(ask, known)),
            "matrix": shown,
            "legend": legend(ask, shown),
            "symbols": SYMBOLS,
            "kinds": KINDS,
            "tiles": _tiles(ask),
            "newest": newest,
            "changes": ask.rows("SELECT * FROM changes ORDER BY id DESC LIMIT 5"),
            "examples": [
                (name, *told(ask, queries()[name])) for name in EXAMPLES if name in queries()
            ],
            "start": max(newest, key=lambda row: row["numbers"])["id"] if newest else None,
        },
    )


def _data(told: dict[str, object]) -> Markup:
    """JSON in a script element, which ends at the first `</`."""
    return Markup(json.dumps(told, ensure_ascii=False).replace("<", "\\u003c"))


def _tiles(ask: Ask) -> Markup:
    """Every province with its bodies and reports, darker where there are more."""
    found = {
        row["code"]: row
        for row in ask.rows(
            "SELECT substr(region_code, 1, 2) || '0000' AS code, count(*) AS bodies, "
            "sum(reports) AS reports FROM agencies WHERE region_code <> '' GROUP BY 1"
        )
    }
    most = max((row["reports"] for row in found.values()), default=1)
    tiles = {}
    for code in places():
        bodies, reports = (
            (found[code]["bodies"], found[code]["reports"]) if code in found else (0, 0)
        )
        tiles[code] = Tile(
            said=ask.say(
                "home.map_tile", name=short(ask, code), bodies=bodies, reports=number(reports)
            ),
            figure=number(reports) if reports else "",
            shade=1 + round((SHADES - 1) * reports / most) if code in found else 0,
        )
    return tile_map(ask, tiles, ask.say("home.map"))
