"""What the archive is, how to cite it, and how to get the data."""

from __future__ import annotations

from archive.dictionary import tables
from archive.site import LICENCE
from archive.site.asking import Ask, Page
from archive.site.quality import counts


def page(ask: Ask) -> Page:
    """Method, states, licence, citation."""
    return Page(
        template="about.html",
        values={
            "counts": counts(ask),
            "licence": LICENCE,
            "runs": ask.rows("SELECT * FROM runs ORDER BY id DESC LIMIT 1"),
            "states": ("number", "slash", "dash", "blank", "none", "text"),
            "forms": ask.rows("SELECT * FROM forms ORDER BY id"),
        },
    )


def api(ask: Ask) -> Page:
    """Addresses and examples, and every table with its columns."""
    return Page(
        template="api.html",
        values={
            "tables": [table for table in tables() if table.exported],
            "example": ask.one("SELECT id FROM reports ORDER BY year DESC LIMIT 1"),
        },
    )
