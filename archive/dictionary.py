"""The description of gongkai.db: what every table and column holds, in two languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from parsers.errors import FormError

FILE = Path(__file__).parent / "dictionary.toml"
TYPES = frozenset({"INTEGER", "REAL", "TEXT", "ANY"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column; `references` is "table.column" or empty."""

    name: str
    type: str
    zh: str
    en: str
    unit: str
    references: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as it is created and as it is described."""

    name: str
    zh: str
    en: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    without_rowid: bool = False
    virtual: bool = False
    hidden: bool = False  # how another table is stored, of no use to people
    view: str = ""  # the SELECT, where rows are put together from other tables
    rows_of: str = ""  # the table that has a row for each row of the view
    label: str = ""
    facets: tuple[str, ...] = ()
    sort: str = ""
    sort_desc: str = ""

    @property
    def stored(self) -> bool:
        """Whether rows are put into it."""
        return not (self.virtual or self.view)

    @property
    def exported(self) -> bool:
        """The index of words can be made again, and how a view is stored is not for people."""
        return not (self.virtual or self.hidden)

    @property
    def sql(self) -> str:
        """CREATE TABLE; numbers stay what they are in an ANY column, hence STRICT."""
        if self.view:
            return f'CREATE VIEW "{self.name}" AS {self.view.strip()}'
        lines = [f'"{column.name}" {column.type}' for column in self.columns]
        lines.append("PRIMARY KEY ({})".format(", ".join(f'"{name}"' for name in self.key)))
        lines += [
            'FOREIGN KEY ("{}") REFERENCES "{}" ("{}")'.format(
                column.name, *column.references.split(".")
            )
            for column in self.columns
            if column.references
        ]
        joined = ",\n".join(f"  {line}" for line in lines)
        options = "STRICT, WITHOUT ROWID" if self.without_rowid else "STRICT"
        return f'CREATE TABLE "{self.name}" (\n{joined}\n) {options}'


@cache
def tables() -> tuple[Table, ...]:
    """All tables in the order of the file; FormError names what contradicts itself."""
    return tuple(
        _table(name, entry)
        for name, entry in tomllib.loads(FILE.read_text(encoding="utf-8"))["tables"].items()
    )


def _table(name: str, entry: Mapping[str, Any]) -> Table:
    columns = tuple(_column(name, column, cells) for column, cells in entry["columns"].items())
    table = Table(
        name=name,
        zh=entry["zh"],
        en=entry["en"],
        key=tuple(entry["key"]),
        columns=columns,
        without_rowid=entry.get("without_rowid", False),
        virtual=entry.get("virtual", False),
        hidden=entry.get("hidden", False),
        view=entry.get("view", ""),
        rows_of=entry.get("rows_of", ""),
        label=entry.get("label", ""),
        facets=tuple(entry.get("facets", ())),
        sort=entry.get("sort", ""),
        sort_desc=entry.get("sort_desc", ""),
    )
    named = {*table.key, *table.facets, table.label, table.sort, table.sort_desc} - {""}
    if unknown := named - {column.name for column in columns}:
        raise FormError(f"{FILE.name}: {name}: no columns {sorted(unknown)}")
    return table


def _column(table: str, name: str, cells: list[str]) -> Column:
    if len(cells) != 5 or cells[0] not in TYPES or not (cells[1] and cells[2]):
        raise FormError(f"{FILE.name}: {table}.{name}: type, 中文, English, unit, references")
    kind, zh, en, unit, references = cells
    return Column(name=name, type=kind, zh=zh, en=en, unit=unit, references=references)
