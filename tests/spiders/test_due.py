"""When portals are due again, and the units that ask."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.visits import Visit, VisitState
from gongkai import main
from spiders.aftermath import due, judge, plan
from spiders.calendar import next_visit
from spiders.hosts import Hosts
from spiders.registry import Portal
from spiders.tally import PortalTally

SUMMER = datetime(2026, 7, 1, 12, tzinfo=UTC)


def portal(name: str = "jian", level: str = "prefecture") -> Portal:
    home = f"http://www.{name}.gov.cn/"
    return Portal(id=name, name="x", region="360800", level=level, agency="x", home=home)  # type: ignore[arg-type]


def visit(state: VisitState = "ok", days: float = 30, streak: int = 1) -> Visit:
    return Visit(
        portal="jian",
        visited_at="",
        changed_at=None,
        state=state,
        streak=streak,
        days=days,
        due_at="2026-07-01T00:00:00.000Z",
        reason="",
    )


@pytest.mark.parametrize(
    ("state", "before", "changed", "days"),
    [
        ("ok", None, True, 30),
        ("ok", visit(), False, 45),
        ("ok", visit(days=50), False, 60),
        ("ok", visit(), True, 24),
        ("ok", visit(days=7), True, 7),
        ("blocked", visit(), False, 7),
        ("blocked", visit("blocked", 7, 1), False, 14),
        ("blocked", visit("blocked", 90, 9), False, 90),
        ("unreachable", None, False, 1),
        ("unreachable", visit("unreachable", 1, 2), False, 4),
        ("ok", visit("blocked", 90, 9), False, 45),
        ("partial", None, True, 1),
    ],
)
def test_the_rhythm(state: VisitState, before: Visit | None, changed: bool, days: float) -> None:
    row = next_visit(portal(), state, changed=changed, reason="", now=SUMMER, before=before)
    assert row.days == days
    assert datetime.fromisoformat(row.due_at) == SUMMER + timedelta(days=days)


@pytest.mark.parametrize(
    ("level", "now", "expected"),
    [
        ("prefecture", "2027-01-10", "2027-01-14T17:00"),  # 15 January in China
        ("department", "2027-01-28", "2027-01-31T17:00"),  # the morning after 31 January
        ("prefecture", "2027-01-28", "2027-02-04T00:00"),  # a week: governments have until March
        ("county", "2027-03-30", "2027-03-31T17:00"),
        ("county", "2027-04-20", "2027-05-20T00:00"),
    ],
)
def test_the_dates_of_the_law(level: str, now: str, expected: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    row = next_visit(portal(level=level), "ok", changed=False, reason="", now=at)
    assert row.due_at.startswith(expected)


def test_due_takes_new_portals_first_and_leaves_those_that_wait() -> None:
    known = {"b": visit(), "c": visit()}
    names = [portal(name) for name in ("b", "a", "c")]
    assert [one.id for one in due(names, known, "2026-06-30")] == ["a"]
    assert [one.id for one in due(names, known, "2026-07-02")] == ["a", "b", "c"]


def test_many_out_of_reach_at_once_is_our_own_line() -> None:
    portals = {name: portal(name) for name in "abcdef"}
    tallies = {name: PortalTally(asked=1, failed=1, entry="timeout") for name in portals}
    assert plan(portals, tallies, Hosts(), {}, SUMMER) == []
    tallies = {name: PortalTally(asked=1, reports=1, listed=1) for name in portals}
    tallies["a"] = PortalTally(asked=1, failed=1, entry="timeout")
    rows = plan(portals, tallies, Hosts(), {}, SUMMER)
    assert [row.state for row in rows] == ["unreachable", *["ok"] * 5]


@pytest.mark.parametrize(
    ("tally", "expected"),
    [
        (PortalTally(blocked=3), ("blocked", "blocked")),
        (PortalTally(failed=1, entry="dns"), ("unreachable", "dns")),
        (PortalTally(refused=1, entry="off-portal"), ("refused", "off-portal")),
        (PortalTally(refused=1, entry="robots"), ("refused", "robots")),
        (PortalTally(), ("partial", "not-visited")),
        (PortalTally(asked=3), ("empty", "no-column")),
        (PortalTally(asked=3, listed=9), ("empty", "empty")),
        (PortalTally(failed=1, entry="http-error"), ("empty", "http-error")),
        (PortalTally(reports=9, listed=9, waiting=2), ("partial", "")),
        (PortalTally(reports=9, listed=9), ("ok", "")),
    ],
)
def test_classes_of_portals(tally: PortalTally, expected: tuple[str, str]) -> None:
    assert judge(tally, portal(), Hosts()) == expected


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    words = ["schedule", "systemd", "--to", str(tmp_path), "--data", str(tmp_path / "a b %i $x")]
    done = CliRunner().invoke(main, [*words, "--contact", "https://example.org/?a=1 b"])
    assert done.exit_code == 0, done.output
    units = [str(path) for path in sorted(tmp_path.glob("gongkai.*"))]
    checked = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert 'crawl --due --data "' in (tmp_path / "gongkai.service").read_text("utf-8")


def test_a_unit_that_a_person_edited_is_left_alone(tmp_path: Path) -> None:
    words = ["schedule", "systemd", "--to", str(tmp_path), "--data", str(tmp_path / "data")]
    timer = tmp_path / "gongkai.timer"
    for _ in range(2):  # the same text again is no harm
        assert CliRunner().invoke(main, words).exit_code == 0
    (tmp_path / "gongkai.service").unlink()
    timer.write_text("mine", "utf-8")
    refused = CliRunner().invoke(main, words)
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert "--replace" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["gongkai.timer"]
    assert timer.read_text("utf-8") == "mine"
    assert CliRunner().invoke(main, [*words, "--replace"]).exit_code == 0
    assert timer.read_text("utf-8") != "mine"


def test_the_crontab_is_one_command_that_a_shell_takes(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["schedule", "cron", "--data", str(tmp_path / "100%")])
    (line,) = [line for line in done.output.splitlines() if line and not line.startswith("#")]
    *fields, command = line.split(" ", 5)
    assert fields == ["10", "14", "*", "*", "*"]
    assert command.count("%") == command.count("\\%")
    subprocess.run(["sh", "-n", "-c", command.replace("\\%", "%")], check=True)


def test_the_workflow_is_yaml_with_a_schedule() -> None:
    yaml = pytest.importorskip("yaml")
    told = yaml.safe_load(CliRunner().invoke(main, ["schedule", "github"]).output)
    (step,) = [one for one in told["jobs"]["round"]["steps"] if "crawl" in one.get("run", "")]
    assert told[True]["schedule"] == [{"cron": "10 14 * * *"}]
    subprocess.run(["sh", "-n", "-c", step["run"]], check=True)


ROUNDS = {"cron": "crontab", "github": "workflow"}
# What the crawl ends with -> what runs after it, what the round ends with by cron and by GitHub
ENDS = {0: (True, 0, 0), 5: (True, 0, 0), 6: (True, 0, 6), 7: (False, 0, 7), 1: (False, 0, 1)}


def command(kind: str, data: Path) -> str:
    said = CliRunner().invoke(main, ["schedule", kind, "--data", str(data)]).output
    if kind == "github":
        yaml = pytest.importorskip("yaml")
        steps = yaml.safe_load(said)["jobs"]["round"]["steps"]
        return str(next(one["run"] for one in steps if "crawl" in one.get("run", "")))
    (line,) = [line for line in said.splitlines() if line.startswith("10 14")]
    return line.split(" ", 5)[5].replace("\\%", "%")


@pytest.mark.parametrize("kind", ROUNDS)
@pytest.mark.parametrize("crawl", ENDS)
def test_a_round_goes_on_as_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, crawl: int
) -> None:
    """With a stand-in for the command, run by the shell that cron and GitHub run."""
    stub = tmp_path / "bin" / "gongkai"
    stub.parent.mkdir()
    stub.write_text(
        f'#!/bin/sh\necho "$1" >>{tmp_path}/calls\n[ "$1" = crawl ] && exit {crawl}\nexit 0\n'
    )
    stub.chmod(0o755)
    monkeypatch.setattr("spiders.units._program", lambda: str(stub))
    monkeypatch.setenv("PATH", f"{stub.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    monkeypatch.chdir(tmp_path)
    done = subprocess.run(
        ["sh", "-c", command(kind, Path("data"))], capture_output=True, text=True, check=False
    )
    goes_on, by_cron, by_github = ENDS[crawl]
    calls = (tmp_path / "calls").read_text().split()
    assert calls == ["crawl", "reparse", "build"] if goes_on else calls == ["crawl"]
    assert done.returncode == (by_cron if kind == "cron" else by_github), done.stderr
