"""Every family's portal crawled as a visitor would, from its column and from its home page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from spiders.registry import Portal, load
from spiders.simulator import World
from spiders.simulator.world import COUNTRY

from . import crawls


@pytest.fixture
def world() -> Iterator[World]:
    one = World(portals=COUNTRY)
    with one.start():
        yield one


def portals(world: World, folder: Path) -> tuple[Portal, ...]:
    path = folder / "portals.toml"
    path.write_text(world.registry_toml(), "utf-8")
    return load(path)


def found(world: World, data: Path, name: str) -> set[str]:
    base = world.base(name)
    kept = crawls.captures(data, "kind = 'report' AND outcome = 'ok'")
    return {one.url.removeprefix(base) for one in kept if one.url.startswith(f"{base}/")}


def expected(world: World, name: str) -> set[str]:
    return {row.path for row in world.sites[name].rows if row.expect == "report"}


def test_from_the_columns(world: World, tmp_path: Path, subtests: pytest.Subtests) -> None:
    done = crawls.crawl(tmp_path, portals(world, tmp_path))
    for name in COUNTRY:
        with subtests.test(name):
            tally = done.portals[name.replace("_", "-")]
            assert found(world, tmp_path, name) == expected(world, name)
            assert not tally.partial, tally.notes
            assert tally.promised in (None, tally.listed)
            assert world.judgement()[name].polite


def test_from_the_home_pages_alone(world: World, tmp_path: Path, subtests: pytest.Subtests) -> None:
    homes = [replace(one, columns=()) for one in portals(world, tmp_path)]
    done = crawls.crawl(tmp_path, homes)
    for name in COUNTRY:
        with subtests.test(name):
            assert found(world, tmp_path, name) == expected(world, name)
            assert not done.portals[name.replace("_", "-")].partial
