"""How the archive grows: writing, fixity, re-parse and publication at size, and a projection.

    .venv/bin/python -m benchmarks.scale [--captures 100000] [--numbers 20000000] [--folder DIR]
        [--workers 2]

Pages are those of the sample portals, wrapped in the furniture of twenty hosts up to 100 KB, each
with 2,000 characters of its own. Every stage runs in a process of its own, so that the peak of its
memory (VmHWM, workers not included) is its own. Leave the machine alone while it runs. One process
writes what the workers of a re-parse read: with fewer workers than processors it has its own.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

PAGE = 100_000
HOSTS = 20
BATCH = 50
REPORTS = 1_700_000
WORKERS = os.cpu_count() or 1


def page(templates: list[bytes], number: int) -> bytes:
    """A page of host `number % HOSTS`: shared furniture, one report, and text of its own."""
    chance = random.Random(number)
    own = "".join(map(chr, (chance.randrange(0x4E00, 0x5E00) for _ in range(2_000)))).encode()
    report = templates[number % len(templates)]
    room = PAGE - len(report) - len(own) - 40
    extra = b"<p>" + own + b"</p><!--" + furniture(number % HOSTS)[:room] + b"--></body>"
    return report.replace(b"</body>", extra, 1)


def furniture(host: int, cache: dict[int, bytes] = {}) -> bytes:  # noqa: B006
    """Scripts and menus of a portal, the same on each of its pages."""
    if host not in cache:
        words = random.Random(host).choices([f"w{n:x}=menu({n});" for n in range(4_000)], k=9_000)
        cache[host] = "".join(words).encode()
    return cache[host]


def templates() -> list[bytes]:
    """Report pages in UTF-8 that hold a table."""
    from spiders.simulator import World

    world = World()
    pages = [site.pages[t.path].body for t in world.truth() for site in [world.sites[t.portal]]]
    found = [p for p in pages if b"</body>" in p and _is_utf8(p) and len(p) < 60_000]
    return found or sys.exit("the sample portals have no page to grow")


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def stage_write(data: Path, count: int) -> None:
    from archive.capture import CaptureStore, now
    from parsers.model import Capture

    made = templates()
    spent = 0.0
    with CaptureStore.open(data) as store:
        crawl = store.begin_crawl(reason="benchmark", settings={})
        for start in range(0, count, BATCH):
            batch = [
                Capture(
                    url=f"http://www.host{n % HOSTS}.gov.cn/{n}.html",
                    fetched_at=now(),
                    outcome="ok",
                    status=200,
                    response_head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
                    body=page(made, n),
                    kind="report",
                    portal=f"host{n % HOSTS}",
                )
                for n in range(start, min(start + BATCH, count))
            ]
            began = time.perf_counter()
            store.record_all(batch, crawl=crawl)
            spent += time.perf_counter() - began
    size = (data / "capture.db").stat().st_size
    print(f"write    {count:,} pages of {PAGE // 1000} KB: {count / spent:,.0f} pages/s; "
          f"{size / count:,.0f} bytes a page, {count * PAGE / size:.1f}x compressed")  # fmt: skip


def stage_verify(data: Path, count: int) -> None:
    from archive.verify import verify

    began = time.perf_counter()
    done = verify(data)
    spent = time.perf_counter() - began
    print(f"verify   {done.bodies:,} bodies, {done.captures:,} rows: {spent:.1f} s, ok={done.ok}")


def stage_reparse(data: Path, count: int, workers: int) -> None:
    import parsers
    from archive.reparse import reparse

    made = templates()
    sample = [page(made, n) for n in range(200)]
    began = time.perf_counter()
    for body in sample:
        parsers.read(body, url="http://www.host1.gov.cn/1.html")
    speed = len(sample) / (time.perf_counter() - began)
    began = time.perf_counter()
    done = reparse(data, workers=workers)
    spent = time.perf_counter() - began
    bound = count / speed / workers
    print(f"reparse  {done.read:,} pages, {done.facts:,} facts: {spent:.1f} s with {workers} "
          f"workers; parsers.read alone {speed:.0f} pages/s on one core, so {bound:.1f} s at "
          f"best: {spent / bound:.2f}x")  # fmt: skip


# Of a copy: keys that move on by the highest of another table, and what must differ or be empty.
SHIFTED = {"id": "", "reading": "readings", "report": "reports", "agency": "agencies"}
UNLIKE = {
    ("agencies", "name"): "name || :k",
    ("readings", "url"): "url || '?' || :k",
    ("readings", "seal"): "''",
}
OWN = ("agencies", "readings", "reports")  # tables with keys of their own
CONTENT = ("tables", "facts", "leftovers", "problems", "checks", "narrative", "choices")


def copying(columns: list[str], table: str) -> str:
    """SQL that adds the rows of a table again, as those of copy `:k`."""

    def taken(column: str) -> str:
        if column in SHIFTED:
            return f"{column} + :k * :{SHIFTED[column] or table}"
        return UNLIKE.get((table, column), f'"{column}"')

    first = "report" if table == "choices" else "id" if table in OWN else "reading"
    limit = table if table in OWN else SHIFTED[first]
    return (
        f"INSERT INTO {table} SELECT {', '.join(map(taken, columns))} FROM {table} "
        f"WHERE {first} <= :{limit}"
    )


def stage_numbers(data: Path, count: int) -> None:
    """Reports of the demo, again and again under other names: facts.db of any size."""
    from archive.facts import FactsStore

    began = time.perf_counter()
    with FactsStore.open(data) as facts:
        db = facts.db.conn
        statements = [
            copying([row[1] for row in db.execute(f"PRAGMA table_info({table})")], table)
            for table in (*OWN, *CONTENT)
        ]
        highest = {t: db.execute(f"SELECT max(id) FROM {t}").fetchone()[0] for t in OWN}
        (numbers,) = db.execute("SELECT count(*) FROM facts WHERE value NOT NULL").fetchone()
        db.execute("PRAGMA synchronous=OFF")
        for k in range(1, -(-count // numbers)):
            db.execute("BEGIN")
            for sql in statements:
                db.execute(sql, highest | {"k": k})
            db.execute("COMMIT")
        (rows,) = db.execute("SELECT count(*) FROM facts").fetchone()
    print(
        f"facts.db {rows:,} cells (at least {count:,} numbers) in "
        f"{time.perf_counter() - began:.0f} s, {(data / 'facts.db').stat().st_size / 1e9:.1f} GB"
    )


def stage_build(data: Path, count: int) -> None:
    from archive.build import build

    began = time.perf_counter()
    done = build(data)
    spent = time.perf_counter() - began
    print(
        f"build    {done.rows['reports']:,} reports, {done.rows['numbers']:,} cells: {spent:.0f} "
        f"s, {done.size / 1e9:.2f} GB, {done.size / done.rows['numbers']:.0f} bytes a cell"
    )


def stages(workers: int) -> dict[str, Callable[[Path, int], None]]:
    """What each process does that is measured."""
    return {
        "write": stage_write,
        "verify": stage_verify,
        "reparse": partial(stage_reparse, workers=workers),
        "numbers": stage_numbers,
        "build": stage_build,
    }


def run(name: str, data: Path, count: int, workers: int) -> None:
    command = [sys.executable, "-m", "benchmarks.scale", "--stage", name, "--folder", str(data)]
    child = subprocess.Popen([*command, "--count", str(count), "--workers", str(workers)])
    before = os.times()
    began = time.perf_counter()
    peak = max(_peaks(child))
    after = os.times()
    spent = after.children_user + after.children_system
    spent -= before.children_user + before.children_system
    if child.returncode:
        sys.exit(f"{name} failed")
    print(f"         peak memory {peak / 1024:,.0f} MB; {time.perf_counter() - began:.0f} s wall, "
          f"{spent:.0f} s of CPU with all of the stage", flush=True)  # fmt: skip


def _peaks(child: subprocess.Popen[bytes]) -> Iterator[int]:
    """Kilobytes, as Linux counts them, while the process lives."""
    yield 0
    while child.poll() is None:
        try:
            lines = Path(f"/proc/{child.pid}/status").read_text().splitlines()
        except OSError:
            continue
        yield max((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), default=0)
        time.sleep(0.2)


def project(folder: Path, captures: int) -> None:
    stored = (folder / "pages" / "capture.db").stat().st_size / captures
    print(f"\n{REPORTS:,} reports, if real pages are like these:")
    print(f"capture.db  {REPORTS:,} x {stored:,.0f} bytes = {REPORTS * stored / 1e9:.0f} GB")
    published = folder / "numbers" / "gongkai.db"
    if published.exists():
        from archive.sqlite import PUBLISHED_ID, open_reader

        db = open_reader(published, PUBLISHED_ID)
        (reports,) = db.execute("SELECT count(*) FROM reports").fetchone()
        each = published.stat().st_size / reports
        print(f"gongkai.db  {REPORTS:,} x {each:,.0f} bytes = {REPORTS * each / 1e9:.0f} GB")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--captures", type=int, default=100_000)
    asked.add_argument("--numbers", type=int, default=20_000_000)
    asked.add_argument("--folder", type=Path)
    asked.add_argument("--workers", type=int, default=WORKERS)
    asked.add_argument("--stage", choices=stages(WORKERS), help=argparse.SUPPRESS)
    asked.add_argument("--count", type=int, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.stage:
        stages(given.workers)[given.stage](given.folder, given.count)
        return
    folder = given.folder or Path(tempfile.mkdtemp(prefix="gongkai-scale-"))
    try:
        if given.captures:
            for name in ("write", "verify", "reparse"):
                run(name, folder / "pages", given.captures, given.workers)
        if given.numbers:
            demo = ["-m", "gongkai", "demo", "--no-serve", "--data", str(folder / "numbers")]
            subprocess.run([sys.executable, *demo], check=True, stdout=subprocess.DEVNULL)
            for name in ("numbers", "build"):
                run(name, folder / "numbers", given.numbers, given.workers)
        if given.captures:
            project(folder, given.captures)
    finally:
        if not given.folder:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
