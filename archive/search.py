"""Chinese full-text search: one token for each Han character, phrases for words."""

from __future__ import annotations

import re

# 〇 is no ideograph by its block, yet stands in every printed year.
HAN = re.compile("([\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
WORD = re.compile(r'"([^"]*)"|([^\s"]+)')


def spaced(text: str | None) -> str:
    """Text as it is indexed: every Han character a word of its own."""
    return " ".join(HAN.sub(r" \1 ", text or "").split())


def escape_fts(query: str | None) -> str:
    """What a person typed as an FTS5 query: each word a phrase, operators neutralised.

    A phrase in quotes stays one: `"复 议"` asks the same of a Datasette without our function.
    """
    words = (spaced(quoted or word) for quoted, word in WORD.findall(query or ""))
    return " ".join(f'"{word}"' for word in words if word) or '""'
