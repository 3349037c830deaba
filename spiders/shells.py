"""Lists that exist only once a script has run: told apart from a column that is empty."""

from __future__ import annotations

import re
from importlib.util import find_spec

from scrapy.settings import BaseSettings
from selectolax.lexbor import LexborHTMLParser

from parsers.answers import scripts

NOTE = (
    "its list is drawn by script: needs a browser (pip install -c constraints.txt -e '.[browser]')"
)
MORE = "a script turns its pages: needs a browser (pip install -c constraints.txt -e '.[browser]')"
BARE = "its list is drawn by script, and a browser saw no row either"
_TEMPLATE = re.compile(r"\b(?:v-for|ng-repeat|ms-repeat|data-bind)\s*=|\{\{[^{}]{1,80}\}\}")
_ROOT = re.compile(r"<div[^>]*\bid\s*=\s*[\"']?(?:app|root|__nuxt)\b[^>]*>\s*</div>", re.IGNORECASE)
_CALL = re.compile(
    r"\$\.(?:ajax|post|get|getJSON)\s*\(|\baxios\b|\bfetch\s*\(|XMLHttpRequest|createApp|new Vue"
)
_PLUGIN = "scrapy_playwright"
_EMPTY = re.compile(r"暂无|没有(?:找到|相关|符合|任何)|无相关")
_FEW_LINKS = 40  # a page with more of them has a menu, and its empty list may be the truth


def has_browser(settings: BaseSettings) -> bool:
    """Whether this crawl can draw such lists. The plugin works under Twisted's reactor only."""
    wanted = str(settings["GONGKAI_BROWSER"]) not in ("0", "False")
    able = settings.getbool("TWISTED_REACTOR_ENABLED") and find_spec(_PLUGIN) is not None
    return wanted and able


def is_scripted(text: str) -> bool:
    """Whether the list of this page, which shows no row, waits for a script."""
    tree = LexborHTMLParser(text)
    source = "\n".join(scripts(tree))
    markup = tree.clone()
    markup.strip_tags(["script", "style", "noscript"])
    shown = markup.body.text() if markup.body else ""
    if _EMPTY.search(shown):
        return False
    if _ROOT.search(text) or _TEMPLATE.search(markup.html or ""):
        return True
    return bool(_CALL.search(source)) and len(tree.css("a[href]")) < _FEW_LINKS
