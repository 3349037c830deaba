"""Two languages: messages of the site, labels of the dictionary."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from parsers import dictionary

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
COOKIE = "gongkai_lang"
FILE = Path(__file__).parent / "messages.toml"


@cache
def messages() -> Mapping[str, Mapping[str, str]]:
    """ "group.name" -> zh and en."""
    groups = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        f"{group}.{name}": said for group, names in groups.items() for name, said in names.items()
    }


def say(language: Language, name: str, /, **values: object) -> str:
    """The message, with its values filled in."""
    return messages()[name][language].format(**values)


def said_or(language: Language, name: str, otherwise: str) -> str:
    """A message for a code of the data, with what stands behind its colon as it is; codes that have
    none stand for themselves."""
    known, colon, detail = name.partition(": ")
    said = messages().get(name) or messages().get(known)
    if said is None:
        return otherwise
    mark = "：" if language == "zh" else colon
    return said[language] + mark + detail if detail and name not in messages() else said[language]


def language_of(asked: str, cookie: str, accepted: str) -> Language:
    """What was asked for, what was chosen before, what the browser prefers; else Chinese."""
    for name in (asked, cookie):
        if name in LANGUAGES:
            return name
    wanted = accepted.strip().lower()
    return "zh" if not wanted or wanted.startswith("zh") else "en"


@cache
def labels(language: Language) -> Mapping[tuple[str, str, str], str]:
    """(form, section, indicator) -> its label."""
    return {
        (row.form, row.section, row.id): row.label if language == "zh" else row.label_en
        for row in dictionary.indicators()
    }


@cache
def names(language: Language) -> Mapping[str, str]:
    """indicator or column -> the label in the newest form that prints it."""
    newest = {
        row.id: row.label if language == "zh" else row.label_en for row in dictionary.indicators()
    }
    columns = {
        column.id: column.label if language == "zh" else column.label_en
        for column in dictionary.columns()
    }
    return {**columns, **newest}
