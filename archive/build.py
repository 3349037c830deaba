"""Working facts -> gongkai.db: flat, indexed, searched, described, and swapped in at once."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import parsers
from archive import figures, law, resemblance, spreads
from archive.capture import FILE as CAPTURES
from archive.capture import CaptureStore
from archive.changes import Difference, differences
from archive.copying import COPIED, COPIES, INDEXES, KEYS, SEARCH
from archive.coverage import coverage
from archive.dictionary import Table, tables
from archive.fact_rows import Value
from archive.facts import FILE as FACTS
from archive.facts import FactsStore
from archive.flat import is_wanted, write_out
from archive.search import spaced
from archive.series import fill
from archive.site import write_metadata
from archive.site.published import of_file, write_digest
from archive.sqlite import PUBLISHED_ID, lock, plain_errors, sqlite3
from parsers import dictionary, regions
from parsers.relations import identities

FILE = "gongkai.db"
# A torn file is thrown away, so nothing needs a journal before the end. The cache is also the
# memory of each sort: with the default of 2 MB, indexes of millions are merged from disk.
PRAGMAS = ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{64 << 10}")
DESCRIBED = {table.name: table for table in tables()}
Row = tuple[object, ...]
Function = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildSummary:
    """What was published."""

    path: Path
    size: int
    rows: dict[str, int]


def build(data: Path, *, flat: bool | None = None) -> BuildSummary:
    """Builds aside in the same folder and renames: readers see the old file or the new one.

    `flat`: whether `numbers` is a table or a view over narrow rows; None decides by their number.
    """
    target, aside = data / FILE, data / f"{FILE}.building"
    # Opened once so that a missing, foreign or outdated working file says so in its own words.
    with (
        CaptureStore.reader(data),
        FactsStore.reader(data) as facts,
        lock(target),
        plain_errors(target),
    ):
        aside.unlink(missing_ok=True)
        try:
            rows = _written(aside, data, facts, flat)
            _synced(aside)
            digest = of_file(aside)
            aside.replace(target)
            write_digest(target, digest)
            write_metadata(data, rows)
            _synced(data)
        finally:
            aside.unlink(missing_ok=True)
    return BuildSummary(path=target, size=target.stat().st_size, rows=rows)


def _written(path: Path, data: Path, facts: FactsStore, flat: bool | None) -> dict[str, int]:
    uri = f"{path.absolute().as_uri()}?mode=rwc"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as db:
        for pragma in (f"application_id={PUBLISHED_ID}", *PRAGMAS):
            db.execute(f"PRAGMA {pragma}").fetchall()
        _register(db)
        for name, file in (("facts", FACTS), ("capture", CAPTURES)):
            db.execute(f"ATTACH ? AS {name}", (f"{(data / file).absolute().as_uri()}?mode=ro",))
        db.execute("BEGIN")  # one snapshot of each working file
        _fill(db, facts)
        if is_wanted(db, flat):
            write_out(db)
        counts = counted(db)
        db.execute("COMMIT")
        db.execute("DETACH facts")
        db.execute("DETACH capture")
        db.execute("ANALYZE")
        db.execute("PRAGMA journal_mode=delete").fetchall()
        return {table.name: counts[table.name] for table in tables() if not table.hidden}


def counted(db: sqlite3.Connection) -> dict[str, int]:
    """The rows of every table, told in `dictionary`: a count of millions is no work for a page."""
    counts = {table.name: _count(db, table.rows_of or table.name) for table in tables()}
    db.executemany(
        'UPDATE dictionary SET row_count = ? WHERE "table" = ? AND "column" = \'\'',
        [(count, name) for name, count in counts.items()],
    )
    return counts


def _count(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])


def _fill(db: sqlite3.Connection, facts: FactsStore) -> None:
    for table in tables():
        if not table.virtual:
            db.execute(table.sql)
    _run(db, KEYS)
    for name, rows in _references():
        _insert(db, DESCRIBED[name], rows)
    for name, select in COPIED:
        _copy(db, DESCRIBED[name], select)
    for name, rows in _copies(db, facts):
        _insert(db, DESCRIBED[name], rows)
    _insert(db, DESCRIBED["coverage"], _coverage(db))
    _run(db, INDEXES)
    fill(db)
    figures.fill(db)
    spreads.fill(db)
    resemblance.fill(db)
    _run(db, figures.INDEXES)
    db.execute("CREATE VIRTUAL TABLE search USING fts5 (title, text, content='')")
    db.execute(SEARCH)


def _run(db: sqlite3.Connection, script: str) -> None:
    """`executescript` would commit first."""
    for statement in script.split(";"):
        db.execute(statement)


def _copy(db: sqlite3.Connection, table: Table, select: str) -> None:
    """Columns are paired by name, so that a SELECT that forgets one cannot shift the others."""
    given = [column[0] for column in db.execute(f"SELECT * FROM ({select}) LIMIT 0").description]
    named = ", ".join(f'"{name}"' for name in given)
    if sorted(given) != sorted(column.name for column in table.columns):
        raise ValueError(f"{table.name}: the dictionary and its SELECT differ: {named}")
    db.execute(f'INSERT INTO "{table.name}" ({named}) {select}')


def _insert(db: sqlite3.Connection, table: Table, rows: Iterable[Sequence[object]]) -> None:
    marks = ", ".join("?" * len(table.columns))
    db.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', rows)


def _references() -> list[tuple[str, list[Row]]]:
    """The tables that come from data files: forms before whatever refers to them."""
    columns = dictionary.columns()
    return [
        ("forms", [
            (f.id, f.label, f.label_en, f.since, f.until or None, f.source, len(f.rows))
            for f in dictionary.forms()
        ]),
        ("indicators", [
            (i.form, i.section, i.order, i.id, i.label, i.label_en, i.unit, i.parent, i.kind,
             i.axis, "|".join(i.aliases))
            for i in dictionary.indicators()
        ]),
        ("columns", [
            (c.axis, number, c.id, c.label, c.label_en, "|".join(c.aliases))
            for number, c in enumerate(columns, 1)
        ]),
        ("regions", _regions()),
        ("dictionary", [
            row for table in tables() for row in _described(table)
        ]),
    ]  # fmt: skip


def _described(table: Table) -> list[Row]:
    rows: list[Row] = [(table.name, "", "", table.en, table.zh, "", None)]
    rows += [(table.name, c.name, c.type, c.en, c.zh, c.unit, None) for c in table.columns]
    return rows


def _regions() -> list[Row]:
    """Every name of every code; residents stand beside the names in force."""
    residents = dict(_csv(Path(__file__).with_name("population.csv")))
    return [
        (*row, None if row[5] else residents.get(row[0]))
        for row in _csv(Path(str(parsers.__file__)).with_name("regions.csv"))
    ]


def _csv(path: Path) -> list[list[str]]:
    """The rows below the head."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def _copies(db: sqlite3.Connection, facts: FactsStore) -> list[tuple[str, list[Row]]]:
    """Rivals are few: each is compared with the copy that speaks, cell by cell."""
    copies: list[Row] = []
    cells: list[Row] = []
    for report, reading, chosen, url, body, *rest in db.execute(COPIES).fetchall():
        found: list[Difference] = []
        if reading != chosen:
            found = list(differences(facts.values(chosen), facts.values(reading)))
        copies.append((report, url, body, int(reading == chosen), *rest, len(found)))
        cells += [(report, url, body, *each.key, *_side(each.old), *_side(each.new))
                  for each in found]  # fmt: skip
    return [("copies", copies), ("differences", cells)]


def _side(value: Value | None) -> tuple[str | None, str | None]:
    return (value.text, value.state) if value else (None, None)


def _coverage(db: sqlite3.Connection) -> list[Row]:
    return [
        (
            cell.agency_id, cell.year, cell.state, cell.reason, cell.checked_at, cell.agency,
            cell.region_code, cell.level, cell.url, cell.deadline, cell.days_late,
        )
        for cell in coverage(db)
    ]  # fmt: skip


def _register(db: sqlite3.Connection) -> None:
    kinds = {identity.id: str(identity.kind) for identity in identities()}
    functions: dict[str, tuple[Function, int]] = {
        "region_name": (_region_name, 2),
        "level_of": (cache(law.level), 3),
        "due": (law.deadline, 2),
        "late": (_late, 2),
        "kind_of": (lambda name: kinds.get(name, "soft"), 1),
        "spaced": (spaced, 1),
    }
    for name, (function, arity) in functions.items():
        db.create_function(name, arity, function, deterministic=True)


@cache
def _region_name(code: str, year: int | None) -> str:
    region = regions.by_code(code, year) if code else None
    return region.name if region else ""


def _late(published: str | None, due: str | None) -> int | None:
    return law.days_late(published, due) if published else None


def _synced(path: Path) -> None:
    """On disk, not in a cache: a rename must not outrun what it names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
