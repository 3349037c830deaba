"""What a bare answer of an API, JSON without a page, says of its article: title, date, body."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone

from .jstext import holds_table
from .model import Document
from .witnesses import words

CALLBACK = re.compile(r"[\w.$]{1,80}\s*\((.*)\)\s*;?\s*", re.S)
BEIJING = timezone(timedelta(hours=8))
EPOCH = range(1_000_000_000, 2_500_000_000)  # seconds from 2001 to 2049; three digits more are ms
DEEPEST = 12
LONGEST = 300  # characters of a title, a date or a name

Record = Mapping[str, object]


def described(text: str) -> Document:
    """A document without tables that knows what the answer calls its article.

    Where several articles print tables, nothing says whose page this is: it knows nothing.
    """
    found = list(_articles(text))
    if len(found) != 1:
        return Document()
    chain = found[0]
    title = _said(chain, "json_title")
    metas = {
        "ArticleTitle": title,
        "PubDate": _day(_said(chain, "json_published")),
        "ContentSource": _said(chain, "json_body"),
    }
    return Document(title=title, metas=tuple((name, said) for name, said in metas.items() if said))


def _articles(text: str) -> Iterator[tuple[Record, ...]]:
    """Objects that hold a string with a table, each with the objects round it, innermost first."""
    called = CALLBACK.fullmatch(text)
    try:
        waiting: list[tuple[object, tuple[Record, ...]]] = [
            (json.loads(called[1] if called else text, strict=False), ())
        ]
    except (ValueError, RecursionError):
        return
    while waiting:
        value, chain = waiting.pop()
        if isinstance(value, list) and len(chain) < DEEPEST:
            waiting.extend((each, chain) for each in value)
        elif isinstance(value, dict) and len(chain) < DEEPEST:
            inner = (value, *chain)
            if any(isinstance(each, str) and holds_table(each.lower()) for each in value.values()):
                yield inner
            waiting.extend((each, inner) for each in value.values())


def _said(chain: tuple[Record, ...], kind: str) -> str:
    """The first value under a key of that kind, in the object itself, then in those round it."""
    for record in chain:
        named = {_plain(name): value for name, value in record.items()}
        for name in words()[kind]:
            value = named.get(name)
            if isinstance(value, str | int) and not isinstance(value, bool) and value:
                return str(value).strip()[:LONGEST]
    return ""


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def _day(said: str) -> str:
    """A date as printed, or the day in China of a count of seconds or milliseconds."""
    if said.isdigit() and len(said) in (10, 13):
        seconds = int(said) // (1000 if len(said) == 13 else 1)
        if seconds in EPOCH:
            return datetime.fromtimestamp(seconds, BEIJING).date().isoformat()
    return said
