"""Every question has an answer; what the answers rest on is right."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

import archive as room
from archive.site import queries
from archive.sqlite import sqlite3

QUESTIONS = 34
DOCS = Path(__file__).parents[2] / "docs" / "questions.md"
RESIDENTS_2020 = 1_409_778_724  # 31 provinces, servicemen apart: the census bulletin no. 3
# Parts that no prefecture's row covers: cities and forest districts run by Hubei directly.
DIRECT = {"42": 3_246_473}
UNDIVIDED = {"11", "12", "31", "50", "22", "46", "65"}  # municipalities, and three unproved


@pytest.fixture
def db(archive: Path) -> sqlite3.Connection:
    return sqlite3.connect(archive / "gongkai.db")


def test_every_question_is_asked() -> None:
    asked = {query["n"] for query in queries().values()}
    assert asked == set(range(1, QUESTIONS + 1))


@pytest.mark.parametrize("name", queries())
def test_a_question_explains_itself(name: str) -> None:
    query = queries()[name]
    assert query["title"].endswith(tuple("？?")) or re.search(r"[\u4e00-\u9fff]$", query["title"])
    assert len(query["about"]) > 30
    assert set(query.get("params", {})) == set(re.findall(r":([a-z]+)", query["sql"]))
    assert not re.search(r"coalesce\([^()]*, *0\)", query["sql"])  # missing is not zero


def test_the_page_of_questions_is_up_to_date() -> None:
    text = DOCS.read_text("utf-8")
    for name, query in queries().items():
        assert f"| {query['n']} | `{name}` | {query['title']} |" in text


def test_key_figures_are_the_printed_totals(db: sqlite3.Connection) -> None:
    found = db.execute(
        "SELECT year, requests_new, requests_new_natural_person, requests_new_business, budget, "
        "reconsideration_total FROM figures WHERE agency = '吉安市' AND requests_new IS NOT NULL"
    ).fetchall()
    printed = db.execute(
        "SELECT year, value FROM numbers WHERE agency = '吉安市' AND indicator = 'requests_new' "
        "AND \"column\" = 'total' AND state = 'number'"
    ).fetchall()
    assert {(year, new) for year, new, *_ in found} == set(printed) != set()
    assert {row[2:] for row in found} == {(row[1], None, None, 40) for row in found}


def test_a_doubtful_or_other_cell_is_no_key_figure(db: sqlite3.Connection) -> None:
    """A slash and a blank stay empty: they are no zeros."""
    ((granted, partial),) = db.execute(
        "SELECT replies_granted, replies_partial FROM figures "
        "WHERE year = 2017 AND agency = '吉安市'"
    ).fetchall()
    assert (granted, partial) == (100, None)


def test_residents_add_up_to_the_published_totals() -> None:
    path = Path(room.__path__[0]) / "population.csv"
    with path.open(encoding="utf-8", newline="") as file:
        residents = {row["region_code"]: int(row["population"]) for row in csv.DictReader(file)}
    provinces = {code[:2]: n for code, n in residents.items() if code.endswith("0000")}
    assert sum(provinces.values()) == RESIDENTS_2020
    parts = dict.fromkeys(provinces, 0)
    for code, n in residents.items():
        parts[code[:2]] += 0 if code.endswith("0000") else n
    assert {province for province, n in parts.items() if not n} == UNDIVIDED
    for province in provinces.keys() - UNDIVIDED:
        assert parts[province] + DIRECT.get(province, 0) == provinces[province]
