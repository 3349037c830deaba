"""Families that are a choice of pagers and, at most, a rule about rows."""

from __future__ import annotations

import re
from types import MappingProxyType

from parsers.model import Candidate
from spiders.pagers import PAGERS, Page

from .base import Family


class Hanweb(Family):
    """大汉: data stores in scripts, the catalogue, and the newer interface."""

    name = "hanweb"
    pagers = (PAGERS["annual"], PAGERS["unit"], PAGERS["jpage"], PAGERS["catalogue"])

    def rows(self, page: Page, column: str) -> tuple[Candidate, ...]:
        """The catalogue answers for a whole area: its own rows bear the column's number."""
        found = super().rows(page, column)
        asked = re.search(r"\bdivid=div(\d+)", f"{page.body.decode('ascii', 'replace')}&{page.url}")
        if not asked:
            return found
        own = tuple(row for row in found if f"art_{asked[1]}_" in row.url)
        return own or found  # newer addresses bear no column


class TrueCms(Family):
    name = "truecms"
    pagers = (PAGERS["getmessage"],)


class Gkmlpt(Family):
    """南方网: an interface in Guangdong, and the older static lists of the same maker."""

    name = "gkmlpt"
    pagers = (PAGERS["gkmlpt"],)


class Lonsun(Family):
    name = "lonsun"
    pagers = (PAGERS["label"],)


class Ucap(Family):
    name = "ucap"
    pagers = (PAGERS["createPageHTML"], PAGERS["querylist"])


class Vsb(Family):
    name = "vsb"
    pagers = (PAGERS["countdown"],)


class Epoint(Family):
    name = "epoint"
    pagers = (PAGERS["epoint"],)
    headers = MappingProxyType({"Content-Type": "application/json"})


class AspNet(Family):
    name = "aspnet"
    pagers = (PAGERS["postback"],)


class Openness(Family):
    name = "openness"


class JeeCms(Family):
    name = "jeecms"


PRESETS: tuple[Family, ...] = (
    Hanweb(), TrueCms(), Gkmlpt(), Lonsun(), Ucap(), Vsb(), Epoint(), AspNet(),
    Openness(), JeeCms(),
)  # fmt: skip
