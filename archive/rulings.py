"""What people ruled: one TOML file a case, refused at load when it cannot be meant."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

from parsers.dictionary import columns, indicators
from parsers.errors import RegistryError
from parsers.model import State

FOLDER = "rulings"
Kind = Literal["correction", "confirmation", "missing"]
DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
SHA256 = re.compile(r"[0-9a-f]{64}")
ALWAYS = ("kind", "by", "decided", "why")
CELL = ("capture", "indicator", "printed")
KEYS = {
    "correction": {*ALWAYS, *CELL, "section", "column", "seq", "value", "state", "url"},
    "confirmation": {*ALWAYS, *CELL, "section", "column", "seq", "url"},
    "missing": {*ALWAYS, "agency", "region", "year", "url"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """One case; `id` is the name of its file. A confirmation rules what is printed."""

    id: str
    kind: Kind
    by: str
    decided: str
    why: str
    body: str = ""
    section: str = ""
    indicator: str = ""
    column: str = ""
    seq: int = 0
    printed: str = ""
    state: str = ""
    value: Decimal | None = None
    agency: str = ""
    region_code: str = ""
    year: int | None = None

    @property
    def cell(self) -> tuple[str, str, str, str, int]:
        return self.body, self.section, self.indicator, self.column, self.seq


def rulings(data: Path) -> tuple[Ruling, ...]:
    """All of them by name; RegistryError names the file and the key."""
    found: dict[tuple[object, ...], Ruling] = {}
    _refuse_unread(data / FOLDER)
    for path in sorted((data / FOLDER).glob("*.toml")):
        ruling = load(path)
        what = ruling.cell if ruling.body else (ruling.agency, ruling.region_code, ruling.year)
        if twin := found.get(what):
            raise RegistryError(f"{path}: {twin.id}.toml rules on the same case already")
        found[what] = ruling
    return tuple(found.values())


def _refuse_unread(folder: Path) -> None:
    """A case in a folder inside, or under NAME.TOML, would be passed over without a word."""
    read = set(folder.glob("*.toml"))
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() == ".toml" and path not in read:
            raise RegistryError(f"{path} would not be read: a ruling is {folder}/NAME.toml")


def load(path: Path) -> Ruling:
    """One file."""
    try:
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RegistryError(f"{path}: {error}") from error
    for key, problem in _problems(entry):
        raise RegistryError(f"{path}: {key}: {problem}")
    if entry["kind"] == "missing":
        return _missing(path.stem, entry)
    return _on_cell(path.stem, entry)


def _problems(entry: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    kind = str(entry.get("kind"))
    if kind not in KEYS:
        yield "kind", f"must be one of {', '.join(KEYS)}"
        return
    yield from ((key, f"no such key in a {kind}") for key in sorted(set(entry) - KEYS[kind]))
    needed = (*ALWAYS, *(("agency", "year") if kind == "missing" else CELL))
    yield from ((key, "is missing") for key in needed if key not in entry)
    yield from (
        (key, "must be text that says something")
        for key in ("by", "why")
        if not str(entry[key]).strip() or not isinstance(entry[key], str)
    )
    if not _is_day(entry["decided"]):
        yield "decided", "must be a day, such as 2026-11-25"
    yield from _missing_problems(entry) if kind == "missing" else _cell_problems(entry)


def _is_day(value: object) -> bool:
    try:
        return bool(date.fromisoformat(str(value)))
    except ValueError:
        return False


def _missing_problems(entry: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if not isinstance(entry["agency"], str) or not entry["agency"]:
        yield "agency", "must be the name of a body"
    if type(entry["year"]) is not int:
        yield "year", "must be a year"
    elif _is_day(entry["decided"]) and entry["year"] >= int(str(entry["decided"])[:4]):
        yield "year", f"the report on {entry['year']} was not due when this was decided"


def _cell_problems(entry: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if not isinstance(entry["capture"], str) or not SHA256.fullmatch(entry["capture"]):
        yield "capture", "must be the SHA-256 of the page that was seen"
    if not isinstance(entry["printed"], str):
        yield "printed", "must be the cell's text in quotes"
    if type(entry.get("seq", 0)) is not int:
        yield "seq", "must be a whole number"
    sections = _sections().get(str(entry["indicator"]), ())
    if not sections:
        yield "indicator", f"no form has an indicator {entry['indicator']!r}"
    if entry.get("column", "") not in _columns():
        yield "column", f"no form has a column {entry['column']!r}"
    if entry.get("section", next(iter(sections), "")) not in sections:
        yield "section", f"must be one of {', '.join(sections)}"
    if entry["kind"] == "correction":
        yield from _value_problems(entry)


def _value_problems(entry: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    state = entry.get("state", "number")
    if state not in get_args(State):
        yield "state", f"must be one of {', '.join(get_args(State))}"
    if (state == "number") != ("value" in entry):
        yield "value", "is needed for a number, and for nothing else"
    elif "value" in entry and _decimal(entry["value"]) is None:
        yield "value", "must be a decimal in quotes, such as '154.50'"


def _decimal(value: object) -> Decimal | None:
    """As a page prints it: no exponent, no NaN, and TOML's `true` is no 1."""
    text = str(value) if type(value) in (str, int) else ""
    return Decimal(text) if DECIMAL.fullmatch(text) else None


@cache
def _sections() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for row in indicators():
        found.setdefault(row.id, {})[row.section] = None
    return {name: tuple(sections) for name, sections in found.items()}


@cache
def _columns() -> frozenset[str]:
    return frozenset({"", *(column.id for column in columns())})


def _missing(name: str, entry: Mapping[str, object]) -> Ruling:
    return Ruling(
        id=name,
        kind="missing",
        by=str(entry["by"]),
        decided=str(entry["decided"]),
        why=str(entry["why"]),
        agency="".join(str(entry["agency"]).split()),
        region_code=str(entry.get("region", "")),
        year=cast("int", entry["year"]),
    )


def _on_cell(name: str, entry: Mapping[str, object]) -> Ruling:
    indicator = str(entry["indicator"])
    value = _decimal(entry["value"]) if "value" in entry else None
    return Ruling(
        id=name,
        kind=cast("Kind", entry["kind"]),
        by=str(entry["by"]),
        decided=str(entry["decided"]),
        why=str(entry["why"]),
        body=str(entry["capture"]),
        section=str(entry.get("section", _sections()[indicator][0])),
        indicator=indicator,
        column=str(entry.get("column", "")),
        seq=cast("int", entry.get("seq", 0)),
        printed=str(entry["printed"]),
        state=str(entry.get("state", "number")) if entry["kind"] == "correction" else "",
        value=value,
    )
