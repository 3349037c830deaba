"""Rich text format: bytes to tokens, and what its words mean to a reader of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

TokenKind = Literal["open", "close", "word", "symbol", "byte", "text"]

_TOKEN = re.compile(
    rb"(?P<open>\{)|(?P<close>\})|\\'(?P<byte>[0-9a-fA-F]{2})"
    rb"|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?[0-9]{1,10})? ?"
    rb"|\\(?P<symbol>[^a-zA-Z])|(?P<text>[^\\{}\r\n]+)",
    re.DOTALL,
)

# code pages of \fcharset
CHARSETS = {
    0: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    204: "cp1251",
    238: "cp1250",
}
SHOWN = {
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "emdash": "—",
    "endash": "–",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "~": "\u00a0",
    "_": "-",
    "{": "{",
    "}": "}",
    "\\": "\\",
}
# destinations whose text is not displayed in the body, or is displayed a second time
# fmt: off
SKIPPED = frozenset([
    "stylesheet", "info", "pict", "header", "headerl", "headerr", "headerf",
    "footer", "footerl", "footerr", "footerf", "nonshppict", "nonesttables", "shprslt",
    "footnote", "annotation", "xe", "tc", "bkmkstart", "bkmkend", "themedata",
    "datafield", "listtext", "pntext", "listtable", "listoverridetable", "revtbl", "rsidtbl",
    "generator", "filetbl", "objdata",
])
# fmt: on
STARRED_BUT_READ = frozenset(["shpinst", "shptxt", "nesttableprops", "ud", "fldinst"])
PICTURES = frozenset(["pict", "shppict", "objdata"])
# words about characters: what they turn on, or the number they set, by the names of the reader
TOGGLES = {
    "v": "hidden",
    "super": "raised",
    "sub": "raised",
    "strike": "struck",
    "striked": "struck",
    "deleted": "deleted",
    "revised": "inserted",
}
COUNTS = {"uc": ("fallback", 0), "fs": ("size", 24), "cf": ("colour", 0)}
GROUNDS = frozenset(["cbpat", "chcbpat", "highlight", "clcbpat", "clshdng", "shading", "cb"])


@dataclass(frozen=True, slots=True)
class Token:
    kind: TokenKind
    text: str = ""
    number: int | None = None
    raw: bytes = b""


def tokens(body: bytes) -> Iterator[Token]:
    """The tokens of a file in order; binary blobs are stepped over."""
    place = 0
    while match := _TOKEN.search(body, place):
        place = match.end()
        token = _token(match)
        if token.text == "bin" and token.kind == "word":
            place += max(token.number or 0, 0)
            continue
        yield token


def _token(match: re.Match[bytes]) -> Token:
    if match["word"]:
        number = match["number"]
        return Token("word", match["word"].decode("ascii"), int(number) if number else None)
    if match["byte"]:
        return Token("byte", raw=bytes.fromhex(match["byte"].decode("ascii")))
    if match["symbol"]:
        return Token("symbol", match["symbol"].decode("latin-1"))
    if match["text"]:
        return Token("text", raw=match["text"])
    return Token("open" if match["open"] else "close")
