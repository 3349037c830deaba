"""Hanweb's and TrueCMS's data stores: the first groups stand in the page, the others are asked."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from parsers.answers import markup

from .base import MAX_PAGES, Ask, Page, Turn, others

_NEXT = re.compile(r"<nextgroup>\s*<!\[CDATA\[.*?href=[\"']?([^\">]*?)[\"']?\s*>", re.DOTALL)
_PROXY = re.compile(r"proxyUrl\s*[:=]\s*['\"]([^'\"]+)['\"]")
_TOTAL = re.compile(r"<totalrecord>(\d+)|totalRecord\s*[:=]\s*['\"]?(\d+)", re.IGNORECASE)
_PAGES = re.compile(r"<totalpage>(\d+)|totalPage\s*[:=]\s*['\"]?(\d+)", re.IGNORECASE)
_PER_PAGE = re.compile(r"perPage\s*[:=]\s*['\"]?(\d+)", re.IGNORECASE)
_PARAMETERS = re.compile(r"(?:ajaxParam|params?)\s*[:=]\s*\{([^{}]*)\}", re.IGNORECASE)
_PAIR = re.compile(r"['\"]?(\w+)['\"]?\s*:\s*(?:'([^']*)'|\"([^\"]*)\"|([\w.%/-]+))")
_ROW = re.compile(r"<li\b|<tr\b", re.IGNORECASE)
_GROUP = 3  # pages that one answer carries
_MOST = 100  # rows asked for at once; over 300 the answer is cut
_WINDOW = 20  # TrueCMS: 50 is refused by some sites
_RANGE = frozenset({"page", "perpage", "startrecord", "endrecord"})


class JPage:
    """Three contracts: `page=N` by GET, a range of records by POST, a range by GET."""

    name = "jpage"

    def turn(self, page: Page) -> Turn | None:
        if "dataproxy.jsp" in page.url:
            return _answer(page)
        return _first(page) if "dataproxy.jsp" in page.text else None


def _first(page: Page) -> Turn:
    """Which contract holds is told by what the page gives: a link, or a path and parameters."""
    total, link = _number(_TOTAL, page.text), _NEXT.search(page.text)
    records = page.text.count("<record>")
    if total is not None and 0 < total <= records:
        return Turn(promised=total)
    if link:
        target = urljoin(page.url, html.unescape(link[1]))
        size = (_number(_PER_PAGE, page.text) or 27) * _GROUP
        ask = _by_range(target, 1, size) if "/jslib/" in target else _by_page(target, 1)
        return Turn(asks=(ask,), promised=total)
    return Turn(asks=_posted(page), promised=total)


def _by_page(target: str, number: int) -> Ask:
    return Ask(url=_with(target, page=str(number), perpage=str(_MOST)), number=number)


def _by_range(target: str, number: int, size: int) -> Ask:
    start, end = (number - 1) * size + 1, number * size
    span = {"startrecord": str(start), "endrecord": str(end), "perpage": str(size // _GROUP)}
    return Ask(url=_with(target, **span), number=number)


def _posted(page: Page) -> tuple[Ask, ...]:
    proxy, pairs = _PROXY.search(page.text), _PARAMETERS.search(page.text)
    if not proxy or not pairs:
        return ()
    given = {name: next(filter(None, told), "") for name, *told in _PAIR.findall(pairs[1])}
    size = (_number(_PER_PAGE, page.text) or 15) * _GROUP
    if "/jslib/" in proxy[1]:
        return (_by_range(f"{urljoin(page.url, proxy[1])}?{urlencode(given)}", 1, size),)
    return (_post(urljoin(page.url, proxy[1]), urlencode(given).encode(), 1, size),)


def _post(url: str, body: bytes, number: int, size: int) -> Ask:
    start, end = (number - 1) * size + 1, number * size
    span = {"startrecord": str(start), "endrecord": str(end), "perpage": str(size // _GROUP)}
    return Ask(url=_with(url, **span), number=number, method="POST", body=body)


def _answer(page: Page) -> Turn:
    total, pages = _number(_TOTAL, page.text), _number(_PAGES, page.text)
    size = _size(page)
    records = page.text.count("<record>") or len(_ROW.findall(page.text))
    if page.number == 1 and 0 < records < min(size, total or 0):
        size = records  # the server has a smaller window than its page says
    if size:
        count = -(-total // size) if total is not None else page.number + (records >= size)
        asks = tuple(_again(page, number, size) for number in others(count, page.number))
        return Turn(asks=asks, promised=total)
    if pages is None and page.number == 1 and 0 < records < (total or 0):
        pages = -(-(total or 0) // records)
    if pages is not None:
        asks = tuple(_by_page(page.url, number) for number in others(pages, page.number))
        return Turn(asks=asks, promised=total)
    return Turn(asks=_next_group(page) if records else (), promised=total)


def _next_group(page: Page) -> tuple[Ask, ...]:
    """Its address as it stands: some sites encrypt their ids."""
    link = _NEXT.search(page.text)
    url = urljoin(page.url, html.unescape(link[1])) if link else ""
    number = dict(parse_qsl(urlsplit(url).query)).get("page", "")
    fresh = number.isdecimal() and page.number < int(number) <= MAX_PAGES
    return (Ask(url=url, number=int(number)),) if fresh else ()


def _again(page: Page, number: int, size: int) -> Ask:
    if page.method == "POST":
        return _post(page.url, page.body, number, size)
    return _by_range(page.url, number, size)


def _size(page: Page) -> int:
    """Rows of a range that was asked for; 0 when a page was."""
    asked = dict(parse_qsl(urlsplit(page.url).query))
    start, end = asked.get("startrecord", ""), asked.get("endrecord", "")
    if not start.isdecimal() or not end.isdecimal() or int(end) < int(start):
        return 0
    return int(end) - int(start) + 1


class GetMessage:
    """TrueCMS: a data store in JSONP, asked for in windows of twenty."""

    name = "getmessage"

    def turn(self, page: Page) -> Turn | None:
        if "getMessage.do" in page.url:
            return self._answer(page)
        proxy = re.search(r"['\"]([^'\"]*getMessage\.do)", page.text)
        column = re.search(r"columnId['\"]?\s*[:=]\s*['\"]([\w-]+)", page.text)
        if not proxy or not column:
            return None
        url = f"{urljoin(page.url, proxy[1])}?{urlencode({'columnId': column[1]})}"
        return Turn(asks=(self._window(url, 1),), promised=_number(_TOTAL, page.text))

    def _answer(self, page: Page) -> Turn:
        total = _number(_TOTAL, markup(page.text))
        pages = -(-total // _WINDOW) if total else 1
        asks = tuple(self._window(page.url, number) for number in others(pages, page.number))
        return Turn(asks=asks, promised=total)

    @staticmethod
    def _window(url: str, number: int) -> Ask:
        start = (number - 1) * _WINDOW + 1
        span = {"startrecord": str(start), "endrecord": str(start + _WINDOW - 1)}
        target = _with(url, **span, perpage=str(_WINDOW), callback="cb")
        return Ask(url=target, number=number)


def _with(url: str, **new: str) -> str:
    """The same address with other numbers; what stands there is kept as it is written, once."""
    parts = urlsplit(url)
    kept = [p for p in parts.query.split("&") if p and p.partition("=")[0] not in new]
    kept = [p for p in kept if p.partition("=")[0] not in _RANGE]
    query = "&".join([*dict.fromkeys(kept), urlencode(new)])
    return urlunsplit(parts._replace(query=query))


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return int(next(filter(None, found.groups()))) if found else None
