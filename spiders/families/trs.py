"""TRS WCM 拓尔思: a column is a folder of static pages."""

from __future__ import annotations

from spiders.pagers import PAGERS

from .base import Family


class Trs(Family):
    """`./YYYYMM/tYYYYMMDD_ID.html`, pages `index_N.html`."""

    name = "trs"
    pagers = (
        PAGERS["createPageHTML"],
        PAGERS["countPage"],
        PAGERS["search"],
    )
