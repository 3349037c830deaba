"""Whole pages with their truth: a spec drawn at random, or given part by part."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from parsers.model import FormId

from . import damage, figures, neighbours, records, sections, surroundings, wild, wording
from .markup import CARRIERS, ENCODINGS, MUTATIONS, Cell, Markup, carried, encoded
from .printed import Printed
from .sections import Pieces
from .sheets import Key, Sheet, a_sheet, b_sheet, c_sheet, s_sheet

KINDS = ("2008", "2008-coded", "2014", "2019", "2021", "hybrid")
TITLES = {"A": "二、主动公开政府信息情况", "B": "三、收到和处理政府信息公开申请情况",
          "C": "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况"}  # fmt: skip
NATIONAL = {
    "A": (*sections.A_LAYOUTS, *wild.A_WILD),
    "B": (*sections.B_LAYOUTS, *wild.B_WILD),
    "C": (*sections.C_LAYOUTS, *wild.C_WILD),
}


@dataclass(frozen=True, slots=True)
class Forged:
    """A page as bytes, what it says, and how it was made."""

    body: bytes
    truth: Mapping[Key, Printed]
    kind: str
    layouts: tuple[str, ...]
    year: int
    made_of: tuple[str, ...] = ()


@dataclass(slots=True)
class Spec:
    """How to make a page; None: drawn."""

    kind: str = ""
    layout: str = ""
    damage: str = ""
    odd: float | None = None
    mutations: int = 0
    extras: bool = True
    carrier: str = "html"
    encoding: str = "utf-8"
    rivals: bool = False
    messes: bool = False
    notes: list[str] = field(default_factory=list)


def forge(seed: int, spec: Spec | None = None) -> Forged:
    """The page of that seed."""
    spec = spec or Spec()
    rng, mess = random.Random(seed), random.Random(seed + 3)
    kind = spec.kind or rng.choice(KINDS)
    odd = spec.odd if spec.odd is not None else rng.choice((0.0, 0.05, 0.3))
    notes = _mutations(random.Random(seed + 2), spec)
    markup = Markup(random.Random(seed + 1), [*notes])
    sheets = _sheets(kind, rng, odd)
    if spec.messes:
        sheets = [_refigured(sheet, mess, notes) for sheet in sheets]
    laid = [_laid(sheet, spec, rng, notes) for sheet in sheets]
    if spec.messes:
        laid = [_messed(each, mess, notes) for each in laid]
    year = {"2008": sheets[0].year, "2014": 2017, "2019": 2019}.get(kind[:4], 2022)
    if kind == "2008-coded":
        year = 2010
    inner = _inner(laid, spec, rng, markup, year, notes, kind)
    if spec.messes:
        inner = _among(inner, markup, mess, notes)
    truth: dict[Key, Printed] = {}
    for sheet, _, _ in laid:
        truth |= sheet.truth
    names = tuple(name for _, name, _ in laid)
    body = _published(inner, spec, rng, mess, year, notes)
    return Forged(body, truth, kind, names, year, tuple(notes))


def _mutations(rng: random.Random, spec: Spec) -> list[str]:
    """Names of harmless changes of the markup."""
    some = rng.choice((0, 0, 1, 3, 8)) if spec.messes else 0
    return rng.sample(MUTATIONS, spec.mutations or some)


def _published(
    inner: str, spec: Spec, rng: random.Random, mess: random.Random, year: int, notes: list[str]
) -> bytes:
    """The page round the article, as bytes."""
    hidden = spec.messes and mess.random() < 0.2
    carrier = mess.choice(CARRIERS) if hidden else spec.carrier or rng.choice(CARRIERS)
    encoding = mess.choice(ENCODINGS) if hidden else spec.encoding or rng.choice(ENCODINGS)
    notes += [carrier, encoding]
    title = f"示例市{year}年政府信息公开工作年度报告"
    text = (
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1>"
        f"{carried(inner, carrier)}<p>版权所有</p></body></html>"
    )
    return encoded(text, encoding)


def _sheets(kind: str, rng: random.Random, odd: float, year: int = 0) -> list[Sheet]:
    if kind in ("2008", "2008-coded"):
        return [s_sheet("2008", rng, odd, coded=kind == "2008-coded", year=year)]
    if kind == "2014":
        return [s_sheet("2014", rng, odd)]
    form: FormId = "2021" if kind == "hybrid" else "2019" if kind == "2019" else "2021"
    other: FormId = "2019" if kind == "hybrid" else form
    return [a_sheet(form, rng, odd), b_sheet(other, rng, odd), c_sheet(other, rng, odd)]


def _laid(
    sheet: Sheet, spec: Spec, rng: random.Random, notes: list[str]
) -> tuple[Sheet, str, Pieces]:
    """The sheet, damaged perhaps; the name of its layout; its tables."""
    if sheet.section == "S":
        names = {each.__name__: each for each in damage.ALL}
        wanted = spec.damage or (
            rng.choice([*names]) if spec.extras and rng.random() < 0.25 else ""
        )
        if wanted and wanted != "none":
            sheet = names[wanted](sheet, rng)
            notes.append(wanted)
        listed = {each.__name__: each for each in records.usable(sheet)}
        if "misprints" in wanted:  # a label torn and misprinted is nobody's
            listed = {name: each for name, each in listed.items() if "wrapped" not in name}
    else:
        listed = {each.__name__: each for each in NATIONAL[sheet.section]}
        if sheet.section in damage.NATIONAL and spec.extras and rng.random() < 0.3:
            change = rng.choice(damage.NATIONAL[sheet.section])
            sheet = change(sheet, rng)
            notes.append(change.__name__)
    plain = next(name for name in listed if name.endswith("plain"))
    wanted = plain if spec.layout == "plain" else spec.layout
    name = wanted if wanted in listed else plain if wanted else rng.choice([*listed])
    tables = listed[name](sheet, rng)
    # one line more in one label, and nothing is packed any more; a misprint in a torn label, and
    # it is nobody's
    packed = "packed" in name or "wrapped" in name
    if sheet.section != "S" and spec.extras and not spec.damage and not packed:
        for change, share in ((damage.words_misprinted, 0.08), (damage.words_wrapped, 0.15)):
            if rng.random() < share:
                tables = change(tables, rng)
                notes.append(f"{sheet.section} {change.__name__}")
    return sheet, name, tables


def _refigured(sheet: Sheet, rng: random.Random, notes: list[str]) -> Sheet:
    """Other figures, before anything is laid out."""
    choices = figures.BY_SECTION[sheet.section]
    if not choices or rng.random() > 0.3:
        return sheet
    change = rng.choice(choices)
    notes.append(f"{sheet.section} {change.__name__}")
    return change(sheet, rng)


def _messed(
    laid: tuple[Sheet, str, Pieces], rng: random.Random, notes: list[str]
) -> tuple[Sheet, str, Pieces]:
    """In other words than the form's."""
    sheet, name, tables = laid
    if rng.random() < 0.5:
        choices = wording.ALL_B if sheet.section == "B" else wording.ALL
        if "packed" in name or "wrapped" in name:
            choices = tuple(x for x in choices if x not in (wording.padded, wording.glossed))
        change = rng.choice(choices)
        tables = change(tables, rng)
        notes.append(f"{sheet.section} {change.__name__}")
    return sheet, name, tables


def _among(inner: str, markup: Markup, rng: random.Random, notes: list[str]) -> str:
    """The article among tables of like words, twice on the page, in a layout table."""
    for chance, at in ((0.15, "above"), (0.15, "below")):
        if rng.random() < chance:
            more, name = neighbours.neighbour(markup, rng)
            inner = more + inner if at == "above" else inner + more
            notes.append(f"{name} {at}")
    if rng.random() < 0.1:
        inner = surroundings.twice(inner, rng)
        notes.append("twice")
    if rng.random() < 0.15:
        inner = surroundings.beside_menu(inner)
        notes.append("beside menu")
    return inner


def _inner(
    laid: list[tuple[Sheet, str, Pieces]],
    spec: Spec,
    rng: random.Random,
    markup: Markup,
    year: int,
    notes: list[str],
    kind: str,
) -> str:
    """The article: tables with what stands round them."""
    parts: list[str] = []
    order = _ordered(laid, rng, notes) if spec.extras else laid
    for sheet, name, tables in order:
        if len(order) > 1:
            parts.append(f"<p>{TITLES[sheet.section]}</p>")
        if spec.extras and "transposed" not in name and name != "table_a_row":
            tables = _dressed(sheet, tables, rng, year, notes)
        parts += [markup.table(table) for table in tables]
    if spec.extras and rng.random() < 0.3:
        parts.insert(0, rng.choice(surroundings.ABOVE)(markup, rng))
        notes.append("above")
    if spec.extras and rng.random() < 0.3:
        parts.append(rng.choice(surroundings.BELOW)(markup, rng))
        notes.append("below")
    if spec.rivals:
        parts = _with_rival(parts, kind, rng, markup, year)
    return "<p>　　根据有关规定，现公布本市年度报告。</p>" + "".join(parts)


Laid = list[tuple[Sheet, str, Pieces]]


def _ordered(laid: Laid, rng: random.Random, notes: list[str]) -> Laid:
    """Sometimes another order, sometimes all sections in one table."""
    order = list(laid)
    if rng.random() < 0.2:
        rng.shuffle(order)
        notes.append("order")
    whole = not any("transposed" in name for _, name, _ in order)  # one is never turned in part
    if len(order) > 1 and whole and rng.random() < 0.15:
        order = [_all_in_one(order)]
        notes.append("one table")
    return order


def _dressed(
    sheet: Sheet, tables: Pieces, rng: random.Random, year: int, notes: list[str]
) -> Pieces:
    """Sometimes a title row above, closing rows below."""
    if rng.random() < 0.25:
        tables = surroundings.with_title(tables, rng, year, sheet.section)
        notes.append("title row")
    if rng.random() < 0.25:
        tables = surroundings.with_closing(tables, rng, year)
        notes.append("closing")
    return tables


def _all_in_one(laid: list[tuple[Sheet, str, Pieces]]) -> tuple[Sheet, str, Pieces]:
    wide = max(surroundings.width(t) for _, _, tables in laid for t in tables)
    rows: list[list[Cell]] = []
    for sheet, _, tables in laid:
        rows.append([Cell(TITLES[sheet.section], wide)])
        rows += [row for table in tables for row in table]
    return laid[0][0], "transposed in one", [rows]


def _with_rival(
    parts: list[str],
    kind: str,
    rng: random.Random,
    markup: Markup,
    year: int,
) -> list[str]:
    """Last year's tables, or another body's of this year, before or after this report's own."""
    other = rng.random() < 0.4
    then_year = year if other else year - 1
    old = [
        _laid(sheet, Spec(damage="none", layout="plain"), rng, [])
        for sheet in _sheets(kind, rng, 0.0, then_year)
    ]
    heads = ("示例市公安局", "示例市") if other else ("", "")
    tables = [markup.table(table) for _, _, pieces in old for table in pieces]
    then = [f"<p>{heads[0]}{then_year}年度统计表</p>", *tables]
    now = [f"<p>{heads[1]}{year}年度统计表</p>", *parts]
    return [*then, *now] if rng.random() < 0.5 else [*now, *then]
