"""Match forms of printed text. They serve comparison only: what is stored is always as printed."""

from __future__ import annotations

import re
from functools import lru_cache

from .radicals import RADICALS

# White space, and the characters that take no room: zero width, joiners, soft hyphen, BOM.
BLANK = re.compile(
    "[\\s\u00a0\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u2028-\u202f\u205f-\u2064\u3000\u3164\ufeff]+"
)
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u3164\ufeff]+"
)
ORDINAL = re.compile(
    "(?:"
    "[(][一二三四五六七八九十]{1,3}[)]"
    "|[一二三四五六七八九十]{1,3}[、.,)]"
    r"|[(]\d{1,2}[)]|\d{1,2}(?:[、)]|[.,](?!\d))"
    "|[①-⑳⑴-⒇⒈-⒛㈠-㈩]"
    ")"
)
AMONG = re.compile("^其中[:,]?")
TAIL = re.compile(r"\([^()]*\)?")
NOISE = re.compile("[^0-9A-Za-z\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
LEADING_DIGITS = re.compile(r"^\d{1,2}(?=[\u3400-\u9fff])")


def _folding() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for group, plain in (
        ("﹝〔［[【﹙", "("),
        ("﹞〕］]】﹚", ")"),
        ("：", ":"),
        ("，", ","),
        ("．。", "."),
    ):
        table |= {ord(char): plain for char in group}
    return table | RADICALS  # PDF text layers write radicals for characters


FOLDING = _folding()


@lru_cache(maxsize=32768)
def squeeze(text: str) -> str:
    """All white space and invisible characters out: labels are padded and wrapped at will."""
    return BLANK.sub("", text)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Label text for matching: squeezed, width, brackets and radicals folded."""
    return squeeze(text).translate(FOLDING)


def strip_ordinals(folded: str) -> str:
    """`其中：1.涉及国家秘密` -> `涉及国家秘密`; ordinals and 其中 come in any order."""
    while True:
        shorter = AMONG.sub("", folded)
        if hit := ORDINAL.match(shorter):
            shorter = shorter[hit.end() :]
        if shorter == folded:
            return folded
        folded = shorter


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """The comparable core of a label: no ordinal, no bracketed rule, no punctuation."""
    bare = strip_ordinals(fold(text))
    short = TAIL.sub("", bare)
    core = NOISE.sub("", short) or NOISE.sub("", bare)
    return LEADING_DIGITS.sub("", core)


@lru_cache(maxsize=65536)
def full_key(text: str) -> str:
    """As `key`, with the bracketed rule kept: a label wrapped into two rows ends in it."""
    return LEADING_DIGITS.sub("", NOISE.sub("", strip_ordinals(fold(text))))


@lru_cache(maxsize=16384)
def ordinal(text: str) -> str:
    """The printed ordinal, folded (`(一)`, `3.`), or an empty string."""
    bare = AMONG.sub("", fold(text))
    hit = ORDINAL.match(bare)
    return hit.group() if hit else ""
