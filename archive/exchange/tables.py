"""gongkai.db as files: CSV or Parquet, with the descriptions that other programs read."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlite_utils import Database

from archive.dictionary import Column, Table, tables
from archive.placing import folder_aside
from archive.sqlite import PUBLISHED_ID, open_reader, plain_errors
from parsers.errors import ArchiveError

from . import describe
from .extras import needs

if TYPE_CHECKING:
    import pyarrow

Format = Literal["csv", "parquet", "datapackage", "jsonld"]
FILE = "gongkai.db"
BATCH = 50_000
REPORTS = 250  # together, of a few hundred rows each
BESIDE: dict[Format, tuple[str, ...]] = {
    "csv": (),
    "parquet": (),
    "datapackage": ("datapackage.json",),
    "jsonld": ("croissant.json", "dcat.jsonld"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TablesSummary:
    """What was written."""

    path: Path
    rows: dict[str, int]
    bytes: int


def exported() -> list[Table]:
    """What people may ask; how it is stored or indexed stays here."""
    return [table for table in tables() if table.exported]


def export_tables(data: Path, form: Format, out: Path, *, bom: bool = False) -> TablesSummary:
    """Every table a file, in a folder that appears when it is whole."""
    if form == "parquet":
        needs("pyarrow")
    path = data / FILE
    if not path.is_file():
        raise ArchiveError(f"there is no {path}: run gongkai build")
    suffix = "parquet" if form == "parquet" else "csv"
    ours = {f"{table.name}.{suffix}" for table in exported()} | set(BESIDE[form])
    with closing(open_reader(path, PUBLISHED_ID)) as db, folder_aside(out, ours) as folder:
        files = [_written(db, table, folder, suffix, bom) for table in exported()]
        updated = _updated(db)
        for name in BESIDE[form]:
            told = describe.DESCRIPTIONS[name](files, updated)
            text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
            (folder / name).write_text(text, encoding="utf-8")
    return TablesSummary(
        path=out,
        rows={file.table.name: file.rows for file in files},
        bytes=sum(file.size for file in files),
    )


def _updated(db: Database) -> str:
    """When the newest run ended: the date of the data, not of the export."""
    row = db.execute("SELECT max(finished) FROM runs").fetchone()
    return str(row[0] or "1970-01-01T00:00:00.000Z")


def _written(db: Database, table: Table, folder: Path, suffix: str, bom: bool) -> describe.File:
    path = folder / f"{table.name}.{suffix}"
    with plain_errors(path):
        count = _parquet(db, table, path) if suffix == "parquet" else _csv(db, table, path, bom)
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return describe.File(table, path.name, path.stat().st_size, digest.hexdigest(), count)


def _batches(db: Database, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    key = ", ".join(f'"{name}"' for name in table.key)
    sql = f'SELECT {names} FROM "{table.name}"'
    if table.view:
        yield from _reports(db, f"{sql} WHERE report_id BETWEEN ? AND ? ORDER BY {key}")
        return
    cursor = db.execute(f"{sql} ORDER BY {key}")
    while rows := cursor.fetchmany(BATCH):
        yield rows


def _reports(db: Database, sql: str) -> Iterator[list[tuple[Any, ...]]]:
    """A view has no order of its own: sorted whole, it would go through the disk."""
    (last,) = db.execute("SELECT coalesce(max(id), 0) FROM reports").fetchone()
    for first in range(1, last + 1, REPORTS):
        if rows := db.execute(sql, (first, first + REPORTS - 1)).fetchall():
            yield rows


def _csv(db: Database, table: Table, path: Path, bom: bool) -> int:
    """RFC 4180 with LF; a byte order mark only for Excel, which takes UTF-8 for GBK without."""
    count = 0
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in table.columns])
        for rows in _batches(db, table):
            writer.writerows(rows)
            count += len(rows)
    return count


def _parquet(db: Database, table: Table, path: Path) -> int:
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema([_field(column) for column in table.columns])
    count = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for rows in _batches(db, table):
            arrays = [
                pa.array(map(_taken(column), cells), type=schema.field(column.name).type)
                for column, cells in zip(table.columns, zip(*rows, strict=True), strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(rows)
    return count


def _field(column: Column) -> pyarrow.Field:
    import pyarrow as pa

    kinds = {"INTEGER": pa.int64(), "REAL": pa.float64(), "TEXT": pa.string(), "ANY": pa.float64()}
    said = {"zh": column.zh, "en": column.en, "unit": column.unit}
    return pa.field(column.name, kinds[column.type], metadata=said)


def _taken(column: Column) -> Callable[[Any], Any]:
    return _double if column.type == "ANY" else lambda cell: cell


def _double(cell: int | float | None) -> float | None:
    """Parquet has one type a column: an integer that a double cannot hold must not be rounded."""
    if isinstance(cell, int) and int(float(cell)) != cell:
        raise ArchiveError(f"{cell} does not fit a Parquet double: export csv instead")
    return None if cell is None else float(cell)
