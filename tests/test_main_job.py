"""The whole job through the front door, on the sample portals."""

from __future__ import annotations

import fcntl
import json
import shutil
import signal
import sqlite3  # noqa: TID251 - looks at the files as any reader would
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from spiders.simulator import World
from spiders.simulator.site import Answer

ROOT = Path(__file__).parents[1]


def gongkai(*words: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it."""
    command = [sys.executable, "-m", "gongkai", *map(str, words)]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=600
    )


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    """JSON lines of stdout."""
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> tuple[Path, str]:
    """Once a run: the first of pytest's processes makes it, the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    folder = base if worker_id == "master" else base.parent
    data, said = folder / "demo", folder / "demo.txt"
    with (folder / "demo.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not said.exists():
            done = gongkai("demo", "--no-serve", "--data", data)
            assert done.returncode == 0, done.stderr
            said.write_text(done.stdout, "utf-8")
    return data, said.read_text("utf-8")


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


def reports(data: Path) -> int:
    with sqlite3.connect(data / "capture.db") as db:
        rows = db.execute(
            "SELECT count(DISTINCT url) FROM exchanges WHERE outcome = 'ok' AND kind = 'report'"
        )
        return int(rows.fetchone()[0])


def test_killed_and_started_again_nothing_is_lost_and_nothing_stored_twice(
    world: World, tmp_path: Path
) -> None:
    registry, data = tmp_path / "portals.toml", tmp_path / "data"
    registry.write_text(world.registry_toml(), "utf-8")
    crawl = ("crawl", "--portals", str(registry), "--data", str(data), "--json")
    server = world._servers["jian"]
    whole, asked = server.answer, count(1)
    with subprocess.Popen(
        [sys.executable, "-m", "gongkai", *crawl],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:

        def answer(*what: Any) -> Answer:
            """The twentieth request is the last thing that the crawl did."""
            if next(asked) == 20:
                process.kill()
            return whole(*what)

        server.answer = answer  # type: ignore[method-assign]
        process.wait(120)
    assert process.returncode == -signal.SIGKILL
    fetched = sum(request.status == 200 for request in world.requests())
    lines(gongkai(*crawl))
    assert reports(data) == 39
    assert sum(request.status == 200 for request in world.requests()) - fetched < 40
    before = bodies(data)
    world.forget()
    again = lines(gongkai(*crawl))
    assert sum(int(str(p["new"])) for p in again) == 0
    assert bodies(data) - before <= 2  # the volatile page, and the column that links to it
    assert sum(request.status == 304 for request in world.requests()) >= 30


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
