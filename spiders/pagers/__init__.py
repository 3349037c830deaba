"""Ways of turning pages, apart from the families that use them."""

from __future__ import annotations

from .ajaxlist import AjaxList
from .annual import Annual
from .apis import Epoint, Gkmlpt, QueryList, Unit
from .base import MAX_PAGES, Ask, Page, Pager, Turn
from .called import Called
from .clicks import Clicks
from .controls import Controls
from .countdown import CountDown, MaxPage
from .fragments import Catalogue, Label, PostBack
from .jpage import GetMessage, JPage
from .nextlink import NextLink
from .numbered import Numbered, SetPage
from .search import Search
from .static import CountPage, CreatePageHtml

__all__ = ["MAX_PAGES", "PAGERS", "Ask", "Page", "Pager", "Turn"]

PAGERS: dict[str, Pager] = {
    pager.name: pager
    for pager in (
        AjaxList(),
        CreatePageHtml(),
        CountPage(),
        Search(),
        Annual(),
        NextLink(),
        JPage(),
        GetMessage(),
        Unit(),
        QueryList(),
        Gkmlpt(),
        Epoint(),
        Catalogue(),
        Label(),
        PostBack(),
        CountDown(),
        MaxPage(),
        SetPage(),
        Numbered(),
        Controls(),
        Called(),
        Clicks(),
    )
}
