"""What is shipped: the rooms, their data files, their dependencies, and nothing of this machine."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_the_rooms_import_downwards_only() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["gongkai", "spiders", "archive", "parsers"])
def test_our_packages_are_the_ones_imported(name: str) -> None:
    code = f"import {name}; print({name}.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert Path(done.stdout.strip()).is_relative_to(ROOT)


def test_the_wheel_holds_the_rooms_and_their_data(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    top = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert top == {"gongkai.py", "spiders", "archive", "parsers"}
    rooms = ("spiders", "archive", "parsers")
    data = {
        p.relative_to(ROOT).as_posix()
        for r in rooms
        for s in ("toml", "csv")
        for p in (ROOT / r).rglob(f"*.{s}")
    }
    assert data <= set(names)


def test_pins_are_names_and_versions_and_cover_the_dependencies() -> None:
    pins = (ROOT / "constraints.txt").read_text().split()
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[\w.+!]+", pin) for pin in pins)
    names = {re.sub(r"[-_.]+", "-", pin.split("==")[0]).lower() for pin in pins}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for requirement in needed:
        assert re.split(r"[<>=\[ ]", requirement)[0].lower() in names


def test_scrapy_lists_the_spider() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["portal"]
