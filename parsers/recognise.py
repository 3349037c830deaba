"""From grids to facts: whose tables they are, read by section, every cell accounted for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from . import section_a, section_b, section_c, section_s
from .bands import Band, bands, claims
from .copies import Copy, copies
from .dictionary import FORMS, form
from .harvest import Harvest
from .hollow import doubt_doubled
from .model import At, Cell, Document, FormId, Section
from .problems import problem
from .rows import label_sections, uneven
from .standing import is_another
from .text import key, squeeze
from .values import read_value
from .words import WHOLE, head, is_unit, standing_of

COUNTS = re.compile(r"[\d０-９](?![\d\s]*年)")  # digits of anything but a year
FEWEST = 3  # row labels below which nothing beside tables A, B, C is a table S
IDS = {"S": section_s.ids, "A": section_a.ids, "B": section_b.ids, "C": section_c.ids}


@dataclass(frozen=True, slots=True)
class Mine:
    """Whose report of which year this is, as far as is known before its tables are read."""

    year: int | None
    agency: str


def recognise(document: Document, report_year: int | None = None, agency: str = "") -> Harvest:
    """Facts, leftovers and problems of all statistics tables of a document."""
    mine = Mine(report_year, agency)
    harvest = Harvest()
    pieces = bands(document, report_year, agency)
    harvest.grids.update(band.grid for band in pieces)
    chosen = {name: _chosen(name, pieces, mine, harvest) for name in IDS}
    if chosen["S"]:
        harvest.unit = chosen["S"].unit
        section_s.read_s(chosen["S"], report_year, harvest)
    _read_national(chosen, report_year, harvest)
    _doubt_uneven(document, {band.grid for band in pieces if band.turned}, harvest)
    harvest.settle()
    doubt_doubled(harvest)
    _account(document, harvest)
    return harvest


def _read_national(
    chosen: dict[str, Copy | None], report_year: int | None, harvest: Harvest
) -> None:
    """Sections A, B and C of forms 2019 and 2021; each picks its own form by its labels."""
    form_a = form_b = None
    if copy := chosen["A"]:
        harvest.unit = copy.unit
        form_a = section_a.read_a(copy, harvest)
        if form_a:
            section_a.report_missing(form_a, form(form_a).section("A"), harvest)
    if copy := chosen["B"]:
        harvest.unit = copy.unit
        form_b = section_b.read_b(copy, form_a or _by_year(report_year), harvest)
    if copy := chosen["C"]:
        harvest.unit = copy.unit
        if not (form_a or form_b):  # both forms print it alike
            at = At(table=copy.bands[0].rows[0].cells[0].at.table)
            fields = {"candidates": "2019, 2021; the year decides"}
            harvest.problems.append(problem("form-ambiguous", at, severity="info", **fields))
        form_c = form_b or form_a or _by_year(report_year) or "2021"
        section_c.read_c(copy, form_c, report_year, harvest)


def _by_year(report_year: int | None) -> FormId | None:
    """The year weighs in only where the labels are silent."""
    if report_year is None:
        return None
    return "2021" if report_year >= 2021 else "2019"


def _chosen(name: str, pieces: Sequence[Band], mine: Mine, harvest: Harvest) -> Copy | None:
    """The copy of a section that is this report's own, with a warning where rivals tie."""
    own = [band for band in pieces if band.section == name]
    found = copies(own, IDS[name])
    if name == "S" and any(band.section != "S" for band in pieces):
        found = [copy for copy in found if len(copy.ids) >= FEWEST]  # titles speak like rows
    if not found:
        _say_unread(own, harvest)
        return None
    ranked = sorted(found, key=lambda copy: _rank(copy, mine), reverse=True)
    best = ranked[0]
    section: Section = best.bands[0].section
    _doubt_year(best, mine.year, harvest)
    _doubt_body(best, mine.agency, harvest)
    rivals = [copy for copy in ranked[1:] if _ties(copy, best, mine)]
    if any(_differ(copy, best) for copy in rivals):
        contexts = " / ".join(copy.context.replace("\n", " ") or "-" for copy in [best, *rivals])
        for band in best.bands:
            at = At(table=band.rows[0].cells[0].at.table)
            harvest.warn("rival-tables", at, section=section, contexts=contexts)
    return best


def _say_unread(pieces: Sequence[Band], harvest: Harvest) -> None:
    """Rows that speak of a section and print values, though none of its words is a row's."""
    for band in pieces:
        for row in filter(claims, band.rows):
            reason = "no head or label of the form is printed"
            harvest.warn("headless-table", row.at, section=band.section, reason=reason)


def _rank(copy: Copy, mine: Mine) -> tuple[int, int, int, int, int, bool]:
    printed = copy.year
    fits = 0 if printed is None or mine.year is None else 1 if printed == mine.year else -1
    whole = 1 if WHOLE.search(squeeze(copy.context)) else 0
    stands = standing_of(squeeze(copy.context))
    filled = any(
        read_value(c).state == "number" for b in copy.bands for r in b.rows for c in r.cells
    )
    return fits, _whose(copy, mine.agency), stands, whole, len(copy.ids) // 4, filled


def _ties(copy: Copy, best: Copy, mine: Mine) -> bool:
    """Nothing printed above them decides, and both print the rows of the form."""
    return _rank(copy, mine)[:4] == _rank(best, mine)[:4] and len(copy.ids) * 2 > len(best.ids)


def _whose(copy: Copy, agency: str) -> int:
    """1 where the heading names this report's body, -1 where another, 0 where none."""
    if not copy.body or not agency:
        return 0
    return 1 if copy.body == agency else -1 if is_another(copy.body, agency) else 0


def _differ(one: Copy, other: Copy) -> bool:
    """Whether two copies print anything else in the rows that both name."""
    common = one.ids & other.ids
    rows = [_rows_named(copy, common) for copy in (one, other)]
    return rows[0] != rows[1] if all(rows) else _printed(one) != _printed(other)


def _rows_named(copy: Copy, names: Collection[str]) -> Counter[tuple[str, ...]]:
    rows = (row for band in copy.bands for row in band.rows)
    named = (row for row in rows if any(key(cell.text) in names for cell in row.cells))
    return Counter(tuple(squeeze(cell.text) for cell in row.cells) for row in named)


def _printed(copy: Copy) -> Counter[str]:
    cells = (cell for band in copy.bands for row in band.rows for cell in row.cells)
    return Counter(squeeze(cell.text) for cell in cells)


def _doubt_year(copy: Copy, report_year: int | None, harvest: Harvest) -> None:
    printed = copy.year
    if report_year is None or printed is None or printed == report_year:
        return
    for band in copy.bands:
        at = At(table=band.rows[0].cells[0].at.table)
        fields = {"chosen": f"the report is of {report_year}", "others": f"its table {printed}"}
        harvest.warn("year-differs", at, **fields)


def _doubt_body(copy: Copy, agency: str, harvest: Harvest) -> None:
    if not (copy.body and agency and is_another(copy.body, agency)):
        return
    for band in copy.bands:
        at = At(table=band.rows[0].cells[0].at.table)
        fields = {"chosen": f"the report is of {agency}", "others": f"its table of {copy.body}"}
        harvest.warn("agency-differs", at, **fields)


def _doubt_uneven(document: Document, turned: Collection[int], harvest: Harvest) -> None:
    """A table that lies on its side: where a row lost a cell, all its values have moved."""
    read = {fact.at.table for fact in harvest.facts}
    for grid in document.grids:
        if grid.index in turned and grid.index in read and uneven(grid):
            fields = {"label": "rows on their side", "cells": "other", "heads": grid.n_cols}
            harvest.warn("short-row", At(table=grid.index), **fields)


def _account(document: Document, harvest: Harvest) -> None:
    """What no section understood in a statistics table is left over, with its row's label."""
    left = {leftover.at for leftover in harvest.leftovers}
    for grid in document.grids:
        if grid.index not in harvest.grids:
            continue
        rows = grid.rows()
        for cell in grid.cells:
            known = cell.at in harvest.used or cell.at in left
            if not known and squeeze(cell.text):
                _settle_cell(cell, rows[cell.row], harvest)


def _settle_cell(cell: Cell, row: Sequence[Cell], harvest: Harvest) -> None:
    if head(cell.text) or is_unit(cell.text) or label_sections(cell.text):
        harvest.used.add(cell.at)
    elif len(row) == 1 and read_value(cell).state == "text" and not COUNTS.search(cell.text):
        harvest.used.add(cell.at)  # a title or a section heading in a row of its own
    else:
        harvest.leave(row[0].text if row[0] is not cell else "", cell)


def majority_form(harvest: Harvest) -> FormId | None:
    """The form that most facts carry, the newer one when two tie."""
    counts = Counter(fact.form for fact in harvest.facts)
    return max(counts, key=lambda name: (counts[name], FORMS.index(name)), default=None)
