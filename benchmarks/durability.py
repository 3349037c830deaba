"""What a kill, a torn WAL and a flipped byte cost: nothing acknowledged may be lost or wrong.

    .venv/bin/python -m benchmarks.durability [--kills 100] [--wals 60]

Half of the kills hit a crawl, half a re-parse; both are the writers that the tests use.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from archive.capture import CaptureStore
from archive.facts import FactsStore
from archive.reparse import reparse
from archive.verify import verify
from tests.archive import samples
from tests.archive.exchanges import exchange

ROOT = Path(__file__).parents[1]
PAGES = 600
REPARSE = """
import sys
from pathlib import Path
from archive import reparse
from tests.archive import samples
reparse.COMMIT_EVERY = 20
engine = (samples.FIRST, samples.BETTER)[int(sys.argv[2])]
reparse.reparse(Path(sys.argv[1]), engine=engine, mode="all")
"""


def kill_crawls(data: Path, kills: int) -> None:
    lines: list[str] = []
    for seed in range(kills):
        command = [sys.executable, "-m", "tests.archive.writer", str(data), str(seed)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as child:
            if child.stdout is None:
                raise SystemExit("no output")
            wanted = random.Random(seed).randrange(1, 120)
            heard = [child.stdout.readline() for _ in range(wanted)]
            child.kill()
            lines += [line for line in heard + child.stdout.readlines() if line.endswith("\n")]
    lost = 0
    with CaptureStore.reader(data) as store:
        for line in lines:
            key, sha256, _ = line.split()
            lost += int(store.get(int(key)).body_sha256 != sha256)
    done = verify(data)
    print(f"{kills} kills of a crawl: {len(lines):,} captures acknowledged, {lost} lost, "
          f"{len(list(done.told()))} corrupt", flush=True)  # fmt: skip


def kill_reparses(data: Path, kills: int) -> None:
    fields = [str(n) for n in range(PAGES)]
    samples.crawl(data, *(
        samples.captured(samples.body({"requests_received": n, "hidden": n}, agency=f"市{n}"),
                         url=f"http://www.jian.gov.cn/{n}.html")
        for n in fields
    ))  # fmt: skip
    for seed in range(kills):
        command = [sys.executable, "-c", REPARSE, str(data), str(seed % 2)]
        child = subprocess.Popen(command, cwd=ROOT)
        time.sleep(0.6 + random.Random(seed).random())
        child.kill()
        child.wait()
    reparse(data, engine=samples.BETTER, mode="all")
    with FactsStore.reader(data) as facts:
        (check,) = facts.rows("PRAGMA integrity_check")
        torn = facts.rows("SELECT count(*) FROM readings r WHERE facts <> "
                          "(SELECT count(*) FROM facts WHERE reading = r.id)")  # fmt: skip
        opened = facts.rows("SELECT count(*) FROM readings WHERE to_run IS NULL")
    print(f"{kills} kills of a re-parse: integrity {check[0]}, {torn[0][0]} readings half written, "
          f"{opened[0][0]} of {PAGES} pages read at the end", flush=True)  # fmt: skip


def tear_wals(folder: Path, count: int) -> None:
    corrupt = kept = 0
    for seed in range(count):
        chance, data, copy = random.Random(seed), folder / f"d{seed}", folder / f"c{seed}"
        copy.mkdir(parents=True)
        with CaptureStore.open(data) as store:
            crawl = store.begin_crawl(reason="test", settings={})
            store.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            for number in range(20):
                store.record(exchange(number), crawl=crawl)
            for name in ("capture.db", "capture.db-wal"):
                shutil.copy(data / name, copy / name)
        wal = bytearray((copy / "capture.db-wal").read_bytes())
        at = chance.randrange(len(wal))
        if seed % 2:
            del wal[at:]
        else:
            wal[at] ^= 1 << chance.randrange(8)
        (copy / "capture.db-wal").write_bytes(wal)
        CaptureStore.open(copy).close()
        done = verify(copy)
        corrupt += int(not done.ok)
        kept += done.captures
        shutil.rmtree(copy)
        shutil.rmtree(data)
    print(f"{count} WALs cut or with a flipped bit: {corrupt} corrupt; {kept} of {20 * count} "
          "captures before the damage", flush=True)  # fmt: skip


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=100)
    asked.add_argument("--wals", type=int, default=60)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kill_crawls(Path(folder) / "crawl", given.kills - given.kills // 2)
        kill_reparses(Path(folder) / "facts", given.kills // 2)
        tear_wals(Path(folder) / "wal", given.wals)


if __name__ == "__main__":
    main()
