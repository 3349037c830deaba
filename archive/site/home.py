"""The home page: what there is, at a glance."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from archive.site import queries
from archive.site.asking import Ask, Page
from archive.site.matrix import KINDS, SYMBOLS, legend, matrix
from archive.site.questions import told

TILES = Path(__file__).parent / "tiles.toml"
EXAMPLES = ("requests_over_years", "broken_sums", "text_against_table", "missing_reports",
            "disclosure_rate", "changed_after_publication")  # fmt: skip


@cache
def tiles() -> dict[str, tuple[int, int, str, str]]:
    """Province -> column, row, short names."""
    entries = tomllib.loads(TILES.read_text(encoding="utf-8"))["tiles"]
    return {code: tuple(entry) for code, entry in entries.items()}


def page(ask: Ask) -> Page:
    """Counts, search, coverage, provinces, what is new."""
    shown = matrix(ask, limit=16)
    newest = ask.rows(
        "SELECT id, agency, year, title, published, form, numbers, broken FROM reports "
        "WHERE published IS NOT NULL ORDER BY published DESC LIMIT 6"
    )
    return Page(
        template="home.html",
        values={
            "counts": counts(ask),
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


def counts(ask: Ask) -> dict[str, object]:
    """How much is published; the build has counted it."""
    row = ask.row(
        "SELECT sum(reports) AS reports, min(year) AS first, max(year) AS last, "
        "sum(cells) AS cells, sum(numbers) AS numbers, "
        "(SELECT fetched_at FROM captures ORDER BY id DESC LIMIT 1) AS captured FROM quality"
    )
    agencies = ask.one("SELECT count(*) FROM agencies WHERE name <> ''")
    return {**dict(row), "agencies": agencies}


def _tiles(ask: Ask) -> list[dict[str, object]]:
    """Every province with its bodies and reports, darker where there are more."""
    found = {
        row["code"]: row
        for row in ask.rows(
            "SELECT substr(region_code, 1, 2) || '0000' AS code, count(*) AS bodies, "
            "sum(reports) AS reports FROM agencies WHERE region_code <> '' GROUP BY 1"
        )
    }
    most = max((row["reports"] for row in found.values()), default=1)
    return [
        {
            "code": code,
            "col": column,
            "row": line,
            "name": zh if ask.language == "zh" else en,
            "short": zh if ask.language == "zh" else en[:9],
            "bodies": found[code]["bodies"] if code in found else 0,
            "reports": found[code]["reports"] if code in found else 0,
            "shade": 1 + round(3 * found[code]["reports"] / most) if code in found else 0,
        }
        for code, (column, line, zh, en) in tiles().items()
    ]
