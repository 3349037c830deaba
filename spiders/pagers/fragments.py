"""Lists that come as pieces of markup, by a form or a label: Hanweb xxgk, Lonsun, ASP.NET."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from .base import Ask, Page, Turn, others
from .params import fields_of

_PAGES = re.compile(r"共(?:\s|&nbsp;|<[^>]*>){0,9}(\d+)(?:\s|&nbsp;|<[^>]*>){0,9}页")
_PAGE_COUNT = re.compile(r"pageCount['\"]?\s*[:=]\s*['\"]?(\d+)")
_AREA = re.compile(
    r"(?:tree\.jsp\?[^'\"]*?\barea|vc_xxgkarea|\barea)['\"]?\s*[=:]\s*['\"]?([\w-]+)"
)
_COLUMN = re.compile(r"/col(\d+)/")
_LISTED = re.compile(r"/module/xxgk/(?:search|subjectinfo)\.jsp")
_LABEL = re.compile(r"['\"]([^'\"]*/site/label/8888[^'\"]*)")


class Catalogue:
    """`search.jsp`: the answer covers a whole area, the column is `div<col>`."""

    name = "catalogue"

    def turn(self, page: Page) -> Turn | None:
        if _LISTED.search(page.url):
            pages = _first(_PAGES, page.text) or 1
            asks = (_posted(page, "currpage", number) for number in others(pages, page.number))
            return Turn(asks=tuple(asks), pages=pages)
        area, column = _AREA.search(page.text), _COLUMN.search(page.url)
        if not area or "xxgk" not in page.text or "dataproxy.jsp" in page.text:
            return None
        told = parse_qs(urlsplit(page.url).query).get("number", [""])[0]
        pairs = {
            "infotypeId": told or _value(page.text, "infotypeId"),
            "jdid": _value(page.text, "jdid"),
            "area": area[1],
            "divid": f"div{column[1]}" if column else _value(page.text, "divid"),
        }
        pairs |= dict.fromkeys(("vc_title", "vc_number", "vc_filenumber", "vc_all"), "")
        pairs |= {"texttype": "0", "fbtime": "-1", "sortfield": ",createdatetime:0,orderid:0"}
        body = urlencode({**pairs, "currpage": "1"}).encode()
        url = urljoin(page.url, "/module/xxgk/search.jsp")
        return Turn(asks=(Ask(url=url, number=1, method="POST", body=body),))


def _value(text: str, name: str) -> str:
    """Of a script, a query or a hidden field."""
    field = re.search(rf"name=['\"]{name}['\"][^>]*value=['\"]([^'\"]*)", text)
    plain = re.search(rf"\b{name}['\"]?\s*[=:]\s*['\"]?([\w-]+)", text)
    return field[1] if field else plain[1] if plain else ""


def _posted(page: Page, name: str, number: int) -> Ask:
    if page.method != "POST":
        return Ask(url=_with(page.url, **{name: str(number)}), number=number)
    given = dict(parse_qsl(page.body.decode("ascii", "replace"), keep_blank_values=True))
    body = urlencode({**given, name: str(number)}).encode()
    return Ask(url=page.url, number=number, method="POST", body=body)


class Label:
    """Lonsun: `/site/label/8888` with what stands in the page, `pageCount:N` in the answer."""

    name = "label"

    def turn(self, page: Page) -> Turn | None:
        pages = _first(_PAGE_COUNT, page.text) or 1
        plain = "/content/column/" in page.url
        if "/site/label/" in page.url or (plain and pages > 1):
            numbers = others(pages, page.number)
            urls = ((_with(page.url, pageIndex=str(number)), number) for number in numbers)
            return Turn(asks=tuple(Ask(url=url, number=number) for url, number in urls))
        url = _label(page)
        return Turn(asks=(Ask(url=_with(url, pageIndex="1"), number=1),)) if url else None


def _label(page: Page) -> str:
    written = _LABEL.search(page.text)
    organ = re.search(r"/public/column/(\d+)", page.url)
    if written is None and organ is None and "publicInfoList" not in page.text:
        return ""
    # A site below another keeps its own label service.
    prefix = urlsplit(page.url).path.partition("/public/column/")[0] if organ else ""
    target = html.unescape(written[1]) if written else f"{prefix}/site/label/8888"
    site = re.search(r"(?i)<meta[^>]*name=['\"]SiteId['\"][^>]*content=['\"](\d+)", page.text)
    asked = dict(parse_qsl(urlsplit(page.url).query))
    given = {
        "IsAjax": "1",
        "dataType": "html",
        "labelName": "publicInfoList",
        "siteId": site[1] if site else _value(page.text, "siteId"),
        "pageSize": "15",
        "action": asked.get("action", "list"),
        "isDate": "true",
        "dateFormat": "yyyy-MM-dd",
        "length": "80",
        "organId": organ[1] if organ else _value(page.text, "organId"),
        "type": asked.get("type") or _value(page.text, "type") or "3",
        "catId": asked.get("catId") or _value(page.text, "catId"),
    }
    given |= dict(parse_qsl(urlsplit(target).query, keep_blank_values=True))
    return f"{urljoin(page.url, target).partition('?')[0]}?{urlencode(given)}"


class PostBack:
    """ASP.NET: every hidden field goes back; with the wrong state page 1 comes again."""

    name = "postback"
    _CALL = re.compile(
        r"__doPostBack\((?:'|&#39;)([^'&]+)(?:'|&#39;),\s*(?:'|&#39;)(\d+)(?:'|&#39;)"
    )

    def turn(self, page: Page) -> Turn | None:
        calls = self._CALL.findall(page.text)
        if "__VIEWSTATE" not in page.text or not calls:
            return None
        target = calls[0][0]
        last = max(int(number) for name, number in calls if name == target)
        if page.number > 1:
            return Turn(pages=last)
        fields = fields_of(LexborHTMLParser(page.text).css("input[type=hidden][name]"))
        asks = tuple(self._ask(page, fields, target, number) for number in others(last, 1))
        return Turn(asks=asks, pages=last)

    @staticmethod
    def _ask(page: Page, fields: dict[str, str], target: str, number: int) -> Ask:
        posted = {**fields, "__EVENTTARGET": target, "__EVENTARGUMENT": str(number)}
        return Ask(url=page.url, number=number, method="POST", body=urlencode(posted).encode())


def _first(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return int(found[1]) if found else None


def _with(url: str, **new: str) -> str:
    parts = urlsplit(url)
    kept = [p for p in parse_qsl(parts.query, keep_blank_values=True) if p[0] not in new]
    return urlunsplit(parts._replace(query=urlencode([*kept, *new.items()])))
