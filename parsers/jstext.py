"""String literals of JavaScript, found in linear time and glued where the script glues them."""

from __future__ import annotations

import base64
import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

OPENING = re.compile(r"""["'`]|//|/\*""")
STRINGS = {
    '"': re.compile(r'(?:[^"\\\n]++|\\(?:\r\n|.))*+"', re.S),
    "'": re.compile(r"(?:[^'\\\n]++|\\(?:\r\n|.))*+'", re.S),
    "`": re.compile(r"(?:[^`\\]++|\\.)*+`", re.S),
}
ESCAPE = re.compile(r"\\(u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r?\n|.)", re.S)
PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
HOLE = "\ufffc"  # where a script puts what it computes: never a number, never an empty cell
TEMPLATE_HOLE = re.compile(r"\$\{[^{}]{0,200}\}")
GLUE = re.compile(r"\s*\+\s*|\s*\)?\s*;?\s*(?:document\.write(?:ln)?\s*\(|[\w.$]{1,60}\s*\+=)\s*")
GLUE_COMPUTED = re.compile(r"\s*\+\s*[\w.$()\[\]]{1,80}\s*\+\s*")
JOIN = re.compile(r"\]\s{0,20}\.\s{0,20}join\s{0,20}\(")
COMMA = re.compile(r"\s*,\s*")
NAME = re.compile(r"""["']?([\w.$]{1,60})["']?\s*[:=]\s*(?:[\w.]{1,40}\s*\(\s*)?$""")
LONGEST_GLUE = 200
BASE64 = re.compile(r"[A-Za-z0-9+/\s]+={0,2}\s*")
HINTS = (
    "<table",
    "%3ctable",
    "%3c%74",
    "&lt;table",
    "\\u003ctable",
    "%253ctable",
    "%u003ctable",
    "%u003c%u0074",
)


@dataclass(slots=True)
class Literal:
    """A literal, or several that one expression joins; `name`: the key or variable it is for."""

    name: str
    start: int
    end: int
    parts: list[str]


def strings(script: str) -> list[tuple[str, str]]:
    """(name, text) of every string a script builds from its literals."""
    found: list[Literal] = []
    joined = max((hit.start() for hit in JOIN.finditer(script)), default=0)
    for start, end, text in _literals(script):
        glue = _glue(script, found[-1], start, text, joined) if found else None
        if glue is None:
            name = NAME.search(script, max(0, start - 150), start)
            found.append(Literal(name.group(1) if name else "", start, end, [text]))
        else:
            found[-1].parts += [glue, text]
            found[-1].end = end
    return [(each.name, "".join(each.parts)) for each in found]


def _glue(script: str, last: Literal, start: int, text: str, joined: int) -> str | None:
    """What stands between two literals in the text they build; None when they are apart."""
    if start - last.end > LONGEST_GLUE:
        return None
    between = script[last.end : start]
    if GLUE.fullmatch(between):
        return ""
    if GLUE_COMPUTED.fullmatch(between):
        return HOLE
    if not COMMA.fullmatch(between):
        return None
    markup = last.parts[-1].rstrip().endswith(">") and text.lstrip().startswith("<")
    return "" if markup or start < joined else None


def _literals(script: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, value) of literals; comments are passed over.

    A literal in quotes ends in its line, so that a stray quote costs one line.
    """
    at = 0
    ended: set[str] = set()  # what has no end any more: asking again would take quadratic time
    while hit := OPENING.search(script, at):
        mark, at = hit.group(), hit.end()
        if mark == "//":
            at = _after(script, "\n", at)
        elif mark == "/*":
            at = _after(script, "*/", at) if "*/" not in ended else at
            if at > len(script):
                ended.add("*/")
                at = hit.end()
        elif mark not in ended:
            closed = STRINGS[mark].match(script, at)
            if closed is None:
                if mark == "`":
                    ended.add(mark)
                continue
            yield hit.start(), closed.end(), _value(script[at : closed.end() - 1], mark)
            at = closed.end()


def _after(script: str, mark: str, at: int) -> int:
    found = script.find(mark, at)
    return found + len(mark) if found >= 0 else len(script) + 1


def _value(source: str, mark: str) -> str:
    if mark == "`" and "${" in source:
        source = TEMPLATE_HOLE.sub(HOLE, source)
    return unescape(source) if "\\" in source else source


def unescape(source: str) -> str:
    """The value of a literal's source."""
    return sound(ESCAPE.sub(_unescaped, source))


def _unescaped(hit: re.Match[str]) -> str:
    code = hit.group(1)
    if code[0] in "ux" and len(code) > 1:
        number = int(code[1:].strip("{}"), 16)
        return chr(number) if number < 0x110000 else "\ufffd"
    if code[0] in "\r\n":
        return ""
    return PLAIN.get(code, code)


def sound(text: str) -> str:
    """Surrogate pairs joined, lone halves replaced: neither can be encoded."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def holds_table(text: str) -> bool:
    """Whether a text holds a table, perhaps escaped once more."""
    lower = text.lower()
    return any(hint in lower for hint in HINTS)


def unwrapped(text: str) -> str:
    """Escapes taken off until a table shows: percent signs, references, backslashes, Base64."""
    for _ in range(4):
        lower = text.lower()
        if "<table" in lower:
            break
        if "%3c" in lower or "%253c" in lower or "%u003c" in lower:
            text = _unquoted(text)
        elif "&lt;" in lower or "&#60;" in lower or "&#x3c;" in lower:
            text = entities.unescape(text)
        elif "\\u003c" in lower or "\\x3c" in lower:
            text = unescape(text)
        else:
            break
    return sound(text)


def _unquoted(text: str) -> str:
    wide = re.sub(r"%u([0-9a-fA-F]{4})", lambda hit: chr(int(hit.group(1), 16)), text)
    plain = unquote(sound(wide))
    return plain if "\ufffd" not in plain else unquote(sound(wide), "gb18030")


def from_base64(text: str) -> bytes:
    """What a long Base64 literal encodes; empty for anything else."""
    if len(text) < 200 or not BASE64.fullmatch(text):
        return b""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        return b""
