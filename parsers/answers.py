"""What a list's own script gets: markup or rows inside JSON, with or without a callback."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from .hrefs import joined
from .model import Candidate
from .titles import judge

_CALLBACK = re.compile(r"\s*[\w.$]+\s*\((?=\s*[{\[])")
_INLINE = re.compile(r"\bitemObj\s*=\s*(\[.*?\])\s*;?\s*(?:</script>|\n)", re.DOTALL)
_LONGEST = 500_000  # characters of one script
_FLAT = re.compile(r"\{[^{}]{12,3000}\}")
_PAIR = re.compile(r"[\"']?(\w+)[\"']?\s*:\s*(\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')")
_ITEMS = r"(?:item|record|row|entry|doc|article)\b"
_ITEM = re.compile(
    rf"<({_ITEMS})[^<>]{{0,200}}>((?:(?!<{_ITEMS}).){{10,5000}}?)</\1>", re.DOTALL | re.IGNORECASE
)
_ELEMENT = re.compile(r"<(\w+)[^>]*>\s*(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))\s*</\1>", re.DOTALL)
_DEPTH = 12
# The surest name first; every one is in use by some system.
_TITLES = ("realtitle", "showTitle", "title", "doctitle", "aT")
_ADDRESSES = (
    "infourl", "url", "puburl", "chnldocurl", "docpuburl", "visiturl", "urls", "aU",
    "linkurl", "href", "link",
)  # fmt: skip
_DATES = (
    "infodate",
    "date",
    "pubDate",
    "inputtime",
    "docreltime",
    "publishedTime",
    "publishTime",
    "dates",
    "aPd",
)
_CHINA = timedelta(hours=8)


def opened(text: str) -> object:
    """The JSON of an answer, out of its callback; None when it is none.

    U+FEFF comes in mid-stream, raw line breaks inside strings.
    """
    plain = text.replace("\ufeff", "").strip()
    if call := _CALLBACK.match(plain):
        plain = plain[call.end() :]
    if not plain.startswith(("{", "[")):
        return None
    try:
        found: object = json.JSONDecoder(strict=False).raw_decode(plain)[0]
    except (ValueError, RecursionError):
        return None
    return found


def markup(text: str) -> str:
    """The list as markup: the text itself, or what a JSON answer carries as `html` or `result`."""
    if text.lstrip()[:1] == "<":
        return text
    carried = (value for _, value in _strings(opened(text)) if "<" in value and "href" in value)
    return next(carried, text)


def json_rows(text: str, url: str, column: str = "") -> tuple[Candidate, ...]:
    """The rows of a JSON answer, or of a JSON list that a page carries in its script."""
    inline = _INLINE.search(text)
    items = _items(opened(inline[1] if inline else text))
    return _distinct(_row(item, url, column) for item in items)


def scripts(tree: LexborHTMLParser) -> list[str]:
    """The scripts that stand in the page itself."""
    return [node.text() or "" for node in tree.css("script:not([src])")]


def script_rows(text: str, url: str, column: str = "") -> tuple[Candidate, ...]:
    """The rows that stand as objects in the scripts of a page: `{title: '...', url: '...'}`."""
    if "<script" not in text.lower():
        return ()
    sources = (script[:_LONGEST] for script in scripts(LexborHTMLParser(text)))
    flats = (flat for source in sources for flat in _FLAT.findall(source))
    items = ({name: _literal(value) for name, value in _PAIR.findall(flat)} for flat in flats)
    rows = (_row(item, url, column) for item in items)
    return _distinct(row for row in rows if row is not None and row.kind != "other")


def item_rows(text: str, url: str, column: str = "") -> tuple[Candidate, ...]:
    """The rows of an XML answer: elements that hold a title and an address."""
    if not text.lstrip("\ufeff \r\n\t").startswith("<?xml"):
        return ()
    items = (
        {name: unescape(data or plain) for name, data, plain in _ELEMENT.findall(item)}
        for _, item in _ITEM.findall(text)
    )
    return _distinct(_row(item, url, column) for item in items)


def _distinct(rows: Iterable[Candidate | None]) -> tuple[Candidate, ...]:
    """The first row of each address."""
    found: dict[str, Candidate] = {}
    for row in rows:
        if row is not None:
            found.setdefault(row.url, row)
    return tuple(found.values())


def _literal(written: str) -> str:
    """A string of a script without its quotes and escapes."""
    inner = written[1:-1].replace("\\'", "'").replace('"', '\\"').replace('\\\\"', '\\"')
    try:
        return str(json.loads(f'"{inner}"', strict=False))
    except ValueError:
        return written[1:-1]


def total(text: str) -> int | None:
    """The number of rows that an answer promises."""
    for item in _dicts(opened(text)):
        for name in ("total", "post_count", "totalCount"):
            if str(item.get(name, "")).isdecimal():
                return int(str(item[name]))
    return None


def _dicts(value: object, depth: int = 0) -> Iterator[Mapping[str, object]]:
    if depth > _DEPTH:
        return
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _dicts(part, depth + 1)


def _strings(value: object) -> Iterator[tuple[str, str]]:
    for item in _dicts(value):
        yield from ((name, one) for name, one in item.items() if isinstance(one, str))


def _items(value: object) -> Iterator[Mapping[str, object]]:
    """Whatever has a title and an address; a title may stand in a `tip` beside the address."""
    for item in _dicts(value):
        tip = item.get("tip")
        merged = {**tip, **item} if isinstance(tip, dict) else item
        if _first(merged, _TITLES) and _first(merged, _ADDRESSES):
            yield merged


def _row(item: Mapping[str, object], url: str, column: str) -> Candidate | None:
    title = " ".join(re.sub(r"<[^>]*>", "", _first(item, _TITLES)).split())
    address = _address(_first(item, _ADDRESSES))
    if not title or not address:
        return None
    target = joined(url, address)
    if not target:
        return None
    judged = judge(title, column=column)
    return Candidate(
        url=target,
        title=title,
        year=judged.year,
        agency=judged.agency,
        kind=judged.kind,
        published=_day(_first(item, _DATES)),
    )


def _first(item: Mapping[str, object], names: tuple[str, ...]) -> str:
    lowered = {name.lower(): value for name, value in item.items()}
    values = (lowered.get(name.lower()) for name in names)
    return next((str(v) for v in values if isinstance(v, str | int) and str(v).strip()), "")


def _address(text: str) -> str:
    """`urls` is JSON inside a string: the page for desks comes first."""
    inner = opened(text)
    if not isinstance(inner, dict):
        return "".join(text.split())
    return next((str(inner[name]) for name in ("pc", "common") if inner.get(name)), "")


def _day(text: str) -> str:
    """An ISO date; seconds or milliseconds since 1970 are those of China."""
    if text.isdecimal() and len(text) in (9, 10, 12, 13):
        seconds = int(text) // (1000 if len(text) > 10 else 1)
        return (datetime.fromtimestamp(seconds, UTC) + _CHINA).date().isoformat()
    found = re.search(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})", text)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else ""
