"""The form as it is printed: facts laid out in the rows and columns of their section."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from archive.site.asking import Ask, Row
from archive.site.look import printed
from parsers import dictionary
from parsers.dictionary import Indicator

RESULTS = ("upheld", "corrected", "other", "pending", "total")
GROUPS = ("reconsideration", "suit_direct", "suit_after_reconsideration")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A printed value in its place; `tone` is doubt, broken or nothing."""

    key: str
    text: str
    state: str
    raw: str
    tone: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row: its label, how deep it stands, and a slot or nothing for each column."""

    label: str
    title: str
    depth: int
    heading: bool
    unit: str
    slots: Sequence[Slot | None] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table of a form."""

    section: str
    form: str
    title: str
    heads: Sequence[str]
    lines: Sequence[Line]


Facts = Mapping[tuple[str, str], Row]


def key(row: Row) -> str:
    """A fact's name in addresses: section.indicator.column.seq."""
    return f"{row['section']}.{row['indicator']}.{row['column']}.{row['seq']}"


def sheets(ask: Ask, facts: Sequence[Row], broken: frozenset[str]) -> list[Sheet]:
    """Every section that the report prints, in the order S, A, B, C."""
    kinds = dict.fromkeys((row["section"], row["form"]) for row in facts)
    made: list[Sheet] = []
    for section, form in sorted(kinds, key=lambda kind: ("SABC".index(kind[0]), kind[1])):
        own = {
            (row["indicator"], row["column"]): row
            for row in facts
            if (row["section"], row["form"], row["seq"]) == (section, form, 0)
        }
        rows = [
            row for row in dictionary.indicators() if (row.form, row.section) == (form, section)
        ]
        made += _sheets(ask, section, form, rows, own, broken)
    return made


def _sheets(
    ask: Ask, section: str, form: str, rows: list[Indicator], facts: Facts, broken: frozenset[str]
) -> list[Sheet]:
    if section == "A":
        return _groups(ask, form, rows, facts, broken)
    if section == "C":
        return [_disputes(ask, form, facts, broken)]
    columns = list(dict.fromkeys(column for _, column in facts))
    order = [column.id for column in dictionary.columns()]
    columns.sort(key=lambda name: order.index(name) if name in order else -1)
    depths = _depths(rows)
    lines = [
        Line(
            label=row.label if ask.language == "zh" else row.label_en,
            title=row.label_en if ask.language == "zh" else row.label,
            depth=depths[row.id],
            heading=row.kind == "heading",
            unit=row.unit,
            slots=[slot(ask, facts.get((row.id, column)), broken) for column in columns],
        )
        for row in rows
        if row.kind == "heading" or any((row.id, column) in facts for column in columns)
    ]
    heads = [ask.name(column) if column else ask.say("report.value") for column in columns]
    return [_sheet(ask, section, form, heads, lines)]


def _sheet(
    ask: Ask, section: str, form: str, heads: Sequence[str], lines: Sequence[Line], title: str = ""
) -> Sheet:
    named = title or ask.say(f"section.{section}")
    return Sheet(section=section, form=form, title=named, heads=heads, lines=_used(lines))


def _used(lines: Sequence[Line]) -> list[Line]:
    """Without headings that nothing printed stands under."""
    kept: list[Line] = []
    for line in reversed(lines):
        below = kept[-1] if kept else None
        if not line.heading or (below is not None and below.depth > line.depth):
            kept.append(line)
    return kept[::-1]


def _depths(rows: Iterable[Indicator]) -> dict[str, int]:
    depths: dict[str, int] = {}
    for row in rows:
        depths[row.id] = depths[row.parent] + 1 if row.parent in depths else 0
    return depths


def slot(ask: Ask, row: Row | None, broken: frozenset[str]) -> Slot | None:
    """One value; None where the report prints no such cell."""
    if row is None:
        return None
    name = key(row)
    tone = "doubt" if row["doubt"] else "broken" if name in broken else ""
    column = f" · {ask.name(row['column'])}" if row["column"] else ""
    return Slot(
        key=name,
        text=printed(row),
        state=row["state"],
        raw=row["raw"],
        tone=tone,
        label=ask.name(row["indicator"]) + column,
    )


def _groups(
    ask: Ask, form: str, rows: list[Indicator], facts: Facts, broken: frozenset[str]
) -> list[Sheet]:
    """Section A: article by article, a subject a row and a measure a column."""
    made = []
    for article in dict.fromkeys(row.parent for row in rows):
        own = [row for row in rows if row.parent == article and (row.id, "") in facts]
        cut = [_cut(row) for row in own if "·" in row.label]
        measures = list(dict.fromkeys(measure for _, _, measure in cut))
        lines = [
            Line(
                label=ask.code("subject", subject),
                title=subject,
                depth=0,
                heading=False,
                unit="",
                slots=[_measured(ask, cut, subject, name, facts, broken) for name in measures],
            )
            for subject in dict.fromkeys(subject for _, subject, _ in cut)
        ]
        heads = [ask.code("measure", measure) for measure in measures]
        if lines:
            title = article if ask.language == "zh" else ask.code("article", article)
            made.append(_sheet(ask, "A", form, heads, lines, title))
    return made


def _cut(row: Indicator) -> tuple[str, str, str]:
    """`规章·本年制发件数` is a subject and a measure of it."""
    subject, _, measure = row.label.partition("·")
    return row.id, subject, measure


def _measured(
    ask: Ask, cut: Sequence[tuple[str, str, str]], subject: str, measure: str, facts: Facts,
    broken: frozenset[str],
) -> Slot | None:  # fmt: skip
    found = next((name for name, s, m in cut if (s, m) == (subject, measure)), "")
    return slot(ask, facts.get((found, "")), broken)


def _disputes(ask: Ask, form: str, facts: Facts, broken: frozenset[str]) -> Sheet:
    lines = [
        Line(
            label=ask.say(f"dispute.{group}"),
            title="",
            depth=0,
            heading=False,
            unit="件",
            slots=[slot(ask, facts.get((f"{group}_{result}", "")), broken) for result in RESULTS],
        )
        for group in GROUPS
    ]
    heads = [ask.say(f"dispute.{result}") for result in RESULTS]
    return _sheet(ask, "C", form, heads, lines)
