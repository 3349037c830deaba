"""The sample portals crawled as a visitor would: every report found, nothing asked in vain."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from spiders.registry import Portal, load
from spiders.simulator import World

from . import crawls


@pytest.fixture
def world():
    one = World()
    with one.start():
        yield one


def portals(world: World, folder: Path) -> tuple[Portal, ...]:
    path = folder / "portals.toml"
    path.write_text(world.registry_toml(), "utf-8")
    return load(path)


def found(world: World, data: Path, where: str = "outcome = 'ok'") -> set[tuple[str, str]]:
    kept = crawls.captures(data, f"kind = 'report' AND {where}")
    return {(one.portal, one.url.removeprefix(world.base(one.portal))) for one in kept}


def expected(world: World, ask: str = "report") -> set[tuple[str, str]]:
    return {(row.portal, row.path) for row in world.rows() if row.expect == ask}


def check_manners(world: World) -> None:
    for judgement in world.judgement().values():
        assert judgement.polite, judgement.violations


def test_every_report_is_found_and_no_noise(world: World, tmp_path: Path) -> None:
    done = crawls.crawl(tmp_path, portals(world, tmp_path))
    assert done.exit_code == 0, done
    assert found(world, tmp_path) == expected(world)
    assert found(world, tmp_path, "outcome = 'robots'") == expected(world, "robots")
    jian = done.portals["jian"]
    assert jian.promised == jian.listed == sum(row.portal == "jian" for row in world.rows())
    check_manners(world)


def test_from_the_home_pages_alone(world: World, tmp_path: Path) -> None:
    homes = [replace(one, columns=(), family="auto") for one in portals(world, tmp_path)]
    assert crawls.crawl(tmp_path, homes).exit_code == 0
    assert found(world, tmp_path) == expected(world)
    check_manners(world)


def test_only_what_changed_comes_again(world: World, tmp_path: Path) -> None:
    both = portals(world, tmp_path)
    crawls.crawl(tmp_path, both)
    first = sum(one.sent for one in world.requests())
    changed = {(edit.portal, edit.new_path) for edit in world.edit()}
    world.forget()
    assert crawls.crawl(tmp_path, both).exit_code == 0
    again = found(world, tmp_path, "crawl = 2 AND outcome = 'ok'")
    assert again == changed
    assert sum(one.sent for one in world.requests()) < first / 3
    check_manners(world)
