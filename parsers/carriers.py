"""Tables that hide in scripts, JSON, fields and escaped text: found, unwrapped, parsed again."""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Iterator
from urllib.parse import unquote

CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
STRING = re.compile(r'"((?:[^"\\]|\\.){40,})"|\'((?:[^\'\\]|\\.){40,})\'', re.S)
FIELD = re.compile(r"<textarea\b[^>]*>(.*?)</textarea", re.S | re.I)
VALUE = re.compile(r"""\bvalue\s*=\s*(?:"([^"]{40,})"|'([^']{40,})')""", re.S | re.I)
TABLE = re.compile(r"<table\b", re.I)
HINTS = ("\\u003c", "\\u003C", "\\x3c", "\\x3C", "%3C", "%3c", "&lt;", "<table", "<TABLE", "<\\/")
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[0-7]{1,3}|\r?\n|.)", re.S)
PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


def embedded(text: str) -> Iterator[tuple[str, str, str]]:
    """(carrier, path, HTML) of every piece of text that holds a table once it is unwrapped."""
    if not any(hint in text for hint in HINTS):
        return
    seen: set[str] = set()
    for carrier, path, piece in _candidates(text):
        if TABLE.search(piece) and piece not in seen:
            seen.add(piece)
            yield carrier, path, piece


def _candidates(text: str) -> Iterator[tuple[str, str, str]]:
    stripped = text.lstrip("\ufeff \t\r\n")
    if stripped[:1] in "{[":
        yield from _of_json(stripped)
    if "<![CDATA[" in text:
        yield "script", "cdata", "".join(CDATA.findall(text))
    for number, hit in enumerate(FIELD.finditer(text)):
        yield "textarea", f"textarea[{number}]", entities.unescape(hit.group(1))
    for number, hit in enumerate(VALUE.finditer(text)):
        yield "value", f"value[{number}]", entities.unescape(hit.group(1) or hit.group(2))
    for number, hit in enumerate(STRING.finditer(text)):
        yield "script", f"string[{number}]", _unwrapped(hit.group(1) or hit.group(2))
    if "&lt;table" in text or "&lt;TABLE" in text:
        yield "escaped", "text", entities.unescape(text)


def _of_json(text: str) -> Iterator[tuple[str, str, str]]:
    """Every string of a JSON document that holds markup, with its path."""
    try:
        waiting: list[tuple[str, object]] = [("$", json.loads(text, strict=False))]
    except ValueError:
        return
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str) and "<" in value:
            yield "json", path, value
        elif isinstance(value, dict):
            waiting.extend((f"{path}.{name}", inner) for name, inner in value.items())
        elif isinstance(value, list):
            waiting.extend((f"{path}[{i}]", inner) for i, inner in enumerate(value))


def _unwrapped(source: str) -> str:
    """A JavaScript string literal's value; percent-escaped text is unescaped once more."""
    text = ESCAPE.sub(_unescaped, source)
    if "%3C" in text or "%3c" in text:
        text = unquote(re.sub(r"%u([0-9a-fA-F]{4})", lambda m: chr(int(m.group(1), 16)), text))
    return entities.unescape(text) if "&lt;" in text and not TABLE.search(text) else text


def _unescaped(hit: re.Match[str]) -> str:
    code = hit.group(1)
    if code[0] in "ux" and len(code) > 1:
        return chr(int(code[1:], 16))
    if code[0] in "\r\n":
        return ""
    return PLAIN.get(code, code)
