"""Section B printed a row off, or several bodies' tables in one."""

from __future__ import annotations

import pytest

import parsers
from parsers.model import Report

from . import forge

VALUES = forge.b_values("2021", 3)
TITLE = "示例市2022年政府信息公开工作年度报告"


def read(rows: list[list[str]]) -> Report:
    return parsers.read(forge.page(forge.table(rows), title=TITLE).encode())


def flat(values: dict[tuple[str, str], str], off: int = 0) -> list[list[str]]:
    """Labels in one column, values `off` rows below theirs."""
    rows = forge.form("2021").section("B")
    printed = [[values.get((row.id, c), "") for c in forge.APPLICANTS] for row in rows]
    moved = [[""] * 7] * max(off, 0) + printed + [[""] * 7] * max(-off, 0)
    heads = ["项目", *(forge.HEADS[c] for c in forge.APPLICANTS)]
    start = max(-off, 0)
    body = [[row.label, *moved[start + i]] for i, row in enumerate(rows)]
    return forge.cells([heads, *body])


def doubts(report: Report) -> list[set[str]]:
    """Codes of the warnings on each number."""
    loud = [p for p in report.problems if p.severity != "info"]
    numbers = [fact for fact in report.facts if fact.value is not None]
    return [{p.code for p in loud if p.at.covers(fact.at)} for fact in numbers]


@pytest.mark.parametrize("off", [1, -1])
def test_values_a_row_off_stand_beside_headings(off: int) -> None:
    found = doubts(read(flat(VALUES, off)))
    assert found
    assert all("heading-numbers" in codes for codes in found)


@pytest.mark.parametrize("off", [1, -1])
def test_without_rows_for_headings_the_sums_tell(off: int) -> None:
    leaves = [row for row in forge.form("2021").section("B") if row.kind != "heading"]
    ids = [row.id for row in leaves]
    moved = {
        (name, c): VALUES[ids[i - off], c]
        for i, name in enumerate(ids)
        for c in forge.APPLICANTS
        if 0 <= i - off < len(ids)
    }
    found = doubts(read([*forge.b_heads(), *forge.b_rows("2021", moved)]))
    assert found
    assert all("rows-off" in codes for codes in found)


def test_values_beside_their_labels_are_sure() -> None:
    assert not any(doubts(read(flat(VALUES))))


def test_headings_may_print_the_sum_of_their_rows() -> None:
    rows = forge.form("2021").section("B")
    sums = {
        (heading.id, c): str(sum(int(VALUES[r.id, c]) for r in rows if r.parent == heading.id))
        for heading in rows
        if heading.kind == "heading" and heading.id not in ("outcomes", "other_outcomes")
        for c in forge.APPLICANTS
    }
    assert not any(doubts(read(flat({**VALUES, **sums}))))


def test_two_bodies_in_one_table_are_rivals() -> None:
    one, other = flat(VALUES), flat(forge.b_values("2021", 4))
    rows = [[forge.td("东湖区", colspan=8)], *one, [forge.td("西湖区", colspan=8)], *other]
    assert all("rival-tables" in codes for codes in doubts(read(rows)))


def test_a_row_that_a_short_tall_cell_moved_is_proved_by_its_sum() -> None:
    """Its first value is empty and stands where a label could: the seven add up."""
    values = {**VALUES, ("not_processed_reissue", "natural_person"): ""}
    numbers = [int(VALUES["not_processed_reissue", c]) for c in forge.APPLICANTS[1:-1]] + [5]
    values |= {("not_processed_reissue", "legal_service"): str(numbers[3] + 5)}
    values |= {("not_processed_reissue", "total"): str(sum(numbers))}
    rows = forge.b_rows("2021", values)
    at = next(i for i, row in enumerate(rows) if "（五）不予处理" in "".join(row))
    rows[at] = [cell.replace('rowspan="5"', 'rowspan="4"') for cell in rows[at]]
    assert not any(doubts(read([*forge.b_heads(), *rows])))
