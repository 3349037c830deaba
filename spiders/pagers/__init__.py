"""Ways of turning pages, apart from the families that use them."""

from __future__ import annotations

from .ajaxlist import AjaxList
from .base import MAX_PAGES, Ask, Page, Pager, Turn
from .nextlink import NextLink
from .static import CountPage, CreatePageHtml

__all__ = ["MAX_PAGES", "PAGERS", "Ask", "Page", "Pager", "Turn"]

PAGERS: dict[str, Pager] = {
    pager.name: pager for pager in (AjaxList(), CreatePageHtml(), CountPage(), NextLink())
}
