"""Every page of the site on a published database of a country's size: milliseconds to the answer.

    python -m benchmarks.pages [--reports 168000] [--file DB] [--quick]

Writes (once) the database of `benchmarks/questions.py`, or gives a file of an older build what this
one adds, then asks each page through Datasette, in milliseconds: the first answer of a site that
has just started with nothing of the file in memory; the first one with the file in memory; the best
of three more; one that the browser already has (304). Every page is asked of two sites of its own,
each in a process of its own (`--quick`: of one site for all, without the first two figures).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.build import DESCRIBED, counted
from archive.copying import COPIED, INDEXES
from archive.serve import ended, opened
from archive.site.published import of_file, write_digest
from archive.sqlite import PUBLISHED_ID, sqlite3
from benchmarks.questions import write

LIMIT_MS = 200
COUNTED = ("quality", "totals", "identities")  # tables of the quality page
PAGES = (
    "/", "/agency/1", "/region/360000", "/region/360800", "/indicators",
    "/indicator/requests_new", "/indicator/granted?column=natural_person", "/indicator/trainings",
    "/report/15", "/report/15?cell=B.outcomes_total.total.0", "/compare?reports=14,15",
    "/compare?a=江西省人民政府", "/changes", "/coverage",
    "/coverage?level=county&province=36&page=2",
    "/quality", "/search?q=复议", "/search?q=江西", "/questions", "/questions?q=backlog", "/about",
    "/api", "/changes.atom", "/gongkai", "/gongkai/reports", "/gongkai/numbers",
    "/gongkai/numbers?report_id=15",
)  # fmt: skip


def complete(path: Path) -> None:
    """What a build adds besides: tables of the quality page, indexes, counts, stamp and digest."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        if _is_complete(db):
            return
        for name, select in COPIED:
            if name in COUNTED:
                _refill(db, name, select)
        for statement in INDEXES.split(";"):
            db.execute(statement.replace(" INDEX ", " INDEX IF NOT EXISTS ", 1))
        columns = {column[1] for column in db.execute("PRAGMA table_info(dictionary)")}
        if "row_count" not in columns:
            db.execute("ALTER TABLE dictionary ADD COLUMN row_count INTEGER")
        counted(db)
        db.execute(f"PRAGMA application_id={PUBLISHED_ID}")
        db.execute("ANALYZE")
    write_digest(path, of_file(path))


def _is_complete(db: sqlite3.Connection) -> bool:
    try:
        return bool(db.execute("SELECT max(row_count) FROM dictionary").fetchone()[0])
    except sqlite3.OperationalError:
        return False


def _refill(db: sqlite3.Connection, name: str, select: str) -> None:
    db.execute(f'DROP TABLE IF EXISTS "{name}"')
    db.execute(DESCRIBED[name].sql)
    names = [c[0] for c in db.execute(f"SELECT * FROM ({select}) LIMIT 0").description]
    db.execute(f'INSERT INTO "{name}" ({", ".join(names)}) {select}')


def forget(path: Path) -> None:
    """The system drops what it holds of the file: what is asked next is read from the disk."""
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


async def ask(path: Path, quick: bool) -> None:
    """Each page, and which are too slow."""
    over = []
    site = await opened(path)
    print(f"{'page':44} {'bytes':>8} {'cold':>8} {'first':>8} {'best':>8} {'again':>8} ms")
    for page in PAGES:
        best, again, size = await _timed(site, page)
        firsts = ["", ""] if quick else [f"{_alone(path, page, cold):.1f}" for cold in (1, 0)]
        shown = " ".join(f"{figure:>8}" for figure in (*firsts, f"{best:.1f}", f"{again:.1f}"))
        print(f"{page:44} {size:8} {shown}", flush=True)
        over += [page] * (max(best, *(float(first or 0) for first in firsts)) > LIMIT_MS)
    print(f"\nover {LIMIT_MS} ms: {', '.join(over) or 'none'}")
    ended(site)


async def _timed(site: Any, page: str) -> tuple[float, float, int]:
    """The best of three after one that is not counted, one with its ETag, and the size."""
    times = []
    for _ in range(4):
        took, answer = await _asked(site, page, {})
        times.append(took)
    again, _ = await _asked(site, page, {"if-none-match": answer.headers.get("etag", "")})
    return min(times[1:]), again, len(answer.content)


async def _asked(site: Any, page: str, headers: dict[str, str]) -> tuple[float, Any]:
    started = time.perf_counter()
    answer = await site.client.get(page, headers=headers)
    took = (time.perf_counter() - started) * 1000
    if answer.status_code not in (200, 304):
        print(f"{page}: {answer.status_code}")
    return took, answer


def _alone(path: Path, page: str, cold: int) -> float:
    """The first answer of a site that has just started."""
    if cold:
        forget(path)
    words = [sys.executable, "-m", "benchmarks.pages", "--file", str(path), "--alone", page]
    return float(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


async def alone(path: Path, page: str) -> None:
    """One page of one site."""
    site = await opened(path)
    took, _ = await _asked(site, page, {})
    print(took)
    ended(site)


def main() -> None:
    """Parse arguments, write, ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=168_000)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        asyncio.run(alone(given.file, given.alone))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = (given.file or Path(folder) / "gongkai.db").absolute()
        if not path.exists():
            write(path, given.reports)
        complete(path)
        asyncio.run(ask(path, given.quick))


if __name__ == "__main__":
    main()
