"""kill -9 in the middle of writing: nothing acknowledged is lost, nothing is half there."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive.capture import CaptureStore
from archive.frontier import Frontier
from archive.verify import verify

from .exchanges import exchange
from .writer import CHILDREN

KILLS = 4  # benchmarks/durability.py makes a hundred


def killed(data: Path, seed: int, after: int) -> list[str]:
    """What a writer acknowledged before it was killed, some time after its line `after`."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.archive.writer", str(data), str(seed)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    )
    with child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(after)]
        child.kill()
        return lines + child.stdout.readlines()


def assert_kept(data: Path, lines: list[str]) -> None:
    with CaptureStore.reader(data) as store:
        for line in filter(lambda line: line.endswith("\n"), lines):
            key, sha256, task = line.split()
            assert store.get(int(key)).body_sha256 == sha256
            store.body(sha256)
            sql = "SELECT state FROM frontier WHERE id = ?"
            assert store.db.conn.execute(sql, (task,)).fetchone() == ("done",)


def assert_whole(data: Path) -> None:
    """No list is closed without its children, no report without its capture, and vice versa."""
    summary = verify(data)
    assert summary.ok, summary
    with CaptureStore.reader(data) as store:
        listings = """
            SELECT DISTINCT state, coalesce(children, 0) FROM frontier LEFT JOIN (
                SELECT found_on, count(*) AS children FROM frontier GROUP BY found_on
            ) AS found ON found.found_on = url WHERE kind = 'listing'
        """
        pairs = set(store.db.conn.execute(listings))
        assert pairs <= {("waiting", 0), ("leased", 0), ("done", CHILDREN)}
        reports = "kind = 'report' AND (state = 'done') <> (capture IS NOT NULL)"
        sql = f"SELECT count(*) FROM frontier WHERE {reports}"
        assert store.db.conn.execute(sql).fetchone() == (0,)


def test_kill_9_loses_nothing_that_was_acknowledged(data: Path) -> None:
    acknowledged: list[str] = []
    for seed in range(KILLS):
        acknowledged += killed(data, seed, after=random.Random(seed).randrange(1, 120))
        assert_whole(data)
    assert_kept(data, acknowledged)
    assert len(acknowledged) > 10 * KILLS
    with CaptureStore.open(data) as store:
        assert store.count("kind = 'listing'")
        assert store.count("kind = 'report'")
        cycle = Frontier(store).start_cycle(["jian"])
        assert Frontier(store).counts(cycle)["leased"] == 0
        assert cycle == 1


@pytest.mark.parametrize("damage", ["cut", "flip"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_damaged_wal_costs_the_commits_after_the_damage_only(
    data: Path, tmp_path: Path, damage: str, share: float
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    with CaptureStore.open(data) as store:
        crawl = store.begin_crawl(reason="test", settings={})
        store.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for number in range(40):
            store.record(exchange(number), crawl=crawl)
        for name in ("capture.db", "capture.db-wal"):  # as a power cut leaves them
            shutil.copy(data / name, copy / name)
    wal = bytearray((copy / "capture.db-wal").read_bytes())
    at = int(len(wal) * share)
    if damage == "cut":
        del wal[at:]
    else:
        wal[at] ^= 1
    (copy / "capture.db-wal").write_bytes(wal)
    CaptureStore.open(copy).close()
    summary = verify(copy)
    assert summary.ok
    assert 40 * (share - 0.15) < summary.captures < 40 * (share + 0.15)
