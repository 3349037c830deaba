"""Everything that no other family claims."""

from __future__ import annotations

from spiders.pagers import PAGERS

from .base import Family


class Generic(Family):
    """Any list of links, turned by whatever pager shows."""

    name = "generic"
    pagers = (
        PAGERS["createPageHTML"],
        PAGERS["countPage"],
        PAGERS["set_page"],
        PAGERS["maxpage"],
        PAGERS["search"],
    )
