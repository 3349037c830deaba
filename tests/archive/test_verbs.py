"""The verbs over what was read, as a person and as a program calls them."""

import json

import pytest
from click.testing import CliRunner

from archive.reparse import reparse
from gongkai import main
from tests.archive.samples import BETTER, FIRST, WRONG, body, captured, crawl

MANY = {f"row_{number}": str(100 + number) for number in range(30)}


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def lines(said):
    assert said.exit_code == 0, said.output
    return [json.loads(line) for line in said.stdout.splitlines()]


def test_changes_tell_what_matters_first(archive):
    said = run("changes", "--data", archive)
    first, *_ = said.output.splitlines()
    assert first.startswith("4 cells of 3 reports changed: 2 by the portals, ")
    assert "1 by rulings" in first
    table = said.output.split("cells\n", 1)[-1]
    assert table.index("│ 150") < table.index("hidden_row")


def test_changes_as_a_page_without_anything_outside(archive, tmp_path):
    page = tmp_path / "changes.html"
    assert run("changes", "--data", archive, "--html", page).exit_code == 0
    text = page.read_text("utf-8")
    assert "<mark>155</mark>" in text
    assert "label of requests_received" in text
    assert "<script" not in text
    assert 'src="' not in text


def test_printed_text_cannot_break_the_page(tmp_path):
    crawl(tmp_path, captured(body({"budget": "<script>alert(1)</script>"}, agency="<b>局")))
    reparse(tmp_path, engine=FIRST)
    crawl(tmp_path, captured(body({"budget": "<img src=x>"}, agency="<b>局"), day=2))
    reparse(tmp_path, engine=FIRST)
    page = tmp_path / "page.html"
    assert run("changes", "--data", tmp_path, "--html", page).exit_code == 0
    text = page.read_text("utf-8")
    assert "&lt;script&gt;" in text
    assert not {"<script", "<img", "<b>"} & {
        word for word in ("<script", "<img", "<b>") if word in text
    }


def test_a_page_that_cannot_be_written_is_one_line(archive, tmp_path):
    (tmp_path / "file").write_text("mine")
    said = run("changes", "--data", archive, "--html", tmp_path / "file" / "x.html")
    assert said.exit_code == 7
    assert len(said.stderr.strip().splitlines()) == 1


def test_any_two_runs(archive):
    found = lines(run("changes", "--between", 1, 2, "--json", "--data", archive))
    told = {(m["year"], m["indicator"], m["old"], m["new"]) for m in found}
    assert (2015, "requests_received", "150", "151") in told
    assert (2017, "requests_received", "154", "155") in told
    said = run("changes", "--between", 1, 9, "--data", archive)
    assert (said.exit_code, said.stderr) == (
        2, "gongkai: run 9 was never in force: see gongkai status\n"
    )  # fmt: skip


def test_explained_for_people(archive):
    said = run("explain", "吉安市 2022", "requests_carried_out", "total", "--data", archive)
    assert said.exit_code == 0
    for part in (
        "吉安市 2022 · requests_carried_out / total = 13 件",
        "printed   '13' beside 'label of requests_carried_out'",
        "ruling    jian-2022 (in_force): 14, says 王五, 2026-01-03",
        "check     B-balance total: holds (103 = 103)",
        "check     B-carry total with 2023: BROKEN (13 = 3 does not hold); soft: each of the seven "
        "columns; a "
        "reorganisation or a corrected report breaks it",
        "13 -> 14 by a ruling (changed): jian-2022: ",
        "same page ",
    ):
        assert part in said.output


def test_numbers_now_and_then(archive):
    now = lines(run("numbers", "吉安市 2015", "--json", "--data", archive))
    assert [n["value"] for n in now] == ["99.50", "151"]
    assert "99.50" in run("numbers", "吉安市 2015", "--data", archive).output
    for words in ([], ["吉安市 2015"]):
        said = run("numbers", *words, "--as-of", "2001-01-01", "--data", archive)
        assert said.exit_code == 2
        assert "nothing was said on 2001-01-01: the first run came in force at 20" in said.stderr


def test_coverage_and_rulings_and_check(archive):
    found = lines(run("coverage", "--year", 2016, "--json", "--data", archive))
    assert {cell["state"] for cell in found} == {"blocked"}
    assert "not_found" in run("coverage", "--region", "360800", "--data", archive).output
    (ruling,) = lines(run("rulings", "--json", "--data", archive))
    assert (ruling["id"], ruling["standing"]) == ("jian-2022", "in_force")
    said = run("check", "--data", archive)
    assert said.exit_code == 4
    assert "hard identities: 0.6667 (floor 0.9) BELOW" in said.output


@pytest.fixture
def engine(monkeypatch):
    """Today's parsers are those of the samples."""
    return lambda one: monkeypatch.setattr("archive.reparse.parsers_engine", lambda: one)


def test_refused_says_why_and_what_to_do(tmp_path, engine):
    crawl(tmp_path, captured(body(MANY)))
    reparse(tmp_path, engine=FIRST)
    engine(WRONG)
    said = run("reparse", "--data", tmp_path)
    assert said.exit_code == 4
    assert "refused: numbers changed by the parser without a stated reason: 30 of 30" in said.output
    assert "run 2 is not in force" in said.output
    assert "run 2 waits as a candidate" in run("check", "--data", tmp_path).output
    assert run("promote", "--data", tmp_path).exit_code == 4
    assert run("promote", "--data", tmp_path, "--because", "cut off").exit_code == 0
    assert run("promote", "--data", tmp_path).exit_code == 2


def test_dry_run_prints_what_would_change_and_candidate_waits(tmp_path, engine):
    crawl(tmp_path, captured(body({"budget": "154", "hidden_row": "7"})))
    reparse(tmp_path, engine=FIRST)
    engine(BETTER)
    said = run("reparse", "--data", tmp_path, "--dry-run")
    assert "would read 1 pages" in said.output
    assert "hidden_row" in said.output
    said = run("reparse", "--data", tmp_path, "--candidate")
    assert said.exit_code == 0
    assert "run 2 is a candidate" in said.output
    (change,) = lines(run("changes", "--run", 2, "--json", "--data", tmp_path))
    assert change["new"] == "7"
    assert lines(run("changes", "--json", "--data", tmp_path)) == []
    assert run("promote", "--data", tmp_path).exit_code == 0
    assert len(lines(run("changes", "--json", "--data", tmp_path))) == 1


def test_a_bad_ruling_and_a_bad_day_are_one_line(archive, tmp_path):
    crawl(tmp_path, captured(body({"a": "1"})))
    (tmp_path / "rulings").mkdir()
    (tmp_path / "rulings" / "x.toml").write_text("kind = 1")
    said = run("reparse", "--data", tmp_path)
    assert said.exit_code == 2
    assert "x.toml: kind: must be one of" in said.stderr
    said = run("explain", "吉安市 2015", "requests_received", "--as-of", "soon", "--data", archive)
    assert (said.exit_code, len(said.stderr.strip().splitlines())) == (2, 1)


@pytest.mark.parametrize(
    "words",
    [
        ("reparse", "--stale", "--all"),
        ("reparse", "--candidate", "--promote", "why"),
        ("reparse", "--workers", "2", "--dask", "tcp://127.0.0.1:1"),
        ("changes", "--between", "1", "2", "--cause", "parser"),
        ("changes", "--between", "1", "2", "--html", "x.html"),
        ("reparse", "--because", ""),
        ("reparse", "--because", "budget: "),
        ("promote", "--promote", " "),
        ("export", "warc", "--where", "1); DELETE FROM captures; --"),
        ("numbers", "--as-of", "2999-01-01"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(archive, words):
    said = run(*words, "--data", archive)
    assert said.exit_code == 2, said.output
    assert not said.stdout
    known = ("give one", "whole", "say why", "cannot select captures", "has not come yet")
    assert any(told in said.stderr for told in known)


@pytest.mark.parametrize("words", [("numbers",), ("status",), ("check",), ("coverage",)])
def test_every_column_of_a_table_has_a_head(archive, words):
    said = run(*words, "--data", archive)
    assert said.exit_code in (0, 4)
    heads = [line for line in said.output.splitlines() if line.startswith("┃")]
    assert heads
    for line in heads:
        assert all(cell.strip() for cell in line.strip("┃").split("┃")), line
