"""Pages that a control turns: a choice among addresses, a function of the page, a form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.answers import scripts
from parsers.hrefs import clicked, joined, wraps
from parsers.model import RENDER
from spiders.links import base_of

from .base import MAX_PAGES, NEXT, Ask, Page, Turn, others
from .params import fields_of

_SIGNS = re.compile(r"<select|javascript:|onclick|更多", re.IGNORECASE)
_PAGES = re.compile(r"共(?:\s|&nbsp;|<[^>]*>){0,9}(\d{1,4})(?:\s|&nbsp;|<[^>]*>){0,9}页")
_NUMBER = re.compile(r"[\[(【第]?(\d{1,3})[\])】页]?")
_TURNS = re.compile(r"下一?页|后一?页|[尾末]页|最后一?页|>{1,2}|»|›")
_MORE = re.compile(r"(?:点击)?(?:加载|查看|显示)更多.{0,2}|更多加载")
_CALL = re.compile(
    r"(?:javascript:)?\s*(?:return\s+)?([\w$.]+)\s*\(\s*['\"]?(\d{1,3})['\"]?\s*[,)]"
)
_REACH = 1500  # characters of a function's body
_SENT = re.compile(r"\.submit\s*\(")
_FILLED = (
    r"(?:\.(?P<a>\w+)\.value\s*=\s*{0}\b"
    r"|getElementById\(\s*['\"](?P<b>[\w-]+)['\"]\s*\)\.value\s*=\s*{0}\b"
    r"|\$\(\s*['\"]#(?P<c>[\w-]+)['\"]\s*\)\.val\(\s*{0}\s*\)"
    r"|\[\s*['\"](?P<d>[\w-]+)['\"]\s*\]\.value\s*=\s*{0}\b)"
)
_PART = r"(?:\"[^\"\n]*\"|'[^'\n]*'|\(?\s*{0}\s*(?:-\s*1\s*)?\)?)"
_MOVED = r"(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\s*\(|open\s*\()\s*"


@dataclass(frozen=True)
class _Controls:
    """The controls of one page of a list."""

    page: Page

    @cached_property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.page.text)

    @cached_property
    def base(self) -> str:
        return base_of(self.tree, self.page.url)

    @cached_property
    def script(self) -> str:
        return "\n".join(scripts(self.tree))

    @cached_property
    def calls(self) -> Mapping[int, str]:
        """Page number -> function, of everything that a person would press to turn the page."""
        found: dict[int, str] = {}
        for node in self._pressed("a, [onclick], option"):
            text = _text(node)
            if _NUMBER.fullmatch(text) or _TURNS.fullmatch(text):
                for name, number in _CALL.findall(_told(node)):
                    found.setdefault(int(number), name)
        return found

    def addresses(self) -> Iterator[tuple[int, str]]:
        """Page number and address of choices, and of what a click opens."""
        for node in self._pressed("option[value], [onclick], a[href^='javascript:' i]"):
            text = _text(node)
            number = _NUMBER.fullmatch(text)
            value = node.attributes.get("value") or "" if node.tag == "option" else ""
            href = value if "." in value or "/" in value or "?" in value else clicked(_told(node))
            if href and number:
                yield int(number[1]), joined(self.base, href)
            elif href and text in NEXT:
                yield self.page.number + 1, joined(self.base, href)

    def has_more(self) -> bool:
        """A button that brings more rows into the page."""
        for node in self.tree.css("a, button, div, span, p"):
            inner = "a, button, div, p, span" if node.tag == "span" else "a, button, div, p"
            if wraps(node, inner) or not _MORE.fullmatch(_text(node)):
                continue
            if _is_shown(node) and not _leads(node):
                return True
        return False

    def _pressed(self, selector: str) -> Iterator[LexborNode]:
        """What is pressed itself, not what stands round it."""
        return (node for node in self.tree.css(selector) if not wraps(node, "[onclick]"))


class Controls:
    """What cannot be followed from here is told, so that no column ends silently at page 1."""

    name = "controls"

    def turn(self, page: Page) -> Turn | None:
        if page.method == RENDER or not _SIGNS.search(page.text):
            return None
        controls = _Controls(page)
        told = _PAGES.search(page.text)
        pages = max([int(told[1]) if told else 1, *controls.calls])
        asks = _chosen(controls) or _called(controls, pages)
        if asks:
            return Turn(asks=asks, pages=pages if pages > 1 else None)
        if page.number == 1 and (pages > 1 or controls.has_more()):
            return Turn(pages=pages if pages > 1 else None, drawn=True)
        return None


def _chosen(controls: _Controls) -> tuple[Ask, ...]:
    """Addresses of the same place, each with its number beside it."""
    page, here = controls.page, urlsplit(controls.page.url)
    asks = {
        url: Ask(url=url, number=number)
        for number, url in controls.addresses()
        if 1 < number <= MAX_PAGES
        and number != page.number
        and _is_near(url, here.netloc, page.url)
    }
    return tuple(asks.values())


def _is_near(url: str, site: str, here: str) -> bool:
    folder = urlsplit(here).path.rpartition("/")[0]
    there = urlsplit(url)
    return there.netloc == site and there.path.startswith(folder) and url != here


def _called(controls: _Controls, pages: int) -> tuple[Ask, ...]:
    """From the first page all others; from a later one the next, where no page tells how many."""
    names = set(controls.calls.values())
    page = controls.page
    if page.number == 1:
        numbers = others(pages, 1)
    else:
        numbers = tuple(n for n in (page.number + 1,) if n in controls.calls and n <= MAX_PAGES)
    for name in sorted(names):
        parameter, body = _function(controls.script, name)
        asks = [_by_address(controls, parameter, body, number) for number in numbers]
        if not all(asks):
            asks = [_by_form(controls, parameter, body, number) for number in numbers]
        if asks and all(asks):
            return tuple(ask for ask in asks if ask)
    return ()


def _function(script: str, name: str) -> tuple[str, str]:
    """The first parameter and the beginning of the body."""
    plain = re.escape(name.rpartition(".")[2])
    head = re.search(
        rf"(?:function\s+{plain}|\b{plain}\s*[=:]\s*function)\s*\(\s*(\w+)[^)]*\)\s*\{{", script
    )
    if head is None:
        return "", ""
    return head[1], script[head.end() : head.end() + _REACH].partition("function ")[0]


def _by_address(controls: _Controls, parameter: str, body: str, number: int) -> Ask | None:
    """`location.href = "list_" + n + ".html"`; in some scripts the address counts from 0."""
    if not parameter:
        return None
    part = _PART.format(parameter)
    for found in re.finditer(rf"{_MOVED}({part}(?:\s*\+\s*{part})+)", body):
        names = re.search(rf"[^\"'\w]{parameter}\b|^{parameter}\b", _unquoted(found[1]))
        if names:
            url = joined(controls.base, _filled(found[1], parameter, number))
            return Ask(url=url, number=number) if url else None
    return None


def _unquoted(source: str) -> str:
    return re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", "''", source)


def _filled(source: str, parameter: str, number: int) -> str:
    parts = re.findall(_PART.format(parameter), source)
    texts = (
        part[1:-1] if part[0] in "\"'" else str(number - 1 if "-" in part else number)
        for part in (one.strip() for one in parts)
    )
    return "".join(texts)


def _by_form(controls: _Controls, parameter: str, body: str, number: int) -> Ask | None:
    """`form.page.value = n; form.submit()`: every field of the form goes along."""
    if not parameter or not _SENT.search(body):
        return None
    filled = re.search(_FILLED.replace("{0}", re.escape(parameter)), body)
    if filled is None:
        return None
    field = next(name for name in filled.groups() if name)
    form = next((f for f in controls.tree.css("form") if _holds(f, field)), None)
    if form is None:
        return None
    sent = form.css("input[type=hidden], input[type=text], input:not([type])")
    fields = {**fields_of(sent), _name(form, field): str(number)}
    url = joined(controls.base, form.attributes.get("action") or "") or controls.page.url
    if (form.attributes.get("method") or "get").lower() == "post":
        return Ask(url=url, number=number, method="POST", body=urlencode(fields).encode())
    return Ask(url=f"{url.partition('?')[0]}?{urlencode(fields)}", number=number)


def _holds(form: LexborNode, field: str) -> bool:
    return any(field in (_of(one, "name"), _of(one, "id")) for one in form.css("input, select"))


def _name(form: LexborNode, field: str) -> str:
    """The name that goes over the wire; scripts may know the field by its id."""
    inputs = form.css("input, select")
    return next((_of(one, "name") for one in inputs if _of(one, "id") == field), "") or field


def _text(node: LexborNode) -> str:
    return "".join(node.text(deep=True).split())


def _of(node: LexborNode, attribute: str) -> str:
    return node.attributes.get(attribute) or ""


def _told(node: LexborNode) -> str:
    href = _of(node, "href")
    script = href if href.lower().startswith("javascript:") else ""
    return f"{_of(node, 'onclick')};{script}"


def _leads(node: LexborNode) -> bool:
    """Whether it is, or stands in, a link to another page."""
    around: LexborNode | None = node
    while around is not None and around.tag != "a":
        around = around.parent
    href = _of(around, "href").strip().lower() if around is not None else ""
    return bool(href) and not href.startswith(("javascript:", "#"))


def _is_shown(node: LexborNode) -> bool:
    return "none" not in _of(node, "style")
