"""Every stored question on a published database of a country's size: milliseconds each.

    python -m benchmarks.questions [--reports 168000] [--file DB]

Writes (once) a synthetic gongkai.db by the same description, indexes and derived tables as `gongkai
build`: 11,200 bodies x 15 years, 20 million printed cells. Prints the time of each step and, for
every stored question with empty parameters and with a year, the best and worst of three runs.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

from archive import figures, series, spreads
from archive.build import PRAGMAS, _references
from archive.copying import INDEXES, KEYS, SEARCH
from archive.dictionary import tables
from archive.search import escape_fts, spaced
from archive.site import queries
from archive.sqlite import sqlite3
from parsers import dictionary, regions

YEARS = range(2010, 2025)
LIMIT_MS = 300
ALL = 1_700_000  # reports of the country since 2008, at most


def form_of(year: int) -> str:
    """The national form in use for that year."""
    return "2008" if year < 2014 else "2014" if year < 2019 else "2019" if year < 2021 else "2021"


def bodies(count: int) -> list[tuple[str, str, str]]:
    """(name, region code, level): governments of real regions, then departments of theirs."""
    rows = [row for row in dict(_references())["regions"] if not row[5]]
    found: list[tuple[str, str, str]] = []
    for kind in ("人民政府", "财政局", "教育局", "公安局"):
        for code, name, level, *_ in rows:
            level_ = str(level) if kind == "人民政府" else "department"
            found.append((f"{name}{kind}", str(code), level_))
    return found[:count]


def cells() -> list[tuple[str, str, str, str, str, str]]:
    """(form, section, indicator, column, label, unit) of every cell that a form prints."""
    axes = {"applicant": [c.id for c in dictionary.columns() if c.axis == "applicant"]}
    axes |= {"period": ["annual", "cumulative"], "": [""]}
    return [
        (row.form, row.section, row.id, column, row.label, row.unit)
        for row in dictionary.indicators()
        if row.kind != "heading"
        for column in axes[row.axis]
    ]


def reports(count: int) -> Iterator[dict[str, object]]:
    """One a body and year."""
    number = 0
    for agency, (name, code, level) in enumerate(bodies(-(-count // len(YEARS))), 1):
        for year in YEARS:
            number += 1
            yield {
                "id": number, "agency_id": agency, "region_code": code, "region": name[:-4],
                "agency": name, "level": level, "year": year, "form": form_of(year),
                "scope": "own" if level == "department" else "consolidated", "edition": "",
                "title": f"{name}{year}年政府信息公开工作年度报告",
                "published": f"{year + 1}-03-20",
                "first_published": f"{year + 1}-03-20", "deadline": f"{year + 1}-03-31",
                "days_late": number % 40 - 30, "url": f"http://www.x{agency}.gov.cn/{year}.html",
                "captured_at": "2026-01-01T00:00:00.000Z", "sha256": f"{number:064x}",
                "capture_id": number, "run_id": None, "chosen_because": "the only copy",
                "rivals": 0, "status": "ok", "portal": f"x{agency}", "encoding": "utf-8",
                "facts": 200, "numbers": 200, "leftovers": 0, "warnings": 0, "broken": 0,
                "reading": number,
            }  # fmt: skip


CELLS = """
INSERT INTO cells
SELECT r.id, c.slot, 0, r.year, (r.id * 7919 + c.slot * 104729) % 997, '', NULL, c.label, 0,
    c.slot, 2, '', CASE WHEN (r.id + c.slot) % 5000 = 0 THEN 'label-doubtful' ELSE '' END, '',
    NULL, NULL, NULL
FROM reports r CROSS JOIN temp.printed c ON c.form = r.form
ORDER BY r.id, c.slot
"""
SLOTS = """
INSERT INTO labels SELECT row_number() OVER (), label, unit, 'form' FROM (
    SELECT DISTINCT label, unit FROM temp.printed ORDER BY 1, 2);
INSERT INTO slots SELECT row_number() OVER (), form, section, indicator, "column" FROM (
    SELECT * FROM temp.printed ORDER BY section, indicator, "column", form);
UPDATE temp.printed AS p SET slot = s.id, label = l.id FROM slots s, labels l
    WHERE s.form = p.form AND s.section = p.section AND s.indicator = p.indicator
    AND s."column" = p."column" AND l.label = p.label AND l.unit = p.unit
"""
REST = """
INSERT INTO checks SELECT r.id, s.value, 'B-balance', s.value,
    CASE WHEN (r.id + s.value) % 900 THEN 'holds' ELSE 'broken' END, 5, 6, 'hard', r.agency, r.year,
    NULL
FROM reports r, json_each('[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]') s;
INSERT INTO coverage SELECT agency_id, year, CASE id % 50 WHEN 0 THEN 'not_found' ELSE 'ok' END, '',
    captured_at, agency, region_code, level, url, deadline, days_late FROM reports;
INSERT INTO texts SELECT id, 0, '总体情况', replace(hex(zeroblob(60)), '00',
    '公开工作') || CASE id % 100 WHEN 0 THEN '行政复议' ELSE '' END FROM reports;
INSERT INTO narrative SELECT id, 0, 'requests_new', 5, 6,
    CASE id % 300 WHEN 0 THEN 0 ELSE 1 END, '…', '' FROM reports;
INSERT INTO captures SELECT id, 1, url, portal, 'report', captured_at,
    CASE id % 200 WHEN 0 THEN 'blocked' ELSE 'ok' END, 200, sha256, 100000, 300, '', '', '', ''
FROM reports
"""


@cache
def region_name(code: str, year: int | None) -> str:
    """As `gongkai build` has it."""
    found = regions.by_code(code, year) if code else None
    return found.name if found else ""


def write(path: Path, count: int) -> None:
    """The database, step by step, each with its seconds."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for pragma in PRAGMAS:
            db.execute(f"PRAGMA {pragma}").fetchall()
        db.create_function("spaced", 1, spaced, deterministic=True)
        db.create_function("region_name", 2, region_name, deterministic=True)
        db.execute("BEGIN")
        step("tables and reports", lambda: _reports(db, count))
        step("cells", lambda: db.execute(CELLS))
        step("other tables", lambda: _script(db, REST))
        step("indexes", lambda: _script(db, INDEXES))
        step("series", lambda: series.fill(db))
        step("figures", lambda: figures.fill(db))
        step("spreads", lambda: spreads.fill(db))
        _script(db, figures.INDEXES)
        db.execute("CREATE VIRTUAL TABLE search USING fts5 (title, text, content='')")
        step("search", lambda: db.execute(SEARCH))
        step("analyze", lambda: db.execute("ANALYZE"))
        db.execute("COMMIT")


def _reports(db: sqlite3.Connection, count: int) -> None:
    for table in tables():
        if not table.virtual:
            db.execute(table.sql)
    for name, rows in _references():
        marks = ", ".join("?" * len(rows[0]))
        db.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
    (described,) = (table for table in tables() if table.name == "reports")
    marks = ", ".join(f":{column.name}" for column in described.columns)
    db.execute("PRAGMA foreign_keys=OFF")
    db.executemany(f"INSERT INTO reports VALUES ({marks})", reports(count))
    db.execute(
        "INSERT INTO agencies SELECT agency_id, agency, region_code, region, level, count(*), "
        "min(year), max(year) FROM reports GROUP BY agency_id"
    )
    columns = 'form, section, indicator, "column", label, unit, slot'
    db.execute(f"CREATE TEMP TABLE printed ({columns})")
    db.executemany("INSERT INTO temp.printed VALUES (?, ?, ?, ?, ?, ?, NULL)", cells())
    _script(db, KEYS)
    _script(db, SLOTS)


def _script(db: sqlite3.Connection, script: str) -> None:
    for statement in script.split(";"):
        db.execute(statement)


def step(name: str, work: Callable[[], object]) -> None:
    """Run and print the seconds."""
    started = time.perf_counter()
    work()
    print(f"{name:20} {time.perf_counter() - started:8.1f} s", flush=True)


def ask(path: Path) -> None:
    """Every question, with nothing named and with one year."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        db.create_function("escape_fts", 1, escape_fts, deterministic=True)
        (numbers,) = db.execute("SELECT count(*) FROM cells").fetchone()
        (reports,) = db.execute("SELECT count(*) FROM reports").fetchone()
        size = path.stat().st_size
        print(f"\n{numbers:,} numbers, {size / 1e9:.2f} GB: {size / numbers:.0f} bytes a number")
        print(
            f"{ALL:,} reports x {size / reports:,.0f} bytes = {ALL * size / reports / 1e9:.0f} GB\n"
        )
        over = [name for name in queries() if _timed(db, name) > LIMIT_MS]
    print(f"\nover {LIMIT_MS} ms: {', '.join(over) or 'none'}")


def _timed(db: sqlite3.Connection, name: str) -> float:
    """The best of three, with the CPU it took: on a busy machine the two are far apart."""
    sql = queries()[name]["sql"]
    names = set(re.findall(r":([a-z]+)", sql))
    worst = 0.0
    for year in ("", "2021"):
        given = {each: year if each == "year" else "" for each in names}
        times, spent = [], []
        for _ in range(3):
            began, used = time.perf_counter(), time.process_time()
            rows = db.execute(sql, given).fetchmany(1001)  # as many as the site shows
            times.append((time.perf_counter() - began) * 1000)
            spent.append((time.process_time() - used) * 1000)
        spread = f"{min(times):8.1f} {max(times):8.1f} ms {min(spent):8.1f} ms of CPU"
        print(f"{name:28} year={year or '-':5} {len(rows):5} rows {spread}")
        worst = max(worst, min(times))
    return worst


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
        ask(path)


if __name__ == "__main__":
    main()
