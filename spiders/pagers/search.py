"""Lists that a search interface answers: TRS front ends (was5, igs, irs, govsearch, trssearch)."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from parsers.answers import item_rows, json_rows, total
from parsers.listing import rows

from .base import Ask, Page, Turn, others
from .params import number_in, pairs_in, with_number

_PATH = (
    r"/(?:was5/web/search|govsearch/(?:jsonp/)?\w+\.jsp|ig[sr]/front/search|irs/front/search"
    r"|trs-?search/)"
)
_CALL = re.compile(rf"[\"'`]([^\"'`\s<>]{{0,200}}{_PATH}[^\"'`\s<>]{{0,600}})[\"'`]")
_DATA = re.compile(r"^[^{}]{0,80}?\b(?:data|params)\s*:\s*\{([^{}]*)\}", re.DOTALL)
_POST = re.compile(r"\b(?:type|method)\s*:\s*[\"']post[\"']|\$\.post\s*\(", re.IGNORECASE)
SEQUENCE = 30  # pages of a list that never says how many it has
_ASKS = re.compile(r"\b(?:ajax|get|post|getJSON|load|fetch|axios|request)\b")
NUMBERED = re.compile(r"\b(?:cur_?)?page(?:no|num|number|index)?['\"]?\s*[=:]", re.IGNORECASE)
WORD = re.compile(
    r"\b(?:q|searchword|keywords?|sword)=?['\"]?\s*[:+=]\s*['\"]?[^'\"&,}\s]", re.IGNORECASE
)
_RECORDS = re.compile(r"\brecordCount\s*:\s*['\"]?(\d{1,6})")
_CHANNEL = re.compile(r"\bchannelid\s*:\s*['\"]?(\d+)")
_SITE = re.compile(r"\bsearchId['\"]?\s*[:=]\s*['\"]?(\d+)")  # what `SiteInfo.searchId` stands for
_NAMED = re.compile(r"\b(classsql|sortfield|prepage)\s*:\s*(?:\"\"\s*\|\|\s*)?['\"]?([^'\",\n]*)")


class Search:
    """The call stands in the page's script, whole or as the settings of a list model. Without the
    number of its channel only the promise is known: a browser may draw the list."""

    name = "search"

    def turn(self, page: Page) -> Turn | None:
        if re.search(_PATH, page.url):
            return answer(page)
        if "trsapi" in page.text:
            return _model(page)
        called = next((one for one in _CALL.finditer(page.text) if _lists(page.text, one)), None)
        if called is None or rows(page.text, page.url):
            return None
        return Turn(asks=(first(page, called),))


def _model(page: Page) -> Turn | None:
    """福建: the first rows stand in the page, and the call brings them again."""
    told = _RECORDS.search(page.text)
    promised = int(told[1]) if told else None
    channel = _CHANNEL.search(page.text) or _SITE.search(page.text)
    if channel is None:
        short = promised is not None and promised > len(rows(page.text, page.url))
        return Turn(promised=promised, drawn=short) if told else None
    named = {name: value.strip() for name, value in _NAMED.findall(page.text)}
    given = {"channelid": channel[1], "templet": "docs.jsp", **named, "page": "1"}
    url = f"{urljoin(page.url, '/was5/web/search')}?{urlencode(given)}"
    return Turn(asks=(Ask(url=url, number=1),), promised=promised)


def _lists(text: str, called: re.Match[str]) -> bool:
    """Whether a script asks there for a page of a list. The search box of a site stands on every
    page: it waits for a word and names no page."""
    before = text[max(called.start() - 200, 0) : called.start()]
    call = called[1] + text[called.end() : called.end() + 600].partition("})")[0]
    return bool(_ASKS.search(before) and NUMBERED.search(call) and not WORD.search(call))


def first(page: Page, called: re.Match[str]) -> Ask:
    """With the pairs of its `data`, by POST where the script says so."""
    url = urljoin(page.url, html.unescape(called[1]))
    behind = called.string[called.end() : called.end() + 600]
    before = called.string[max(called.start() - 200, 0) : called.start()]
    data = _DATA.match(behind)
    pairs = pairs_in(data[1]) if data else []
    around = before.rpartition("ajax")[2] + behind.partition("})")[0]
    if _POST.search(around):
        body = with_number(urlencode(pairs), 1)
        return Ask(url=url, number=1, method="POST", body=body.encode())
    parts = urlsplit(url)
    query = "&".join(filter(None, [parts.query, urlencode(pairs)]))
    return Ask(url=parts._replace(query=with_number(query, 1)).geturl(), number=1)


def answer(page: Page) -> Turn:
    """Its pages by what it promises; where it promises nothing, until one comes empty."""
    found = json_rows(page.text, page.url) or item_rows(page.text, page.url)
    found = found or rows(page.text, page.url)
    promised = total(page.text)
    if promised is not None and page.number == 1 and found:
        numbers = others(-(-promised // len(found)), 1)
    elif promised is None and len(found) >= max(_size(page), 1) and page.number < SEQUENCE:
        numbers = (page.number + 1,)
    else:
        numbers = ()
    asks = tuple(ask for number in numbers if (ask := _other(page, number)))
    return Turn(asks=asks, promised=promised)


def _size(page: Page) -> int:
    """Rows of a full page, where the call names them."""
    asked = dict(parse_qsl(f"{urlsplit(page.url).query}&{page.body.decode('ascii', 'replace')}"))
    told = (asked.get(name, "") for name in ("prepage", "pageSize", "pagesize", "perpage"))
    return next((int(one) for one in told if one.isdecimal()), 0)


def _other(page: Page, number: int) -> Ask | None:
    parts = urlsplit(page.url)
    if page.method == "POST":
        body = page.body.decode("ascii", "replace")
        if number_in(body) is None:
            return None
        body = with_number(body, number)
        return Ask(url=page.url, number=number, method="POST", body=body.encode())
    if number_in(parts.query) is None and not parse_qsl(parts.query):
        return None
    url = parts._replace(query=with_number(parts.query, number)).geturl()
    return Ask(url=url, number=number)
