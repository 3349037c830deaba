"""One request as a page sees it: a connection for reading, what was asked, in which language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from archive.site.words import Language, names, said_or, say
from archive.sqlite import sqlite3

Row = sqlite3.Row


class Missing(Exception):
    """There is no such page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page answers: a template with its values, or bytes of some type."""

    template: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    body: bytes | str = b""
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """`path` are the named parts of the address, `args` its query."""

    db: sqlite3.Connection
    data: Path
    database: str
    language: Language
    path: Mapping[str, str]
    args: Mapping[str, str]
    root: Callable[[str], str]
    origin: str = ""
    address: str = ""  # of the page, without the choice of a language
    built: str = ""  # the day of the published file
    digest: str = ""  # and its SHA-256

    def rows(self, sql: str, *given: object, **named: object) -> list[Row]:
        """All rows of a query."""
        return self.db.execute(sql, named or given).fetchall()

    def row(self, sql: str, *given: object, **named: object) -> Row:
        """The first row; Missing when there is none."""
        found: Row | None = self.db.execute(sql, named or given).fetchone()
        if found is None:
            raise Missing
        return found

    def one(self, sql: str, *given: object) -> object:
        """The first value, or None."""
        found = self.db.execute(sql, given).fetchone()
        return found[0] if found else None

    def text(self, name: str, otherwise: str = "") -> str:
        """A word of the query."""
        return self.args.get(name, otherwise).strip()[:200]

    def whole(self, name: str) -> int | None:
        """A whole number of the query; anything else is none."""
        said = self.args.get(name, "")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None

    def url(self, path: str, **query: object) -> str:
        """An address of this site."""
        asked = {name: value for name, value in query.items() if value not in (None, "")}
        return self.root(path) + (f"?{urlencode(asked)}" if asked else "")

    def say(self, name: str, /, **values: object) -> str:
        """A message."""
        return say(self.language, name, **values)

    def code(self, group: str, code: str) -> str:
        """The name of a code of the data, or the code."""
        return said_or(self.language, f"{group}.{code}", code)

    def case(self, per: str) -> str:
        """What a check is taken over: a row, a column, or a case of its identity."""
        return said_or(self.language, f"case.{per}", self.name(per))

    def name(self, code: str) -> str:
        """The label of an indicator or column, or its id."""
        return names(self.language).get(code, code)
