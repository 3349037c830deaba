"""Every page of the site on a published database of a country's size: milliseconds to the answer.

    python benchmarks/pages.py [--reports 168000] [--file DB]

Writes (once) the database of `benchmarks/questions.py`, then asks each page through Datasette, in
this process: the first answer, the best of three, and one that the browser already has (304).
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from questions import write

from archive.copying import IDENTITIES, QUALITY
from archive.serve import ended, opened
from archive.sqlite import PUBLISHED_ID, sqlite3

LIMIT_MS = 200
PAGES = (
    "/", "/agency/1", "/region/360000", "/region/360800", "/indicators",
    "/indicator/requests_new", "/indicator/granted?column=natural_person", "/indicator/trainings",
    "/report/15", "/report/15?cell=B.outcomes_total.total.0", "/compare?reports=14,15",
    "/compare?a=江西省人民政府", "/changes", "/coverage",
    "/coverage?level=county&province=36&page=2",
    "/quality", "/search?q=复议", "/search?q=江西", "/questions", "/about", "/api", "/changes.atom",
)  # fmt: skip


def complete(path: Path) -> None:
    """What the site needs besides: the tables of the quality page, and the stamp of a build."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        if db.execute("SELECT count(*) FROM quality").fetchone()[0]:
            return
        for table, select in (("quality", QUALITY), ("identities", IDENTITIES)):
            names = [c[0] for c in db.execute(f"SELECT * FROM ({select}) LIMIT 0").description]
            db.execute(f'INSERT INTO "{table}" ({", ".join(names)}) {select}')
        db.execute(f"PRAGMA application_id={PUBLISHED_ID}")
        db.execute("ANALYZE")


async def ask(path: Path) -> None:
    """Each page four times."""
    site = await opened(path)
    over = [page for page in PAGES if await _timed(site, page) > LIMIT_MS]
    print(f"\nover {LIMIT_MS} ms: {', '.join(over) or 'none'}")
    ended(site)


async def _timed(site: Any, page: str) -> float:
    times, tag, size = [], "", 0
    for _ in range(4):
        started = time.perf_counter()
        answer = await site.client.get(page)
        times.append((time.perf_counter() - started) * 1000)
        tag, size = answer.headers.get("etag", ""), len(answer.content)
        if answer.status_code != 200:
            print(f"{page}: {answer.status_code}")
    started = time.perf_counter()
    await site.client.get(page, headers={"if-none-match": tag})
    again = (time.perf_counter() - started) * 1000
    best = min(times[1:])
    print(f"{page:48} {size:8} bytes {times[0]:8.1f} {best:8.1f} {again:6.1f} ms", flush=True)
    return best


def main() -> None:
    """Parse arguments, write, ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=168_000)
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = (given.file or Path(folder) / "gongkai.db").absolute()
        if not path.exists():
            write(path, given.reports)
        complete(path)
        asyncio.run(ask(path))


if __name__ == "__main__":
    main()
