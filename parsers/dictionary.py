"""The forms as data: every printed row, its spellings and its unit, from `forms/*.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

from .errors import FormError
from .model import FormId, Section
from .text import full_key, key

Kind = Literal["heading", "count", "amount", "signed"]
FOLDER = Path(__file__).parent / "forms"
FORMS = get_args(FormId)
ROW_KEYS = {"section", "id", "label", "en", "unit", "kind", "parent", "axis", "aliases"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One printed row of a form (in section A one printed value)."""

    form: FormId
    section: Section
    order: int
    id: str
    label: str
    label_en: str
    unit: str
    parent: str
    kind: Kind
    axis: str
    aliases: tuple[str, ...]

    @property
    def keys(self) -> frozenset[str]:
        """Every spelling's comparable core, with and without the bracketed rule."""
        spellings = (self.label, *self.aliases)
        return frozenset(make(text) for text in spellings for make in (key, full_key))


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A value column of an axis: an applicant type or a period."""

    axis: str
    id: str
    label: str
    label_en: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A national or provincial form; `until` 0 means in use."""

    id: FormId
    label: str
    label_en: str
    since: int
    until: int
    source: str
    rows: tuple[Indicator, ...]

    def section(self, section: Section) -> tuple[Indicator, ...]:
        """The rows of one section in printed order."""
        return tuple(row for row in self.rows if row.section == section)


def load(name: str) -> Mapping[str, object]:
    """A data file of the forms; FormError names the file when it cannot be read."""
    path = FOLDER / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FormError(f"{path.name}: {error}") from error


def _indicator(form: FormId, number: int, row: Mapping[str, object]) -> Indicator:
    if unknown := set(row) - ROW_KEYS:
        raise FormError(f"{form}.toml: row {number}: unknown keys {sorted(unknown)}")
    try:
        return Indicator(
            form=form,
            section=cast("Section", row["section"]),
            order=number,
            id=str(row["id"]),
            label=str(row["label"]),
            label_en=str(row["en"]),
            unit=str(row["unit"]),
            parent=str(row.get("parent", "")),
            kind=cast("Kind", row["kind"]),
            axis=str(row.get("axis", "")),
            aliases=tuple(cast("list[str]", row.get("aliases", []))),
        )
    except KeyError as error:
        raise FormError(f"{form}.toml: row {number}: {error} is missing") from error


def _numbered(rows: list[Mapping[str, object]]) -> Iterator[tuple[int, Mapping[str, object]]]:
    counts: dict[object, int] = {}
    for row in rows:
        section = row.get("section")
        counts[section] = counts.get(section, 0) + 1
        yield counts[section], row


def _refuse_duplicates(form: FormId, rows: tuple[Indicator, ...]) -> None:
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if row.section not in get_args(Section) or row.kind not in get_args(Kind):
            raise FormError(f"{form}.toml: {row.id}: unknown section or kind")
        if (row.section, row.id) in seen:
            raise FormError(f"{form}.toml: {row.id} stands twice in section {row.section}")
        seen.add((row.section, row.id))


@cache
def form(form_id: FormId) -> Form:
    """The form of that id; FormError when its file contradicts itself."""
    data = load(form_id)
    printed = cast("list[Mapping[str, object]]", data["rows"])
    rows = tuple(_indicator(form_id, number, row) for number, row in _numbered(printed))
    _refuse_duplicates(form_id, rows)
    return Form(
        id=form_id,
        label=str(data["label"]),
        label_en=str(data["label_en"]),
        since=int(str(data["since"])),
        until=int(str(data["until"])),
        source=str(data["source"]),
        rows=rows,
    )


def forms() -> tuple[Form, ...]:
    """All table-bearing forms, oldest first."""
    return tuple(form(form_id) for form_id in FORMS)


@cache
def columns() -> tuple[Column, ...]:
    """The columns of both axes in printed order."""
    listed = cast("list[Mapping[str, object]]", load("columns")["columns"])
    return tuple(
        Column(
            axis=str(item["axis"]),
            id=str(item["id"]),
            label=str(item["label"]),
            label_en=str(item["en"]),
            aliases=tuple(cast("list[str]", item["aliases"])),
        )
        for item in listed
    )


def indicators() -> tuple[Indicator, ...]:
    """Every row of every form: the indicator dictionary."""
    return tuple(row for each in forms() for row in each.rows)


@cache
def indicator(form_id: FormId, section: Section, name: str) -> Indicator:
    """One dictionary row; KeyError for an unknown id."""
    for row in form(form_id).rows:
        if row.section == section and row.id == name:
            return row
    raise KeyError((form_id, section, name))


@cache
def spellings(form_id: FormId, section: Section) -> Mapping[str, tuple[Indicator, ...]]:
    """Comparable core -> the rows that may print it; several where labels recur."""
    index: dict[str, tuple[Indicator, ...]] = {}
    for row in form(form_id).section(section):
        for core in row.keys:
            index[core] = (*index.get(core, ()), row)
    return index
