"""narrative.toml: how reports tell their numbers, and when a sentence must not be compared."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict

from parsers.errors import FormError

_FILE = Path(__file__).parent / "narrative.toml"
_NAME = re.compile(r"\{([a-z_]+)\}")
# No range, no date, no document number; a number that may be cut in two is none.
NUMBER = (
    r"(?P<about>大约|约|将近|近|超过|超|逾|不足|至少|突破)?"
    r"(?<!\d)(?<!\d[.,\-至到 ])(?<![A-Za-z第〔\[])(?P<n>\d+(?:\.\d+)?)(?!\d)(?![.,\-至到 ]\d)"
    r"(?P<scale>[百千万亿]?)(?P<more>余|多|来|几)?"
)


class _RowEntry(TypedDict):
    forms: list[str]
    indicator: str
    readings: list[str]


_Entry = TypedDict(
    "_Entry",
    {
        "group": str,
        "patterns": list[str],
        "rows": list[_RowEntry],
        "whole": NotRequired[bool],
        "chapters": NotRequired[list[str]],
        "near": NotRequired[str],
        "vague": NotRequired[bool],
        "not": NotRequired[str],  # no name in Python, hence this spelling
    },
)


class _OutcomesEntry(TypedDict):
    topic: str
    forms: list[str]
    readings: dict[str, list[str]]


class _DisputesEntry(TypedDict):
    near: str
    units: str
    topics: dict[str, str]
    named_after: str
    all_upheld: str
    endings: dict[str, str]
    row: list[_OutcomesEntry]


@dataclass(frozen=True, slots=True)
class Row:
    """What a claim means in some forms: the row of its first reading, and all its readings."""

    forms: tuple[str, ...]
    indicator: str
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One way to tell a figure."""

    group: str
    whole: bool
    patterns: tuple[re.Pattern[str], ...]
    rows: tuple[Row, ...]
    chapters: tuple[str, ...]
    near: re.Pattern[str] | None
    never: re.Pattern[str] | None
    vague: bool


@dataclass(frozen=True, slots=True)
class Signs:
    """Words that say a number is not, or perhaps not, what the table prints."""

    veto: re.Pattern[str]
    doubt: re.Pattern[str]
    part: re.Pattern[str]
    own: re.Pattern[str]
    office: re.Pattern[str]
    plain: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the total, or one kind of ending, of reviews or suits means."""

    topic: str
    ending: str
    row: Row


@dataclass(frozen=True, slots=True)
class Disputes:
    """How reviews and suits are told."""

    near: re.Pattern[str]
    number: re.Pattern[str]
    topics: Mapping[str, re.Pattern[str]]
    named_after: re.Pattern[str]
    all_upheld: re.Pattern[str]
    endings: Mapping[str, re.Pattern[str]]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """All of narrative.toml."""

    claims: tuple[Claim, ...]
    signs: Signs
    chapters: Mapping[str, str]
    disputes: Disputes


@cache
def phrases() -> Phrases:
    """The data file, its patterns compiled."""
    return load(_FILE)


def load(path: Path) -> Phrases:
    """Phrases from a file of the shape of narrative.toml."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        words = data["words"]
        signs = {name: value for name, value in data["signs"].items() if name != "plain"}
        plain = tuple(re.compile(pattern) for pattern in data["signs"]["plain"])
        return Phrases(
            claims=tuple(_claim(entry, words) for entry in data["claim"]),
            signs=Signs(plain=plain, **{name: re.compile(text) for name, text in signs.items()}),
            chapters=data["chapters"],
            disputes=_disputes(data["disputes"]),
        )
    except (OSError, ValueError, KeyError, TypeError, re.error) as error:
        raise FormError(f"{path.name}: {error}") from error


def _claim(entry: _Entry, words: Mapping[str, str]) -> Claim:
    near, never = entry.get("near"), entry.get("not")
    return Claim(
        group=entry["group"],
        whole=entry.get("whole", False),
        patterns=tuple(_pattern(text, words) for text in entry["patterns"]),
        rows=tuple(
            Row(tuple(row["forms"]), row["indicator"], tuple(row["readings"]))
            for row in entry["rows"]
        ),
        chapters=tuple(entry.get("chapters", ())),
        near=_pattern(near, words) if near else None,
        never=_pattern(never, words) if never else None,
        vague=entry.get("vague", False),
    )


def _pattern(text: str, words: Mapping[str, str]) -> re.Pattern[str]:
    """The pattern with its {names} filled in; an unknown name is a mistake of the file."""
    return re.compile(_NAME.sub(lambda hit: {"n": NUMBER, **words}[hit[1]], text))


def _disputes(entry: _DisputesEntry) -> Disputes:
    return Disputes(
        near=re.compile(entry["near"]),
        number=_pattern("{n}" + entry["units"], {}),
        topics={topic: re.compile(text) for topic, text in entry["topics"].items()},
        named_after=re.compile(entry["named_after"]),
        all_upheld=re.compile(entry["all_upheld"]),
        endings={ending: re.compile(text) for ending, text in entry["endings"].items()},
        outcomes=tuple(
            Outcome(row["topic"], ending, _row(row["forms"], readings))
            for row in entry["row"]
            for ending, readings in row["readings"].items()
        ),
    )


def _row(forms: list[str], readings: list[str]) -> Row:
    return Row(tuple(forms), readings[0].split()[0].split("@")[0], tuple(readings))
