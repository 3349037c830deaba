"""A Report as rows of facts.db, its digest, and the values that two readings are compared by."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from functools import cache
from hashlib import sha256
from operator import attrgetter
from typing import Any

from archive.numbers import Stored, exact, plain, restore, stored
from archive.stored import storable
from parsers.model import At, Fact, Report

Row = tuple[Stored | str, ...]
Key = tuple[str, str, str, int]  # section, indicator, column, seq
MAGIC = (
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "office"),
    (b"\xd0\xcf\x11\xe0", "office"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
)


@dataclass(frozen=True, slots=True)
class Value:
    """What two readings of one cell are compared by; label and address may move freely."""

    state: str
    text: str  # decimal text of a number, else as printed
    unit: str

    def differs(self, other: Value) -> bool:
        """Blanks and slashes are claims whatever their glyphs; 154.0 and 154 are one number."""
        if (self.state, self.unit) != (other.state, other.unit):
            return True
        if self.state == "number":
            return Decimal(self.text) != Decimal(other.text)
        return self.state == "text" and self.text != other.text


def canonical(report: Report) -> bytes:
    """One spelling of everything read: equal readings have equal bytes, and no time is in it."""
    return _spell(report).encode("utf-8", "surrogatepass")


def output_sha256(spelled: bytes) -> str:
    """The identity of a reading, by its canonical spelling."""
    return sha256(spelled).hexdigest()


def as_json(value: Mapping[str, object]) -> str:
    """A column of JSON: ASCII, in the order of the names."""
    return json.dumps(dict(value), ensure_ascii=True, sort_keys=True, default=str)


def _jsonable(value: object) -> object:
    kind: type = type(value)
    return _speller(kind)(value)


@cache
def _speller(kind: type) -> Callable[[Any], object]:
    """How a type is spelled: looked up once, as a report has hundreds of values."""
    if issubclass(kind, Decimal):
        return plain
    if issubclass(kind, At):
        return At.as_dict
    if issubclass(kind, Mapping):
        return dict
    if is_dataclass(kind):
        names = tuple(sorted(field.name for field in fields(kind)))
        get = attrgetter(*names)
        return lambda value: dict(zip(names, get(value), strict=True))
    raise TypeError(f"{kind.__name__} in a report")


# A report holds no cycles to look for.
_spell = json.JSONEncoder(
    default=_jsonable,
    ensure_ascii=False,
    sort_keys=True,
    separators=(",", ":"),
    check_circular=False,
).encode


def numbered(facts: Sequence[Fact]) -> Iterator[tuple[Key, Fact]]:
    """A number printed again gets seq 1, 2, ... in printed order."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for fact in facts:
        name = (fact.section, fact.indicator, fact.column)
        yield (*name, seen[name]), fact
        seen[name] += 1


def value_of(state: str, number: Stored, exact_text: str | None, raw: str, unit: str) -> Value:
    """A stored fact as compared."""
    value = restore(number, exact_text)
    return Value(state, raw if value is None else plain(value), unit)


_BEYOND = tuple(part.name for part in fields(At) if part.name not in ("table", "row", "cell"))
_beyond_the_table = attrgetter(*_BEYOND)
_NOTHING = (None,) * len(_BEYOND)


def address(at: At) -> Row:
    """table_no, row_no, cell_no, and the whole address as JSON where that says more."""
    more = _beyond_the_table(at) != _NOTHING
    text = json.dumps(at.as_dict(), ensure_ascii=False) if more else ""
    return at.table, at.row, at.cell, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A report as facts.db keeps it: what its row says, and the rows of the other tables."""

    agency: str
    region_code: str
    year: int | None
    told: Row  # the columns of TOLD
    content: dict[str, list[Row]]  # table -> rows without their first column, the reading

    @property
    def facts(self) -> int:
        return len(self.content["facts"])

    def problems(self) -> Iterator[str]:
        """Their codes."""
        return (str(row[1]) for row in self.content["problems"])

    def values(self) -> dict[Key, Value]:
        """The facts as compared."""
        return {
            row[:4]: value_of(row[7], row[5], row[6], row[8], row[9])  # type: ignore[misc, arg-type]
            for row in self.content["facts"]
        }


TOLD = (
    "status", "title", "year", "scope", "form", "edition", "published", "encoding", "evidence",
    "facts", "numbers", "length",
)  # fmt: skip


def kept(report: Report, *, clean: bool = False) -> Kept:
    """`clean`: none of its text holds a lone surrogate, which could not be stored."""
    return Kept(
        agency=storable("".join(report.agency.split())),
        region_code=report.region_code,
        year=report.year,
        told=(
            status(report), storable(report.title), report.year, report.scope, report.form,
            storable(report.edition), report.published, report.encoding,
            as_json(report.evidence),
            len(report.facts), sum(fact.value is not None for fact in report.facts),
            sum(len(text) for _, text in report.texts),
        ),
        content={
            table: rows if clean else [tuple(map(_storable, row)) for row in rows]
            for table, rows in _content(report).items()
        },
    )  # fmt: skip


def _storable(cell: Stored | str) -> Stored | str:
    return storable(cell) if isinstance(cell, str) else cell


def _content(report: Report) -> dict[str, list[Row]]:
    return {
        "tables": [(t.index, t.source, t.caption or "", t.carrier) for t in report.tables],
        "facts": [_fact_row(key, fact) for key, fact in numbered(report.facts)],
        "leftovers": [
            (seq, left.label, left.raw, *address(left.at))
            for seq, left in enumerate(report.leftovers)
        ],
        "problems": [
            (seq, found.code, found.severity, found.detail, *address(found.at))
            for seq, found in enumerate(report.problems)
        ],
        "checks": [
            (seq, check.id, check.per, check.status, stored(check.lhs), stored(check.rhs))
            for seq, check in enumerate(report.checks)
        ],
        "narrative": [
            (
                seq,
                said.indicator,
                stored(said.value),
                stored(said.printed),
                None if said.agrees is None else int(said.agrees),
                said.sentence,
                said.reading,
            )
            for seq, said in enumerate(report.narrative)
        ],
        "texts": [(seq, section, text) for seq, (section, text) in enumerate(report.texts)],
    }


def _fact_row(key: Key, fact: Fact) -> Row:
    return (
        *key,
        fact.form,
        stored(fact.value),
        exact(fact.value),
        fact.state,
        fact.raw,
        fact.unit,
        fact.unit_from,
        fact.label,
        *address(fact.at),
    )


def status(report: Report) -> str:
    """ "ok" with facts; else the loudest thing that was said about their absence."""
    if report.facts:
        return "ok"
    order = {"error": 0, "warning": 1, "info": 2}
    found = min(report.problems, key=lambda problem: order[problem.severity], default=None)
    return found.code if found else "no-table"


def media(body: bytes) -> str:
    """What kind of file the bytes are; the declared type of a portal is no witness."""
    for magic, name in MAGIC:
        if body.startswith(magic):
            return name
    return "html" if b"<" in body[:4096] else "other"
