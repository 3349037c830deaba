"""Where tables hide: scripts, JSON, XML islands, fields, attributes, escaped text, templates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from .decode import decode
from .errors import Undecodable
from .jstext import from_base64, holds_table, sound, strings, unwrapped
from .page import Carrier

CALLBACK = re.compile(
    r"\s*(?:[\w.$]{1,80}\s*\(|(?:var|let|const)\s+[\w$]{1,60}\s*=|[\w.$]{1,80}\s*=[^=])"
)
ROW = re.compile(r"<t[dr][\s>]", re.I)
MOST_SCRIPTS = 3_000
MOST_TEXT = 6_000_000  # characters of all scripts together
OPEN, CLOSE = "<![CDATA[", "]]>"


def body_script(text: str) -> Carrier | None:
    """The whole body as a carrier when it is JSON or a script and no page."""
    head = text[:400].lstrip("\ufeff \t\r\n;")
    if head.startswith(("{", "[")) or (CALLBACK.match(head) and not head.startswith("<")):
        return Carrier("json" if head[0] in "{[" else "script", "$", text.lstrip("\ufeff \t\r\n;"))
    return None


def embedded(carriers: Sequence[Carrier], text: str) -> Iterator[Carrier]:
    """The HTML of every carrier that holds a table once it is unwrapped, each text once."""
    seen: set[str] = set()
    for found in _opened(carriers, text):
        html = unwrapped(found.text)
        if "<table" in html.lower() and html not in seen:
            seen.add(html)
            yield Carrier(found.kind, found.path, html)


def _opened(carriers: Sequence[Carrier], text: str) -> Iterator[Carrier]:
    if OPEN in text:
        yield from _islands(text)
    left = MOST_TEXT
    for number, carrier in enumerate(carriers[:MOST_SCRIPTS]):
        left -= len(carrier.text)
        if left < 0:
            return
        path = carrier.path if carrier.kind == "json" else f"{carrier.path}[{number}]"
        if carrier.kind == "json":
            yield from _of_json(carrier.text)
        elif carrier.kind == "script":
            yield from _of_script(carrier.text, path)
        else:
            yield Carrier(carrier.kind, path, carrier.text)


def _islands(text: str) -> Iterator[Carrier]:
    """CDATA sections of XML; those that only guard a script are the script's own."""
    number = at = 0
    while (start := text.find(OPEN, at)) >= 0:
        end = text.find(CLOSE, start)
        at = end if end >= 0 else len(text)
        if not text[max(0, start - 4) : start].rstrip().endswith(("//", "/*")):
            yield Carrier("cdata", f"cdata[{number}]", text[start + len(OPEN) : at])
        number += 1


def _of_script(script: str, path: str) -> Iterator[Carrier]:
    lower = script.lower()
    if script.lstrip()[:1] == "<" and OPEN not in script:  # an island or a template of markup
        yield Carrier("script", path, script)
        return
    if not holds_table(lower) and "atob" not in lower and "\\x3c" not in lower:
        return
    for number, (name, text) in enumerate(strings(script)):
        where = f"{path}.{name}" if name else f"{path}.string[{number}]"
        if holds_table(text):
            yield Carrier("script", where, text)
        elif body := from_base64(text):
            yield from _decoded(body, where)


def _decoded(body: bytes, path: str) -> Iterator[Carrier]:
    try:
        yield Carrier("script", f"{path}.base64", decode(body).text)
    except Undecodable:
        return


def _of_json(text: str) -> Iterator[Carrier]:
    """Every string of a JSON document, in its order, with its path; a broken one as a script."""
    try:
        waiting: list[tuple[str, object]] = [("$", json.loads(text, strict=False))]
    except (ValueError, RecursionError):
        yield from _of_script(text, "$")
        return
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            yield Carrier("json", path, sound(value))
        elif isinstance(value, dict):
            waiting.extend((f"{path}.{name}", value[name]) for name in reversed(value))
        elif isinstance(value, list):
            waiting.extend((f"{path}[{i}]", value[i]) for i in reversed(range(len(value))))
