"""Values that pass between the makers of pages; plain data, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from parsers.model import FormId, Scope, Section, State

Key = tuple[str, str]  # indicator, column
Numbers = Mapping[Key, Decimal]
CellKind = Literal["block", "head", "label", "unit", "value"]
Expectation = Literal["report", "noise", "robots"]


class Printed(NamedTuple):
    """One printed value as a careful person would write it down."""

    form: FormId
    section: Section
    indicator: str
    column: str
    value: str | None
    state: State


class Disagreement(NamedTuple):
    """A number of the prose for which no admissible reading of the table exists."""

    indicator: str
    text: str
    table: str


@dataclass(frozen=True, slots=True)
class Td:
    """A cell before markup; "|" in `text` is where a page may break the line."""

    text: str
    kind: CellKind = "label"
    colspan: int = 1
    rowspan: int = 1


Rows = tuple[tuple[Td, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Who reports. `office` is the part that compiles the report."""

    id: str
    name: str
    region: str
    scope: Scope
    office: str
    scale: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One line of a site's data file: a row of its report column and the page behind it."""

    id: int
    title: str
    published: str
    body: str = ""  # empty: noise, `text` is the whole article
    text: str = ""
    kind: str = "other"  # how a person would file the row: a RowKind of parsers.model
    year: int = 0
    form: FormId = "2014"
    variant: str = ""  # of form 2008
    style: str = "plain"
    mess: tuple[str, ...] = ()
    zeros: str = "0"  # how a zero is printed
    blank_totals: bool = False
    cells: Mapping[str, str] = field(default_factory=dict)  # printed text that overrides a number
    units: Mapping[str, str] = field(default_factory=dict)  # unit printed inside the cell
    add: Mapping[str, int] = field(default_factory=dict)  # what was mistyped or corrected
    breaks: tuple[str, ...] = ()  # identities that this page itself breaks
    disagrees: Mapping[str, int] = field(default_factory=dict)  # prose minus table
    script: str = ""  # name of a data file with numbers and prose of its own
    charset: str = "utf-8"
    edition: str = ""
    cover: str = ""
    attachment: bool = False
    volatile: bool = False
    folder: str = ""  # another directory of the same host


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a perfect reader finds on one page."""

    portal: str
    path: str
    title: str
    agency: str
    region_code: str
    year: int
    scope: Scope
    form: FormId
    edition: str
    published: str
    facts: tuple[Printed, ...]
    units: Mapping[str, str]  # indicator -> unit that stands in the cell
    breaks: tuple[str, ...]
    disagreements: tuple[Disagreement, ...]
    files: tuple[str, ...]  # paths of attachments; they hold the same tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a report column and what a crawler should make of it."""

    portal: str
    path: str
    title: str
    published: str
    kind: str
    expect: Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One thing that changes between two crawls; `new_path` differs when the page moved."""

    portal: str
    path: str
    kind: Literal["edited", "republished", "volatile"]
    new_path: str
    indicator: str = ""
    column: str = ""
    old: str | None = None
    new: str | None = None
