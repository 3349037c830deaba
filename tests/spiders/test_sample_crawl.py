"""The sample portals crawled as a visitor would: every report found, nothing asked in vain."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from spiders.registry import Portal, load
from spiders.simulator import Fault, World
from spiders.simulator.faults import kinds

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


FAULTS = {  # what the archive says of it, and the exit code
    "latency": ("ok", 0),
    "reset": ("connection", 5),
    "truncated": ("truncated", 5),
    "broken-gzip": ("truncated", 5),
    "wrong-type": ("ok", 0),
    "unavailable": ("http-error", 5),
    "too-many": ("http-error", 5),
    "forbidden": ("http-error", 5),
    "challenge-412": ("blocked", 5),
    "challenge-521": ("blocked", 5),
    "soft-404": ("failed", 5),
    "maintenance": ("failed", 5),
    "redirect-home": ("failed", 5),
    "redirect-elsewhere": ("off-portal", 0),
    "redirect-private": ("off-portal", 0),
}


@pytest.mark.parametrize("kind", kinds())
def test_a_fault_is_recorded_and_the_crawl_goes_on(world: World, tmp_path: Path, kind: str) -> None:
    outcome, code = FAULTS[kind]
    newest = "/xxgk-show-63824.html"
    world.set_faults("jian", Fault(kind=kind, path=newest))
    done = crawls.crawl(tmp_path, portals(world, tmp_path), limit=2)
    assert done.exit_code == code
    assert done.portals["haitan"].fetched == 2
    faulty = "portal = 'jian' AND kind = 'report' AND link_text LIKE '%2024%'"
    told = [one.outcome for one in crawls.captures(tmp_path, faulty)]
    assert set(told) - {"redirect"} == {outcome}
    other = crawls.captures(tmp_path, "portal = 'jian' AND kind = 'report' AND outcome = 'ok'")
    assert len(other) == {"ok": 2, "blocked": 0}.get(outcome, 1)
