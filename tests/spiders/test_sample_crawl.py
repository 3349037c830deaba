"""The sample portals crawled as a visitor would: every report found, nothing asked in vain."""

from __future__ import annotations

from pathlib import Path

import pytest

from spiders.registry import load
from spiders.simulator import Fault, World

from . import crawls


@pytest.fixture
def world():
    one = World()
    with one.start():
        yield one


def registry(world: World, folder: Path) -> Path:
    path = folder / "portals.toml"
    path.write_text(world.registry_toml(), "utf-8")
    return path


def test_every_report_is_found_and_no_noise(world: World, tmp_path: Path) -> None:
    portals = load(registry(world, tmp_path))
    done = crawls.crawl(tmp_path, portals)
    kept = crawls.captures(tmp_path, "kind = 'report' AND outcome = 'ok'")
    found = {(one.portal, one.url.removeprefix(world.base(one.portal))) for one in kept}
    assert found == {(row.portal, row.path) for row in world.rows() if row.expect == "report"}
    assert all(world.judgement(portal).polite for portal in world.portals)
    assert done.exit_code == 0, done
