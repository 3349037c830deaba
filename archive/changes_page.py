"""A self-contained HTML page of changes: groups first, then samples with the rows of both pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archive.capture import now
from archive.changes import ChangeRow
from archive.digest import groups, headline, side, weight
from archive.facts import FactsStore
from archive.placing import write_text

SAMPLES = 200  # the page stays small; the rest is in `gongkai changes --json`
CONTEXT = 1  # rows shown above and below
ROWS = (
    'SELECT row_no, cell_no, label, raw, indicator, "column", unit FROM facts WHERE reading = ?1 '
    "AND table_no = ?2 AND row_no BETWEEN ?3 - ?4 AND ?3 + ?4 ORDER BY row_no, cell_no"
)
PLACE = (
    "SELECT table_no, row_no, cell_no FROM facts WHERE reading = ? AND section = ? "
    'AND indicator = ? AND "column" = ? AND seq = ?'
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row as read: its label and its cells, the changed one marked."""

    label: str
    cells: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A change with the place it was printed in, before and after."""

    change: ChangeRow
    old: str
    new: str
    before: tuple[Line, ...]
    after: tuple[Line, ...]


def write(data: Path, changes: Sequence[ChangeRow], target: Path) -> None:
    """Writes the page; no script, no request, nothing outside the file."""
    shown = sorted(changes, key=weight)[:SAMPLES]
    with FactsStore.reader(data) as facts:
        samples = [_sample(facts, change) for change in shown]
    templates = FileSystemLoader(Path(__file__).parent)
    page = Environment(loader=templates, autoescape=True, undefined=StrictUndefined)
    text = page.get_template("changes.html").render(
        headline=headline(changes),
        groups=groups(changes),
        samples=samples,
        left=len(changes) - len(samples),
        side=side,
        made=now(),
    )
    write_text(target, text)


def _sample(facts: FactsStore, change: ChangeRow) -> Sample:
    return Sample(
        change,
        side(change.old, change.old_state),
        side(change.new, change.new_state),
        _lines(facts, change, change.old_reading),
        _lines(facts, change, change.new_reading),
    )


def _lines(facts: FactsStore, change: ChangeRow, reading: int) -> tuple[Line, ...]:
    key = (change.section, change.indicator, change.column, change.seq)
    places = facts.rows(PLACE, (reading, *key))
    if not places or places[0][0] is None or places[0][1] is None:
        return ()
    table, row, cell = places[0]
    lines: dict[tuple[int, str], list[tuple[str, bool]]] = {}
    for number, at, label, raw, *_ in facts.rows(ROWS, (reading, table, row, CONTEXT)):
        lines.setdefault((number, label), []).append((raw, (number, at) == (row, cell)))
    return tuple(Line(label, tuple(cells)) for (_, label), cells in lines.items())
