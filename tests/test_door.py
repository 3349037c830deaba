"""The front door: help, bad input, exit codes: a clear line or a problem, never a traceback."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from archive.capture import CaptureStore
from gongkai import main
from parsers.decode import decode
from parsers.errors import ArchiveError
from parsers.model import Capture
from parsers.problems import PROBLEMS
from spiders.demo import make_room
from spiders.simulator import World

NOON = "2026-11-25T12:00:00.000Z"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
LOGIN = "<html><title>用户登录</title><form>用户名<input name=u>密码<input type=password></form>"
GONE = "<html><title>404</title><body>您访问的页面不存在</body>"
TOPIC = "<html><title>全市防汛工作会议召开</title><h1>全市防汛工作会议召开</h1><p>会议要求…</p>"


def run(*words: object) -> Result:
    """A verb in this process."""
    return CliRunner().invoke(main, [str(word) for word in words])


def verbs(group: click.Group = main, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, command in group.commands.items():
        found.append((*prefix, name))
        if isinstance(command, click.Group):
            found += verbs(command, (*prefix, name))
    return found


@pytest.mark.parametrize("verb", verbs(), ids=" ".join)
def test_every_verb_has_help_with_an_example(verb: tuple[str, ...]) -> None:
    said = run(*verb, "--help")
    assert said.exit_code == 0
    assert "Example: gongkai " in said.output


@pytest.mark.parametrize("group", [main, main.commands["portals"], main.commands["fixture"]])
def test_no_summary_is_cut_on_a_narrow_terminal(group: click.Command) -> None:
    said = CliRunner().invoke(group, ["--help"], terminal_width=80).output
    assert "..." not in said.split("Commands:")[1]


def test_the_promised_verbs_are_there() -> None:
    promised = "demo crawl parse tables reparse changes check explain portals build serve verify"
    promised += " status schedule fixture export import promote numbers coverage rulings backup"
    assert set(promised.split()) <= set(main.commands)


@pytest.fixture(scope="module")
def jian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample portals' report of 吉安 2017."""
    world = World()
    (truth,) = [t for t in world.truth() if (t.agency, t.year) == ("吉安市", 2017)]
    path = tmp_path_factory.mktemp("page") / "jian-2017.html"
    path.write_bytes(world.sites["jian"].pages[truth.path].body)
    return path


def test_parse_reads_a_whole_report(jian: Path) -> None:
    found = json.loads(run("parse", jian, "--json").output)
    states = [fact["state"] for fact in found["facts"]]
    assert (len(states), states.count("number"), states.count("slash")) == (58, 46, 12)
    assert found["report"]["agency"] == "吉安市"
    assert found["report"]["region_code"] == "360800"
    assert (found["report"]["year"], found["report"]["form"]) == (2017, "2014")
    assert found["report"]["scope"] == "consolidated"
    assert {c["status"] for c in found["checks"]} <= {"holds", "holds_if_blank_is_zero"}
    assert [
        (n["indicator"], n["value"], n["printed"])
        for n in found["narrative"]
        if n["agrees"] is False
    ] == [("press_conferences", "60", "56")]
    assert found["leftovers"] == []
    assert Decimal(found["facts"][0]["value"]) == 484860


def test_parse_speaks_to_people_too(jian: Path) -> None:
    said = run("parse", jian).output
    assert "58 facts" in said
    assert "text says 60, table 56: press_conferences" in said


def test_tables_shows_the_grid(jian: Path) -> None:
    found = json.loads(run("tables", jian, "--json").output)
    assert any("484860" in row for grid in found["tables"] for row in grid["grid"])
    assert "484860" in run("tables", jian).output


@pytest.mark.parametrize(
    ("name", "body", "codes"),
    [
        ("empty.html", b"", {"not-a-report"}),
        ("scan.png", PNG, {"image-only", "undecodable"}),  # damaged: seen with the extra `ocr`
        ("login.html", LOGIN.encode(), {"not-a-report"}),
        ("gone.html", GONE.encode("gbk"), {"not-a-report"}),
        ("topic.html", TOPIC.encode(), {"not-a-report"}),
        ("noise.bin", bytes(range(256)) * 40, {"undecodable", "not-a-report"}),
    ],
)
def test_what_is_no_report_says_so(tmp_path: Path, name: str, body: bytes, codes: set[str]) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    said = run("parse", path, "--json")
    assert said.exit_code == 0
    found = json.loads(said.output)
    assert found["facts"] == []
    assert codes & {problem["code"] for problem in found["problems"]}


def test_a_truncated_page_keeps_what_it_has(jian: Path, tmp_path: Path) -> None:
    text = decode(jian.read_bytes()).text
    path = tmp_path / "cut.html"
    path.write_text(text[: len(text) // 2], "utf-8")
    found = json.loads(run("parse", path, "--json").output)
    assert 0 < len(found["facts"]) < 58
    assert any(p["code"] == "missing-row" for p in found["problems"])


def test_a_wrong_path_and_a_folder_are_one_line_and_usage(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.html", tmp_path):
        said = run("parse", path)
        assert said.exit_code == 2
        assert len(said.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("verb", ["reparse", "changes", "check", "build", "verify", "serve"])
def test_no_archive_yet_is_one_line(tmp_path: Path, verb: str) -> None:
    said = run(verb, "--data", tmp_path / "none")
    assert said.exit_code == 2
    assert len(said.stderr.strip().splitlines()) == 1


def test_a_bad_entry_names_file_entry_and_field(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('[[portal]]\nid = "x"\nname = "某市"\nregion = "36"\n', "utf-8")
    said = run("crawl", "--portals", path, "--data", tmp_path / "data")
    assert said.exit_code == 2
    assert "bad.toml" in said.stderr
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_text("not a folder")
    said = run("crawl", "--data", path)
    assert said.exit_code in (2, 7)
    assert len(said.stderr.strip().splitlines()) == 1


def test_a_locked_archive_is_exit_8(tmp_path: Path) -> None:
    from archive.capture import CaptureStore

    with CaptureStore.open(tmp_path):
        said = run("crawl", "jian", "--data", tmp_path)
    assert said.exit_code == 8
    assert str(os.getpid()) in said.stderr


def test_the_demo_never_touches_a_real_archive(tmp_path: Path) -> None:
    (tmp_path / "capture.db").write_bytes(b"")
    said = run("demo", "--no-serve", "--data", tmp_path)
    assert said.exit_code == 2
    assert "holds an archive" in said.stderr


@pytest.mark.parametrize("verb", ["status", "verify", "build", "demo --no-serve"])
def test_an_archive_is_a_folder(verb: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    said = run(*verb.split(), "--data", file)
    assert (said.exit_code, said.stderr) == (2, f"gongkai: {file} is a file, not a folder\n")


@pytest.mark.parametrize(
    ("left", "kept"),
    [("nothing", False), ("a page of another portal", True), ("a ruling", True)],
)
def test_the_demo_replaces_only_what_a_demo_made(left: str, kept: bool, tmp_path: Path) -> None:
    data = tmp_path / "data"
    portal = "hefei" if left == "a page of another portal" else "jian"
    with CaptureStore.open(data) as store:
        crawl = store.begin_crawl(reason="test", settings={})
        store.record(
            Capture(
                url="http://127.0.0.1/", portal=portal, fetched_at=NOON, outcome="dns", kind="other"
            ),
            crawl=crawl,
        )
    with World().start() as world:
        (data / "demo.toml").write_text(world.registry_toml(), "utf-8")
    if left == "a ruling":
        (data / "rulings").mkdir()
        (data / "rulings" / "case.toml").write_text("", "utf-8")
    if kept:
        with pytest.raises(ArchiveError, match="holds an archive"):
            make_room(data)
    else:
        make_room(data)
    assert (data / "capture.db").exists() is kept


def test_a_number_no_table_has_is_a_line(tmp_path: Path) -> None:
    with CaptureStore.open(tmp_path):
        said = run("fixture", "add", 10**30, "--data", tmp_path)
    assert (said.exit_code, said.stderr) == (2, f"gongkai: there is no capture {10**30}\n")
    assert run("changes", "--run", 10**30, "--data", tmp_path).exit_code == 2
    assert run("reparse", "--workers", 10**30, "--data", tmp_path).exit_code == 2


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/b", ".."])
def test_a_golden_page_stays_in_its_folder(name: str, tmp_path: Path) -> None:
    said = run("fixture", "add", 1, "--name", name, "--data", tmp_path)
    assert (said.exit_code, len(said.stderr.splitlines())) == (2, 1)
    assert "is no name of a folder" in said.stderr


def test_a_dry_run_makes_no_candidate(tmp_path: Path) -> None:
    said = run("reparse", "--dry-run", "--candidate", "--data", tmp_path)
    assert said.exit_code == 2
    assert "writes nothing" in said.stderr


def test_what_is_no_published_file_is_not_served(tmp_path: Path) -> None:
    for content in (b"", b"no database" * 1000):
        (tmp_path / "gongkai.db").write_bytes(content)
        said = run("serve", "--port", 0, "--data", tmp_path)
        assert (said.exit_code, len(said.stderr.splitlines())) == (2, 1)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("{0}/empty",), "no page or document in"),
        (("{0}/page.html", "--fetched-at", "2999-01-01"), "has not come yet"),
    ],
)
def test_an_import_that_cannot_be_meant(words: Sequence[str], line: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "page.html").write_text(GONE, "utf-8")
    said = run("import", "html", *(w.format(tmp_path) for w in words), "--data", tmp_path / "d")
    assert said.exit_code == 2
    assert line in said.stderr
    assert not (tmp_path / "d").exists()


def test_every_problem_code_is_documented() -> None:
    text = (Path(__file__).parents[1] / "docs" / "problems.md").read_text("utf-8")
    listed = set(re.findall(r"^\| `([a-z-]+)` \|", text, re.M))
    assert listed == set(PROBLEMS)
