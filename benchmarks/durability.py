"""What a kill, a torn WAL and a flipped bit cost: nothing acknowledged may be lost or wrong.

    .venv/bin/python -m benchmarks.durability [--kills 100] [--wals 100]

So many kill -9 hit a crawl, and so many a re-parse that goes on where the last one fell; so many
WALs of each file are cut or get a flipped bit. Exit 1 when anything is lost or wrong.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from archive import reparse as reading
from archive.capture import CaptureStore
from archive.facts import FactsStore
from archive.promotion import Order
from archive.reparse import reparse
from archive.verify import verify
from parsers.errors import ArchiveError
from tests.archive import samples
from tests.archive.exchanges import exchange

ROOT = Path(__file__).parents[1]
PAGES, BATCH = 400, 20
ANYWAY = Order(force="to be killed")
REPARSE = """
import sys
from pathlib import Path
from benchmarks.durability import reparsed
for line in reparsed(Path(sys.argv[1]), int(sys.argv[2])):
    print(line, flush=True)
"""
# What must not depend on what happened on the way: no ids, no runs, no times.
CONTENT = """
SELECT r.url, r.body, r.output_sha256, r.facts, r.status, f.section, f.indicator, f."column", f.seq,
    f.value, f.state, f.raw, f.table_no, f.row_no, f.cell_no, p.year, p.scope, p.rivals
FROM readings r LEFT JOIN facts f ON f.reading = r.id LEFT JOIN reports p ON p.reading = r.id
WHERE r.to_run IS NULL ORDER BY 1, 2, 6, 7, 8, 9
"""
TORN = (
    "SELECT count(*) FROM readings r WHERE to_run IS NULL AND facts <> "
    "(SELECT count(*) FROM facts WHERE reading = r.id)"
)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=100)
    asked.add_argument("--wals", type=int, default=100)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        wrong = kill_crawls(at / "crawl", given.kills)
        wrong += kill_reparses(at / "facts", given.kills)
        wrong += tear_captures(at / "wal", given.wals)
        wrong += tear_facts(at / "facts wal", given.wals)
    print(f"lost or wrong: {wrong}")
    sys.exit(wrong > 0)


def kill_crawls(data: Path, kills: int) -> int:
    """Kills after a line that acknowledges a capture; the next crawl goes on in that archive."""
    said: list[str] = []
    for seed in range(kills):
        command = [sys.executable, "-m", "tests.archive.writer", str(data), str(seed)]
        said += killed(command, random.Random(seed).randrange(1, 120), 0.0)
    lost = 0
    with CaptureStore.reader(data) as store:
        for line in said:
            key, sha256, _ = line.split()
            lost += not kept(store, int(key), sha256)
    corrupt = len(list(verify(data).told()))
    print(f"{kills} kills of a crawl: {len(said):,} captures acknowledged, {lost} lost, "
          f"{corrupt} corrupt", flush=True)  # fmt: skip
    return lost + corrupt


def killed(command: Sequence[str], lines: int, then: float) -> list[str]:
    """The whole lines a child said before it was killed, `then` seconds after so many of them."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as child:
        if child.stdout is None:
            raise SystemExit("no output")
        heard = [child.stdout.readline() for _ in range(lines)]
        time.sleep(then)
        child.kill()
        return [line for line in heard + child.stdout.readlines() if line.endswith("\n")]


def kept(store: CaptureStore, key: int, sha256: str) -> bool:
    try:
        return store.get(key).body_sha256 == sha256 and bool(store.body(sha256))
    except ArchiveError:
        return False


def reparsed(data: Path, better: int) -> Iterator[str]:
    """A whole re-parse by one of two parsers, in small transactions, line by line."""
    reading.COMMIT_EVERY = BATCH
    engine = (samples.FIRST, samples.BETTER)[better]

    def told(done: int, total: int) -> None:
        if done % BATCH == 0:
            sys.stdout.write(f"read {done} of {total}\n")
            sys.stdout.flush()

    done = reparse(data, engine=engine, mode="all", order=ANYWAY, progress=told)
    yield f"promoted {done.run}"


def crawled(data: Path) -> None:
    samples.crawl(data, *(
        samples.captured(
            samples.body({"requests_received": str(n), "hidden": str(n)}, agency=f"市{n % 97}",
                         year=2008 + n % 15),
            url=f"http://www.jian.gov.cn/{n}.html")
        for n in range(PAGES)
    ))  # fmt: skip


def kill_reparses(data: Path, kills: int) -> int:
    """Half of the kills hit the reading, a quarter the moment when the run comes in force, and a
    quarter the moment after it said so."""
    crawled(data)
    shutil.copytree(data, data.with_name("twin"))
    promoted: list[int] = []
    ended = 0
    for seed in range(kills):
        chance = random.Random(seed)
        command = [sys.executable, "-c", REPARSE, str(data), str(seed // 4 % 2)]
        last = PAGES // BATCH + 1
        lines, then = ((chance.randrange(1, last), 0.1), (last, 1.0), (last + 1, 0.0))[
            (0, 1, 0, 2)[seed % 4]
        ]
        said = killed(command, lines, then * chance.random())
        ends = [int(line.split()[1]) for line in said if line.startswith("promoted")]
        promoted, ended = promoted + ends, ended + len(ends)
    wrong, told = whole(data, data.with_name("twin"))
    with FactsStore.reader(data) as facts:
        held = {run for (run,) in facts.rows("SELECT id FROM runs WHERE promoted IS NOT NULL")}
    lost = len(set(promoted) - held)
    print(f"{kills} kills of a re-parse: {ended} said they were in force, {lost} lost; {told}",
          flush=True)  # fmt: skip
    return lost + wrong


def whole(data: Path, twin: Path) -> tuple[int, str]:
    """What is wrong once the next re-parse is through, against an archive that nobody harmed."""
    for each in (data, twin):
        reparse(each, engine=samples.BETTER, mode="all", order=ANYWAY)
    with FactsStore.reader(data) as facts, FactsStore.reader(twin) as other:
        found, wanted = facts.rows(CONTENT), other.rows(CONTENT)
        ((sound,),) = facts.rows("PRAGMA integrity_check")
        ((torn,),) = facts.rows(TORN)
        loose = len(facts.rows("PRAGMA foreign_key_check"))
    differing = len(set(found) ^ set(wanted))
    wrong = differing + torn + loose + (sound != "ok")
    return wrong, (
        f"integrity {sound}, {torn} readings half written, {loose} loose ends, "
        f"{differing} of {len(wanted):,} rows other than in an unharmed archive"
    )


def damage(path: Path, seed: int) -> int:
    """Cuts the file or turns one of its bits; where."""
    content, chance = bytearray(path.read_bytes()), random.Random(seed)
    at = chance.randrange(len(content))
    if seed % 2:
        del content[at:]
    else:
        content[at] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    return at


def tear_captures(folder: Path, count: int) -> int:
    """Exactly the commits before the damage must be there: the WAL's size after each is known."""
    source, copy = folder / "source", folder / "copy"
    lost = corrupt = held = 0
    with CaptureStore.open(source) as store:
        crawl = store.begin_crawl(reason="test", settings={})
        store.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        sizes = []
        for number in range(20):
            store.record(exchange(number), crawl=crawl)
            sizes.append((source / "capture.db-wal").stat().st_size)
        for seed in range(count):
            copied(source, copy, "capture.db")
            at = damage(copy / "capture.db-wal", seed)
            CaptureStore.open(copy).close()
            done = verify(copy)
            corrupt += not done.ok
            held += done.captures
            lost += abs(done.captures - sum(size <= at for size in sizes))
    print(f"{count} WALs of capture.db cut or with a flipped bit: {corrupt} corrupt; {held} "
          f"captures before the damage, {lost} lost or half there", flush=True)  # fmt: skip
    return corrupt + lost


def copied(source: Path, copy: Path, name: str) -> None:
    """As a power cut leaves them."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    for each in (name, f"{name}-wal"):
        shutil.copy(source / each, copy / each)


def tear_facts(folder: Path, count: int) -> int:
    """A re-parse that a power cut ends; the next one must come to the same numbers."""
    source, copy, twin = folder / "source", folder / "copy", folder / "twin"
    crawled(source)
    reparse(source, engine=samples.FIRST)
    shutil.copytree(source, twin)

    def cut(done: int, total: int) -> None:
        if done == total // 2:
            copied(source, folder / "cut", "facts.db")

    reading.COMMIT_EVERY = BATCH
    reparse(source, engine=samples.BETTER, mode="all", order=ANYWAY, progress=cut)
    wrong = 0
    for seed in range(count):
        copied(folder / "cut", copy, "facts.db")
        shutil.copy(source / "capture.db", copy / "capture.db")
        damage(copy / "facts.db-wal", seed)
        wrong += whole(copy, twin)[0]
    print(f"{count} WALs of facts.db cut or with a flipped bit: {wrong} rows wrong after the next "
          "re-parse", flush=True)  # fmt: skip
    return wrong


if __name__ == "__main__":
    main()
