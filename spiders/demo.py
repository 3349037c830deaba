"""The whole job on the sample portals: crawl, read, check, publish; then again after an edit."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from archive.build import build
from archive.capture import CaptureStore
from archive.changes import changes
from archive.checks import check
from archive.placing import write_text
from archive.reparse import reparse
from archive.serve import serve
from parsers.errors import ArchiveError

from .registry import load
from .simulator import World

Say = Callable[[str], None]
REGISTRY = "demo.toml"  # marks the folder as the demo's own


def demonstrate(data: Path, *, port: int | None, say: Say) -> int:
    """The exit code of the first step that fails; serves at the end unless `port` is None."""
    make_room(data)
    world = World()
    with world.start():
        write_text(data / REGISTRY, world.registry_toml())
        say(f"sample portals: {', '.join(world.base(name) for name in world.portals)}")
        if code := _round(data, say, "first crawl"):
            return code
        world.edit()
        if code := _round(data, say, "second crawl, after the portals edited a report"):
            return code
        _sum_up(data, say, len(world.portals))
        if port is not None:
            serve(data, port=port, ready=lambda address: say(f"the site: {address}"))
    return 0


def make_room(data: Path) -> None:
    """An archive of earlier demos is replaced; any other, or one used since, is left alone."""
    if (data / "capture.db").exists() and not _only_a_demo(data):
        raise ArchiveError(f"{data} holds an archive: give the demo a folder, --data demo-data")
    if (data / REGISTRY).exists():
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True)


def _only_a_demo(data: Path) -> bool:
    """`gongkai crawl` after the demo brings pages into the same folder; people leave rulings."""
    if not (data / REGISTRY).exists() or any((data / "rulings").glob("*.toml")):
        return False
    ours = {portal.id for portal in load(data / REGISTRY)}
    with CaptureStore.reader(data) as store:
        brought = store.db.conn.execute("SELECT DISTINCT portal FROM captures").fetchall()
    return {portal for (portal,) in brought} <= ours


def _round(data: Path, say: Say, title: str) -> int:
    say(f"\n{title}")
    code = _crawl(data)
    if code:
        return code
    run = reparse(data)
    say(
        f"read {run.read} pages: {run.new} new, {run.changed} changed, "
        f"{run.failed} failed; {run.facts} facts"
    )
    build(data)
    return 0


def _crawl(data: Path) -> int:
    """In a process of its own: a reactor starts only once."""
    command = [sys.executable, "-m", "gongkai", "crawl", "--data", str(data)]
    return subprocess.run([*command, "--portals", str(data / REGISTRY)], check=False).returncode


def _sum_up(data: Path, say: Say, portals: int) -> None:
    done = check(data)
    counts: Counter[str] = Counter()
    for identity in done.identities:
        counts["held"] += identity.holds + identity.holds_if_blank_is_zero
        counts["broken"] += identity.broken
        counts["undecided"] += identity.undecided
    found = changes(data)
    say("")
    for change in found:
        say(
            f"changed ({change.cause}): {change.agency} {change.year} {change.indicator} "
            f"{change.old} -> {change.new}"
        )
    say(
        f"{portals} portals, {sum(done.reports.values())} reports, {build(data).rows['numbers']} "
        f"numbers; checks: {counts['held']} held, {counts['broken']} broken, "
        f"{counts['undecided']} undecided"
    )
    say(f"published: {data / 'gongkai.db'}")
