"""From printed values to the rows of the official forms, spans included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parsers.model import FormId, Section

from .knowledge import load
from .model import Key, Rows, Td
from .numbers import APPLICANTS

COLUMNS_B = (*APPLICANTS, "total")
PERIODS = ("annual", "cumulative")

Raw = Mapping[Key, str]
Parts = list[dict[str, list[list[str]]]]


def sections(form: FormId) -> tuple[Section, ...]:
    return ("A", "B", "C") if form in ("2019", "2021") else ("S",)


def keys(form: FormId, section: Section, variant: str = "") -> tuple[Key, ...]:
    """Every (indicator, column) that the table prints, in printed order."""
    forms = load("forms")
    if form == "2008":
        rows = forms["form2008"][variant]["rows"]
        return tuple((row[0], period) for row in rows for period in PERIODS)
    if section == "S":
        return tuple((row[0], "") for row in forms["form2014"]["rows"] if row[0])
    if section == "A":
        rows = [row for block in forms[f"a{form}"] for row in block["rows"]]
        return tuple((name, "") for row in rows for name in row[1:])
    if section == "B":
        return tuple((name, column) for name in _names_b(form) for column in COLUMNS_B)
    return tuple((f"{group}_{part}", "") for group in forms["c"]["groups"] for part in _parts_c())


def table(form: FormId, section: Section, raw: Raw, *, variant: str = "", year: int = 0) -> Rows:
    """The table as the form draws it, every cell with its printed text."""
    if form == "2008":
        return _table_2008(raw, variant, year)
    if section == "S":
        return _table_2014(raw)
    if section == "A":
        return tuple(_table_a(form, raw))
    if section == "B":
        return tuple(_table_b(form, raw))
    return _table_c(raw)


def _names_b(form: FormId) -> Iterator[str]:
    forms = load("forms")
    yield from (row[0] for row in forms["b"]["first"])
    yield from (row[0] for part in forms[f"b{form}"] for row in part["rows"])
    yield from (row[0] for row in forms["b"]["last"])


def _parts_c() -> list[str]:
    return list(load("forms")["c"]["parts"])


def _values(raw: Raw, keys: Iterator[Key] | list[Key]) -> tuple[Td, ...]:
    return tuple(Td(raw[key], "value") for key in keys)


def _table_2008(raw: Raw, variant: str, year: int) -> Rows:
    form = load("forms")["form2008"]
    head = tuple(Td(text.replace("{year}", str(year)), "head") for text in form["head"])
    body = tuple(
        (Td(label), Td(unit, "unit"), *_values(raw, [(name, period) for period in PERIODS]))
        for name, label, unit in form[variant]["rows"]
    )
    return (head, *body)


def _table_2014(raw: Raw) -> Rows:
    form = load("forms")["form2014"]
    head = tuple(Td(text, "head") for text in form["head"])
    body = tuple(
        (Td(label), Td(unit, "unit"), Td(raw[name, ""] if name else "", "value"))
        for name, label, unit in form["rows"]
    )
    return (head, *body)


def _table_a(form: FormId, raw: Raw) -> Iterator[tuple[Td, ...]]:
    """Four columns; a block with fewer values lets its last cell run to the edge."""
    for block in load("forms")[f"a{form}"]:
        rest = 5 - len(block["head"])
        yield (Td(block["title"], "block", colspan=4),)
        yield _stretched([Td(text, "head") for text in block["head"]], rest)
        for label, *names in block["rows"]:
            cells = [Td(label), *_values(raw, [(name, "") for name in names])]
            yield _stretched(cells, rest)


def _stretched(cells: list[Td], colspan: int) -> tuple[Td, ...]:
    last = cells[-1]
    return (*cells[:-1], Td(last.text, last.kind, colspan=colspan))


def _table_b(form: FormId, raw: Raw) -> Iterator[tuple[Td, ...]]:
    head, parts = load("forms")["b"], load("forms")[f"b{form}"]
    yield Td(head["corner"], "head", 3, 3), Td(head["top"], "head", 7)
    people, organisations = Td(head["people"], "head", 1, 2), Td(head["organisations"], "head", 5)
    yield people, organisations, Td(head["total"], "head", 1, 2)
    yield tuple(Td(text, "head") for text in head["kinds"])
    for name, label in head["first"]:
        yield Td(label, colspan=3), *_row_b(raw, name)
    yield from _outcomes(raw, parts, Td(head["outcomes"], rowspan=_height(parts)))
    for name, label in head["last"]:
        yield Td(label, colspan=3), *_row_b(raw, name)


def _height(parts: Parts) -> int:
    return sum(len(part["rows"]) for part in parts)


def _row_b(raw: Raw, name: str) -> tuple[Td, ...]:
    return _values(raw, [(name, column) for column in COLUMNS_B])


def _outcomes(raw: Raw, parts: Parts, tall: Td) -> Iterator[tuple[Td, ...]]:
    lead: tuple[Td, ...] = (tall,)
    for part in parts:
        group = str(part["group"])
        if group:
            lead = (*lead, Td(group, rowspan=len(part["rows"])))
        for name, label in part["rows"]:
            yield *lead, Td(label, colspan=1 if group else 2), *_row_b(raw, name)
            lead = ()


def _table_c(raw: Raw) -> Rows:
    form = load("forms")["c"]
    words, total = form["words"][:-1], form["words"][-1]
    once = tuple(Td(word, "head", 1, 2) for word in (*words, total))
    twice = tuple(Td(word, "head") for word in (*words, total, *words, total))
    return (
        (Td(form["reconsideration"], "head", 5), Td(form["suits"], "head", 10)),
        (*once, Td(form["direct"], "head", 5), Td(form["after"], "head", 5)),
        twice,
        _values(raw, list(keys("2021", "C"))),
    )
