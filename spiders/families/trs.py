"""TRS WCM 拓尔思: a column is a folder of static pages."""

from __future__ import annotations

import re

from spiders.pagers import PAGERS

from .base import Family


class Trs(Family):
    """`./YYYYMM/tYYYYMMDD_ID.html`, pages `index_N.html`."""

    name = "trs"
    signs = re.compile(r"TRS_Editor|createPageHTML\s*\(\s*\d|\bvar\s+countPage\b|/t20\d{6}_\d+\.")
    pagers = (PAGERS["createPageHTML"], PAGERS["countPage"], PAGERS["next"])
