"""The identities as data: forms/identities.toml, refused as a whole when it contradicts itself."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar, cast, get_args

from parsers.errors import FormError
from parsers.model import FormId, Section

Kind = Literal["hard", "soft"]
Relation = Literal["=", "<=", ">="]
Per = Literal["", "column", "row", "year"]
Total = Literal["left", "right", "both"]
Choice = TypeVar("Choice")

_FILE = Path(__file__).parent / "forms" / "identities.toml"
_TERM = re.compile(r"(-?)(\*|[a-z_0-9]+)(?:@([a-z_]+))?(?:\(N([+-]\d+)?\))?")
_KEYS = {"id", "forms", "section", "kind", "per", "relation", "total", "note"} | {
    *("printed_only", "overflow", "left", "right", "case"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One figure of an identity; `indicator` "*" is the row at hand, `year` 0 is the report's."""

    indicator: str
    column: str = ""  # "" is the column at hand
    sign: int = 1
    year: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One entry of identities.toml, or one of its cases."""

    id: str
    case: str
    forms: tuple[FormId, ...]
    section: Section
    kind: Kind
    per: Per
    relation: Relation
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    total: Total
    printed_only: bool
    overflow: bool
    note: str


@cache
def identities() -> tuple[Identity, ...]:
    """All of them, in the order of the file."""
    return load(_FILE)


def load(path: Path) -> tuple[Identity, ...]:
    """Identities from a file of the shape of identities.toml."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["identity"]
    except (OSError, ValueError, KeyError) as error:
        raise FormError(f"{path.name}: not readable as identities: {error}") from error
    loaded = tuple(one for entry in entries for one in _entry(path.name, entry))
    twice = [key for key, n in Counter((one.id, one.case) for one in loaded).items() if n > 1]
    if twice:
        raise FormError(f"{path.name}: {twice[0][0]} stands twice")
    return loaded


def _entry(file: str, entry: Mapping[str, object]) -> Iterator[Identity]:
    where = f"{file}: {entry.get('id', 'an entry without id')}"
    if unknown := sorted(set(entry) - _KEYS):
        raise FormError(f"{where}: unknown key {unknown[0]}")
    cases = cast("Mapping[str, Mapping[str, object]]", entry.get("case", {"": entry}))
    try:
        for case, sides in cases.items():
            yield _identity(entry, case, sides)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FormError(f"{where}: {error}") from error


def _identity(entry: Mapping[str, object], case: str, sides: Mapping[str, object]) -> Identity:
    return Identity(
        id=str(entry["id"]),
        case=case,
        forms=tuple(_one_of(get_args(FormId), form) for form in _strings(entry["forms"])),
        section=_one_of(get_args(Section), entry["section"]),
        kind=_one_of(get_args(Kind), entry["kind"]),
        per=_one_of(get_args(Per), entry["per"]),
        relation=_one_of(get_args(Relation), entry["relation"]),
        left=tuple(_term(text) for text in _strings(sides["left"])),
        right=tuple(_term(text) for text in _strings(sides["right"])),
        total=_one_of(get_args(Total), entry.get("total", "left")),
        printed_only=bool(entry.get("printed_only", False)),
        overflow=bool(entry.get("overflow", False)),
        note=str(entry.get("note", "")),
    )


def _one_of(allowed: Sequence[Choice], value: object) -> Choice:
    for choice in allowed:
        if choice == value:
            return choice
    raise ValueError(f"{value!r} is none of {', '.join(map(repr, allowed))}")


def _strings(value: object) -> list[str]:
    if not isinstance(value, list) or not value:
        raise ValueError(f"{value!r} is no list of names")
    return [str(item) for item in value]


def _term(text: str) -> Term:
    hit = _TERM.fullmatch(text)
    if hit is None:
        raise ValueError(f"{text!r} is no term")
    sign, indicator, column, year = hit.groups()
    return Term(
        indicator=indicator,
        column=column or "",
        sign=-1 if sign else 1,
        year=int(year or 0),
    )
