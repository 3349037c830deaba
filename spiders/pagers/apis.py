"""Lists that a page's script asks an interface for: Hanweb's newer ones, UCAP, gkmlpt, Epoint."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit

from parsers.answers import json_rows, markup, opened, total
from parsers.titles import squeeze

from .base import MAX_PAGES, Ask, Page, Turn, others

_ATTRIBUTE = r"(?is)<(?:div|table)\b[^>]*?\b{}\s*=\s*(?:\"([^\"]*)\"|'([^']*)')"
_PAIR = re.compile(r"['\"]?(\w+)['\"]?\s*:\s*(?:['\"]([^'\"]*)['\"]|(\w+))")
_PAGINATION = re.compile(r"(?is)<(?:div|table)\b(?=[^>]*pagination)[^>]*>")


class Unit:
    """jpaas: a bare `pageNo` brings page 1 for ever, only `paramJson` counts."""

    name = "unit"

    def turn(self, page: Page) -> Turn | None:
        text = markup(page.text)
        node = next((one for one in _PAGINATION.findall(text) if "querydata" in one.lower()), "")
        count, rows = _int(node, "count"), _int(node, "rows")
        answered = "/page/build/unit" in page.url
        if not node and not answered:
            return None
        pages = -(-count // rows) if count and rows else 1
        numbers = others(pages, page.number)
        numbers = numbers if answered else (1, *numbers)
        asks = tuple(_unit(page, node, number, rows or 15) for number in numbers if node)
        echo = _int(node, "pageno") if answered else None
        return Turn(asks=asks, promised=count, pages=pages, echo=echo)


def _unit(page: Page, node: str, number: int, rows: int) -> Ask:
    pairs = _PAIR.findall(html.unescape(_attribute(node, "querydata")))
    given = {name: quoted or bare for name, quoted, bare in pairs}
    place = json.dumps({"pageNo": number, "pageSize": rows}, separators=(",", ":"))
    given |= {"editType": "null", "paramJson": place}
    path = _attribute(node, "uniturl") or "/api-gateway/jpaas-publish-server/front/page/build/unit"
    return Ask(url=f"{urljoin(page.url, path)}?{urlencode(given)}", number=number)


def _attribute(node: str, name: str) -> str:
    found = re.search(_ATTRIBUTE.format(name), node)
    return (found[1] or found[2] or "") if found else ""


def _int(node: str, name: str) -> int | None:
    value = _attribute(node, name)
    return int(value) if value.isdecimal() else None


class QueryList:
    """UCAP: `POST /queryList` with the codes of site and channel that the page's script names."""

    name = "querylist"

    def turn(self, page: Page) -> Turn | None:
        if page.method == "POST" and page.url.endswith("/queryList"):
            return self._answer(page)
        channel = _named(page.text, "channelCode") or _named(page.text, "channelId")
        if "queryList" not in page.text or not channel:
            return None
        name = "channelCode[]" if _named(page.text, "channelCode") else "channelId[]"
        size = _named(page.text, "pageSize")
        pairs = [("pageSize", size if size.isdecimal() and int(size) else "15")]
        pairs += [("webSiteCode[]", _named(page.text, "webSiteCode")), (name, channel)]
        pairs += [("sort", "sortNum"), ("order", "desc")]
        return Turn(asks=(self._ask(page, [p for p in pairs if p[1]], 1),))

    def _answer(self, page: Page) -> Turn:
        count = total(page.text)
        pairs = [p for p in parse_qsl(page.body.decode("ascii", "replace")) if p[0] != "current"]
        pages = -(-(count or 0) // int(dict(pairs)["pageSize"]))
        asks = tuple(self._ask(page, pairs, number) for number in others(pages, page.number))
        return Turn(asks=asks, promised=count)

    def _ask(self, page: Page, pairs: list[tuple[str, str]], number: int) -> Ask:
        body = urlencode([("current", str(number)), *pairs])
        url = urljoin(page.url, "/queryList")
        return Ask(url=url, number=number, method="POST", body=body.encode())


def _named(text: str, name: str) -> str:
    """`name: 'x'`, `name = "x"`, `"name[]": ["x"]` or `name[]=x` of a script."""
    found = re.search(rf"(?i)\b{name}(?:\[\]|%5B%5D)?['\"]?\s*[:=]\s*\[?\s*['\"]?([\w-]+)", text)
    return found[1] if found else ""


class Gkmlpt:
    """`window._CONFIG` names the columns; page 0 is page 1, and the count proves nothing."""

    name = "gkmlpt"

    def turn(self, page: Page) -> Turn | None:
        if "/gkmlpt/api/all/" in page.url:
            return self._answer(page)
        at = re.search(r"_CONFIG\s*=", page.text)
        config = page.text[at.end() :] if at else ""
        sid = re.search(r"['\"]?\bSID\b['\"]?\s*:\s*['\"]?(\d+)", config)
        tree = re.search(r"['\"]?\bTREE\b['\"]?\s*:\s*(?=\[)", config)
        if not sid or not tree:
            return None
        columns = list(_annual(opened(config[tree.end() :])))
        asks = tuple(ask for one in columns if (ask := self._column(page, one, sid[1])))
        return Turn(asks=asks, promised=sum(_count(one) for one in columns) or None)

    @staticmethod
    def _column(page: Page, column: Mapping[str, object], sid: str) -> Ask | None:
        """A filled jump_url: the column lives on another site of the same maker."""
        if jump := str(column.get("jump_url") or ""):
            return Ask(url=urljoin(page.url, jump), number=1)
        base = page.url.partition("/gkmlpt/")[0]
        return Ask(url=f"{base}/gkmlpt/api/all/{column.get('id')}?page=1&sid={sid}", number=1)

    @staticmethod
    def _answer(page: Page) -> Turn:
        count, listed = total(page.text), len(json_rows(page.text, page.url))
        pages = -(-(count or 0) // listed) if listed and page.number == 1 else 1
        asks = tuple(
            Ask(url=re.sub(r"\bpage=\d+", f"page={number}", page.url), number=number)
            for number in others(pages, 1)
        )
        return Turn(asks=asks, promised=count)


def _annual(value: object) -> Iterator[Mapping[str, object]]:
    for item in value if isinstance(value, list) else []:
        if isinstance(item, dict):
            inner = list(_annual(item.get("children")))
            if not inner and re.search(r"年报|年度报告", squeeze(str(item.get("name", "")))):
                inner = [item]
            yield from inner


def _count(column: Mapping[str, object]) -> int:
    told = str(column.get("post_count") or "")
    return int(told) if told.isdecimal() and not column.get("jump_url") else 0


class Epoint:
    """`POST …/getgovinfolist` with JSON; the site's id stands in a script of its own."""

    name = "epoint"
    _SCRIPT = re.compile(r"['\"]([^'\"]*(?:webBuilderCommon|ajaxReq)\.js)")
    _SIZE = 20

    def turn(self, page: Page) -> Turn | None:
        if page.method == "POST" and "getgovinfolist" in page.url:
            return self._answer(page)
        category = parse_qs(urlsplit(page.url).query).get("categorynum", [""])[0]
        category = category or _named(page.text, "categorynum")
        if not category:
            return None
        guid, script = _named(page.text, "siteGuid"), self._SCRIPT.search(page.text)
        if not guid and script and not page.url.partition("?")[0].endswith(".js"):
            url = f"{urljoin(page.url, script[1])}?{urlencode({'categorynum': category})}"
            return Turn(asks=(Ask(url=url, number=1),))
        root = re.search(r"projectName['\"]?\s*:\s*['\"]([^'\"]+)", page.text)
        path = f"{root[1] if root else '/EWB-FRONT'}/rest/lightfrontaction/getgovinfolist"
        given = {"deptcode": "", "categorynum": category, "pageIndex": 0, "pageSize": self._SIZE}
        asked = self._ask(urljoin(page.url, path), {**given, "siteGuid": guid}, 0)
        return Turn(asks=(asked,))

    def _answer(self, page: Page) -> Turn:
        """Some hosts count from 1: the page behind the last is asked for too, and index 1 may be
        the first page again, which is no fault. Some want the call in an envelope."""
        count, sent = total(page.text), opened(page.body.decode("utf-8", "replace"))
        wrapped = sent.get("params") if isinstance(sent, dict) else None
        given = wrapped if isinstance(wrapped, dict) else sent
        if not isinstance(given, dict) or given.get("pageIndex") != 0:
            return Turn(promised=count)
        if not count and given is sent:
            return Turn(asks=(self._ask(page.url, given, 0, wrapped=True),))
        pages = min(-(-(count or 0) // self._SIZE), MAX_PAGES)
        indices = range(1, pages + 1) if pages > 1 else ()
        asks = (self._ask(page.url, given, i, wrapped=given is not sent) for i in indices)
        return Turn(asks=tuple(asks), promised=count)

    @staticmethod
    def _ask(url: str, given: Mapping[str, object], index: int, *, wrapped: bool = False) -> Ask:
        call: Mapping[str, object] = {**given, "pageIndex": index}
        call = {"token": "", "params": call} if wrapped else call
        body = json.dumps(call, separators=(",", ":")).encode()
        return Ask(url=url, number=max(index, 1), method="POST", body=body)
