"""Copied tables and copied prose are data; official formulas and small tables are not."""

from contextlib import closing

from archive.build import build
from archive.reparse import reparse
from archive.sqlite import sqlite3
from tests.archive.conftest import PROSE
from tests.archive.samples import FIRST, body, captured, crawl

FORMULA = "本年度没有需要另行报告的其他重大事项也没有因公开工作引起的收费情形。" * 5


def published(data, *pages):
    crawl(data, *(captured(page, url=f"http://a/{n}") for n, page in enumerate(pages)))
    reparse(data, engine=FIRST)
    build(data)
    with closing(sqlite3.connect(data / "gongkai.db")) as db:
        return db.execute(
            "SELECT kind, part, relation, year, other_year, similarity FROM resemblances"
        ).fetchall()


def told(agency, text, year=2020):
    return body({"budget": "1"}, year=year, agency=agency, texts=[["问题", text]])


def test_text_of_last_year_with_new_numbers(tmp_path):
    old, new = PROSE.replace("两台", "2台"), PROSE.replace("两台", "31台")
    found = published(
        tmp_path, told("甲局", old), told("甲局", new, 2021), told("甲局", "短", 2022)
    )
    assert found == [("text", "问题", "last_year", 2021, 2020, 1.0)]


def test_formulas_and_other_years_of_others_are_no_resemblance(tmp_path):
    formulas = [told(f"{name}局", FORMULA) for name in "甲乙丙丁戊己"]
    assert published(tmp_path / "formula", *formulas) == []
    apart = told("甲局", PROSE), told("乙局", PROSE, 2018)
    assert published(tmp_path / "apart", *apart) == []


def test_a_changed_half_is_no_copy(tmp_path):
    half = PROSE[: len(PROSE) // 2] + "而其余各项均由新设的科室另行安排，" * 6
    assert published(tmp_path, told("甲局", PROSE), told("乙局", half)) == []


def test_table_of_last_year(tmp_path):
    table = {"requests_received": "7", "budget": "3", "trainees": "5", "trainings": "0"}
    same = published(tmp_path / "same", body(table, year=2016), body(table, year=2017))
    assert same == [("table", "S", "last_year", 2017, 2016, 1.0)]
    zeros = dict.fromkeys(table, "0") | {"budget": "3"}
    assert published(tmp_path / "zeros", body(zeros, year=2016), body(zeros, year=2017)) == []
    more = table | {"disclosed_total": "8"}
    assert published(tmp_path / "more", body(table, year=2016), body(more, year=2017)) == []
    assert published(tmp_path / "less", body(more, year=2016), body(table, year=2017)) == []
