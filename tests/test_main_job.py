"""The whole job through the front door, on the sample portals."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3  # noqa: TID251 - looks at the files as any reader would
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from spiders.simulator import World

ROOT = Path(__file__).parents[1]


def gongkai(*words: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it."""
    command = [sys.executable, "-m", "gongkai", *map(str, words)]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=120
    )


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    """JSON lines of stdout."""
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    data = tmp_path_factory.mktemp("demo") / "data"
    done = gongkai("demo", "--no-serve", "--data", data)
    assert done.returncode == 0, done.stderr
    return data, done.stdout


def test_the_demo_sums_up(demo: tuple[Path, str]) -> None:
    data, said = demo
    assert "2 portals, 38 reports, " in said
    assert "2 broken" in said
    assert (data / "gongkai.db").is_file()


def test_exactly_the_edited_number_changed(demo: tuple[Path, str]) -> None:
    (change,) = lines(gongkai("changes", "--json", "--data", demo[0]))
    told = {name: change[name] for name in ("cause", "indicator", "year", "old", "new")}
    expected = {"cause": "source", "indicator": "trainings", "year": 2016, "old": "36", "new": "43"}
    assert told == expected


def test_explain_leads_to_the_cell(demo: tuple[Path, str]) -> None:
    words = ("explain", "吉安市 2017", "press_conferences", "--json", "--data", demo[0])
    (found,) = lines(gongkai(*words))
    assert (found["value"], found["raw"]) == ("56", "56")
    assert found["at"]["row"] > 0  # type: ignore[index]
    assert found["sha256"]
    assert {check["id"] for check in found["checks"]} == {"2014-press"}  # type: ignore[union-attr]


def test_the_archive_verifies_and_tells_its_state(demo: tuple[Path, str]) -> None:
    (verified,) = lines(gongkai("verify", "--json", "--data", demo[0]))
    assert verified["bad"] == []
    (state,) = lines(gongkai("status", "--json", "--data", demo[0]))
    assert state["archive"]["captures"] > 80  # type: ignore[index]
    assert gongkai("check", "--data", demo[0]).returncode == 0


@pytest.fixture
def world() -> Iterator[World]:
    with World().start() as running:
        yield running


def bodies(data: Path) -> int:
    with sqlite3.connect(data / "capture.db") as db:
        return int(db.execute("SELECT count(*) FROM bodies").fetchone()[0])


def test_a_second_crawl_asks_again_and_stores_nothing_new(world: World, tmp_path: Path) -> None:
    registry, data = tmp_path / "portals.toml", tmp_path / "data"
    registry.write_text(world.registry_toml(), "utf-8")
    crawl = ("crawl", "--portals", registry, "--data", data, "--json")
    assert sum(int(str(p["new"])) for p in lines(gongkai(*crawl))) == 40
    before = bodies(data)
    world.forget()
    again = lines(gongkai(*crawl))
    assert sum(int(str(p["new"])) for p in again) == 0
    assert bodies(data) - before <= 2  # the volatile page, and the column that links to it
    assert sum(request.status == 304 for request in world.requests()) >= 30


def test_killed_and_started_again_nothing_is_lost(world: World, tmp_path: Path) -> None:
    registry, data = tmp_path / "portals.toml", tmp_path / "data"
    registry.write_text(world.registry_toml(), "utf-8")
    words = ["crawl", "--portals", str(registry), "--data", str(data)]
    with subprocess.Popen(
        [sys.executable, "-m", "gongkai", *words],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        while len(world.requests()) < 20 and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    fetched = {request.target for request in world.requests() if request.status == 200}
    assert gongkai(*words).returncode == 0
    with sqlite3.connect(data / "capture.db") as db:
        rows = db.execute(
            "SELECT count(DISTINCT url) FROM exchanges WHERE outcome = 'ok' AND kind = 'report'"
        )
        assert rows.fetchone()[0] == 39
    assert fetched


def test_a_parser_fix_lists_exactly_the_numbers_it_moved(
    demo: tuple[Path, str], tmp_path: Path
) -> None:
    project, data = tmp_path / "project", tmp_path / "data"
    project.mkdir()
    for room in ("parsers", "archive", "spiders"):
        shutil.copytree(ROOT / room, project / room)
    shutil.copy(ROOT / "gongkai.py", project)
    shutil.copytree(demo[0], data)
    form = project / "parsers" / "forms" / "2014.toml"
    right = form.read_text("utf-8")
    line = next(x for x in right.splitlines() if 'id = "hot_topics_answered"' in x)
    form.write_text(right.replace(line, ""), "utf-8")
    assert gongkai("reparse", "--data", data, cwd=project).returncode == 0
    form.write_text(right, "utf-8")
    assert gongkai("reparse", "--data", data, cwd=project).returncode == 0
    found = lines(gongkai("changes", "--cause", "parser", "--json", "--data", data, cwd=project))
    cells = [c for c in found if c["kind"] != "field"]
    assert {c["indicator"] for c in cells} == {"hot_topics_answered"}
    assert {(c["old"] is None, c["new"] is None) for c in cells} <= {
        (True, False),
        (False, True),
        (True, True),
    }
    years = [c["year"] for c in cells]
    assert sorted(set(years)) == [2014, 2015, 2016, 2017, 2018]
