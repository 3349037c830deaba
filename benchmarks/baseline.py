"""What a sensible afternoon's reader gets: heads found by their words, rows by their labels.

It sees a grid as rows of texts with spanning cells repeated, so that it can stand on our own grids
as well as on those of pandas. It knows every spelling that our forms know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from parsers.dictionary import spellings
from parsers.model import FormId
from parsers.text import key
from parsers.values import parse_value
from parsers.words import CROSSINGS, applicant, head, is_unit, outcome, period

Key = tuple[str, str, str, str]
Facts = dict[Key, Decimal | None]
Table = Sequence[Sequence[str]]


def read_tables(tables: Iterable[Table]) -> Facts:
    """Facts of all tables of a page."""
    found: Facts = {}
    for table in tables:
        flat = " ".join(text for row in table for text in row)
        if "自然人" in flat:
            found |= _matrix(table, "2021" if "逾期不补正" in flat else "2019")
        elif "结果维持" in flat:
            found |= _remedies(table)
        elif "信息内容" in flat:
            found |= _crossed(table)
        else:
            found |= _listed(table)
    return found


def _listed(table: Table) -> Facts:
    """Three columns under a head: label, unit, value."""
    for number, row in enumerate(table):
        roles = [head(text) or ("value" if period(text) else "") for text in row]
        if "label" in roles and "value" in roles:
            return _rows(table[number + 1 :], row, roles)
    return {}


def _rows(body: Table, heads: Sequence[str], roles: Sequence[str]) -> Facts:
    form: FormId = "2014" if any("统计" in text for text in heads) else "2008"
    known, label = spellings(form, "S"), roles.index("label")
    columns = [i for i, role in enumerate(roles) if role == "value"]
    out: Facts = {}
    for row in body:
        rows = known.get(key(row[label]), ())
        for col in columns if rows and rows[0].kind != "heading" else ():
            name = (period(heads[col]) or "annual") if form == "2008" else ""
            out.setdefault((form, "S", rows[0].id, name), parse_value(row[col].strip()).value)
    return out


def _matrix(table: Table, form: FormId) -> Facts:
    """Applicants across, outcomes down."""
    columns: dict[int, str] = {}
    known, out = spellings(form, "B"), {}
    for row in table:
        named = {i: name for i, text in enumerate(row) if (name := applicant(text))}
        if len(named) >= 5:
            columns = named
            continue
        texts = [text for text in row[: min(columns, default=0)] if text.strip()]
        rows = known.get(key(texts[-1]), ()) if texts else ()
        for col, name in columns.items() if rows and rows[0].kind != "heading" else ():
            out[form, "B", rows[0].id, name] = parse_value(row[col].strip()).value
    return out


def _remedies(table: Table) -> Facts:
    """Three times five values in the row under the heads."""
    names = ("reconsideration", "suit_direct", "suit_after_reconsideration")
    for above, row in pairwise(table):
        results = [outcome(text) for text in above]
        if len(results) == 15 and all(results) and not any(map(outcome, row)):
            return {
                ("", "C", f"{names[i // 5]}_{result}", ""): parse_value(row[i].strip()).value
                for i, result in enumerate(results)
            }
    return {}


def _crossed(table: Table) -> Facts:
    """A row word crossed with the head above."""
    heads: Sequence[str] = ()
    out: Facts = {}
    for row in table:
        if row and head(row[0]) == "label":
            heads = row
            continue
        for name, text in zip(heads[1:], row[1:], strict=False):
            for found in CROSSINGS.get((key(row[0]), key(name)), ())[:1]:
                place = (found.form, "A", found.id, "")
                if not is_unit(text):
                    out.setdefault(place, parse_value(text.strip()).value)
    return out
