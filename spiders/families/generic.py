"""Everything that no other family claims."""

from __future__ import annotations

import re

from spiders.pagers import PAGERS

from .base import Family


class Generic(Family):
    """Any list of links, turned by whatever pager shows."""

    name = "generic"
    signs = re.compile("")
    pagers = (PAGERS["createPageHTML"], PAGERS["countPage"], PAGERS["next"])
