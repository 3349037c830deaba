"""FineCMS: the column is a JSON list that the page's script asks for by POST."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote_plus, urlencode, urljoin

from .base import Ask, Page, Turn, others

_API = re.compile(r"api-ajax_list-(\d+)\.html")
# The seven arguments stand in an array of the page's script, under whatever name ...
_ARRAY = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")
_ITEM = re.compile(r"\[([^\[\]]*)\]|'([^']*)'|\"([^\"]*)\"|(\d+)")
_MODULE = re.compile(r"\d+_\w+")
_CLAUSE = re.compile(r"\w+ (?:DESC|ASC)", re.IGNORECASE)
# ... or in a ready query.
_QUERY = re.compile(r"ajax_type\[\]=([^&'\"\s]*)")
_ORDER = ("is_top DESC", "displayorder DESC", "inputtime DESC")
_SIZE = 6  # position of the page size among the seven arguments


class AjaxList:
    """`POST /api-ajax_list-N.html`; the answer counts its rows in `total`."""

    name = "ajax_list"

    def turn(self, page: Page) -> Turn | None:
        api = _API.search(page.url)
        if page.method == "POST" and api:
            return _turn_api(page, int(api[1]))
        arguments = _arguments(page.text)
        if arguments is None:
            return None
        url = urljoin(page.url, "/api-ajax_list-1.html")
        body = urlencode(arguments).encode()
        return Turn(asks=(Ask(url=url, number=1, method="POST", body=body),))


def _turn_api(page: Page, number: int) -> Turn:
    answer = decode(page.text)
    total = int(str(answer["total"]))
    pages = -(-total // _page_size(page.body))
    asks = tuple(
        Ask(
            url=_API.sub(f"api-ajax_list-{other}.html", page.url),
            number=other,
            method="POST",
            body=page.body,
        )
        for other in others(pages, number)
    )
    return Turn(asks=asks, promised=total, pages=pages, echo=None)


def decode(text: str) -> Mapping[str, object]:
    """The answer; ValueError when it is not the list that was asked for."""
    try:
        answer = json.loads(text.lstrip("\ufeff"))
    except RecursionError as error:
        raise ValueError("the answer is nested too deeply") from error
    if not isinstance(answer, dict) or not str(answer.get("total", "")).isdecimal():
        raise ValueError("the answer names no total")
    if not isinstance(answer.get("data"), list):
        raise ValueError("the answer holds no rows")
    return answer


def _arguments(text: str) -> list[tuple[str, str]] | None:
    """The request as the page's own script sends it; None when the page asks for no list."""
    if "ajax_list" not in text:
        return None
    arrays = [array for found in _ARRAY.finditer(text) for array in _arrays(found[1])]
    query = [unquote_plus(value) for value in _QUERY.findall(text.replace("&amp;", "&"))]
    plain = next(filter(_fits, [*arrays, query]), None)
    if plain is None:
        return None
    clauses = next((array for array in arrays if _orders(array)), _ORDER)
    pairs = [("ajax_type[]", value) for value in plain[: _SIZE + 1]]
    pairs += [("ajax_type[7][]", clause) for clause in clauses]
    return [*pairs, ("ajax_type[8]", ""), ("is_ds", "1")]


def _arrays(source: str) -> Iterator[list[str]]:
    """The plain values of an array, then those of the arrays inside it."""
    items = list(_ITEM.finditer(source))
    yield [next(filter(None, item.groups()[1:]), "") for item in items if item[1] is None]
    for item in items:
        if item[1] is not None:
            yield from _arrays(item[1])


def _fits(values: Sequence[str]) -> bool:
    """Module, category, site, table, date format, title length, page size."""
    if len(values) <= _SIZE or not _MODULE.fullmatch(values[0]):
        return False
    return values[_SIZE].isdecimal() and int(values[_SIZE]) > 0


def _orders(values: Sequence[str]) -> bool:
    return bool(values) and all(map(_CLAUSE.fullmatch, values))


def _page_size(body: bytes) -> int:
    plain = _QUERY.findall(unquote_plus(body.decode("ascii", "replace")))
    return int(plain[_SIZE]) if len(plain) > _SIZE and plain[_SIZE].isdecimal() else 20
