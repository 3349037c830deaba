"""Spreadsheets to grids: one grid for each stretch of rows, hidden parts left out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parsers.lattice import Slot, form_grid, notes
from parsers.model import At, Block, Document, Grid, Problem
from parsers.problems import problem
from parsers.titling import title_of

from .sheetcell import SheetCell

CELL_LIMIT = 500_000
# chapters of a report since 2019, and its title: they stand above tables, never in one
_CHAPTER = re.compile(
    "^[一二三四五六]、(?:总体情况|.*主动公开政府信息|.*处理政府信息公开申请|.*提起行政诉讼"
    "|.*复议、行政诉讼情况|.*主要问题|.*需要报告的)|年度?报告$"
)
Place = tuple[int, int]


@dataclass(slots=True)
class Sheet:
    """Rows and columns from 0; `merges` are first row, first column, last row, last column."""

    name: str
    cells: dict[Place, SheetCell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def reference(row: int, column: int) -> str:
    """The name of a cell: C5."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def sheets_document(
    sheets: Sequence[Sheet], *, carrier: str, problems: Sequence[Problem] = ()
) -> Document:
    """The document of all displayed sheets."""
    grids: list[Grid] = []
    blocks: list[Block] = []
    found = list(problems)
    for sheet in sheets:
        found += _hidden_notes(sheet)
        captions = _captions(sheet)
        for rows in _regions(sheet, captions):
            slots = list(_slots(sheet, rows))
            if captions.issuperset(rows) or len({slot.left for slot in slots}) == 1:
                texts = (slot.content.text for slot in slots)
                blocks += [Block(text=text, before=len(grids)) for text in texts if text]
                continue
            source = f"{carrier}/sheet[{sheet.name}]/rows[{rows[0] + 1}-{rows[-1] + 1}]"
            grid = form_grid(slots, index=len(grids), carrier=carrier, source=source)
            if grid is not None:
                found += notes(slots, len(grids))
                grids.append(grid)
    return Document(
        title=title_of(blocks, grids),
        blocks=tuple(blocks),
        grids=tuple(grids),
        problems=tuple(found),
    )


def _captions(sheet: Sheet) -> set[int]:
    """Rows of one text that stand between tables: unframed among frames, or named chapters."""
    texts: dict[int, list[str]] = defaultdict(list)
    for (row, _), cell in sheet.cells.items():
        if cell.content.text:
            texts[row].append(cell.content.text)
    framed = {row for (row, _), cell in sheet.cells.items() if cell.is_framed}
    lone = {row: found[0] for row, found in texts.items() if len(found) == 1}
    return {
        row
        for row, text in lone.items()
        if (framed and row not in framed) or _CHAPTER.search("".join(text.split()))
    }


def _hidden_notes(sheet: Sheet) -> Iterator[Problem]:
    hidden = [
        reference(row, column)
        for (row, column), cell in sorted(sheet.cells.items())
        if cell.content.text and (row in sheet.hidden_rows or column in sheet.hidden_columns)
    ]
    if hidden:
        what = f"{len(hidden)} cells in hidden rows or columns of {sheet.name}: {hidden[0]} ..."
        yield problem("hidden-content", what=what)


def _regions(sheet: Sheet, captions: set[int]) -> Iterator[list[int]]:
    """Runs of displayed rows, captions apart; a row without anything ends one."""
    used = {row for (row, _), cell in sheet.cells.items() if cell.content.text or cell.is_framed}
    for first, _, last, _ in sheet.merges:
        if first in used:
            used |= set(range(first, min(last, first + CELL_LIMIT) + 1))
    region: list[int] = []
    skipped = 0
    for row in sorted(used - sheet.hidden_rows):
        skipped = sum(each in sheet.hidden_rows for each in range(region[-1], row)) if region else 0
        is_gap = bool(region) and row - region[-1] - skipped > 1
        if is_gap or (region and (row in captions) != (region[-1] in captions)):
            yield region
            region = []
        region.append(row)
    if region:
        yield region


def _slots(sheet: Sheet, rows: Sequence[int]) -> Iterator[Slot]:
    """Every displayed cell between the outermost used columns of those rows."""
    columns = _used_columns(sheet, rows)
    spans = _spans(sheet, rows, columns)
    covered = {place for span in spans.values() for place in span} - set(spans)
    for number, row in enumerate(rows):
        for column in columns:
            place = (row, column)
            if place in covered:
                continue
            span = spans.get(place, [place])
            source = _anchor(sheet, place)
            cell = sheet.cells.get(source, SheetCell())
            yield Slot(
                row=number,
                rowspan=len({each for each, _ in span}),
                left=columns.index(column),
                right=columns.index(column) + len({each for _, each in span}),
                content=cell.content,
                at=At(sheet=sheet.name, ref=reference(*source)),
                notes=cell.notes,
            )


def _used_columns(sheet: Sheet, rows: Sequence[int]) -> list[int]:
    wanted = set(rows)
    used = [
        column
        for (row, column), cell in sheet.cells.items()
        if row in wanted and (cell.content.text or cell.is_framed)
    ]
    span = range(min(used, default=0), max(used, default=-1) + 1)
    return [column for column in span if column not in sheet.hidden_columns]


def _spans(sheet: Sheet, rows: Sequence[int], columns: Sequence[int]) -> dict[Place, list[Place]]:
    """Merged ranges as they are displayed: first displayed cell -> all displayed cells."""
    spans: dict[Place, list[Place]] = {}
    for first, left, last, right in sheet.merges:
        down = [row for row in rows if first <= row <= last]
        across = [column for column in columns if left <= column <= right]
        places = [(row, column) for row in down for column in across]
        if places:
            spans[places[0]] = places
    return spans


def _anchor(sheet: Sheet, place: Place) -> Place:
    """Where the content of a displayed cell is kept: a merged range keeps it in its corner."""
    row, column = place
    for first, left, last, right in sheet.merges:
        if first <= row <= last and left <= column <= right:
            return first, left
    return place
