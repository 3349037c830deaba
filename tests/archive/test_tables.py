"""The published tables as files, judged by the tools of each format."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from archive.exchange.tables import export_tables, exported
from archive.sqlite import PUBLISHED_ID, open_reader
from parsers.errors import ArchiveError


def cells(archive: Path, table: str) -> list[tuple[object, ...]]:
    db = open_reader(archive / "gongkai.db", PUBLISHED_ID)
    columns = next(t for t in exported() if t.name == table).columns
    names = ", ".join(f'"{c.name}"' for c in columns)
    return db.execute(f"SELECT {names} FROM {table}").fetchall()


def test_csv_holds_every_cell_as_it_is(archive: Path, tmp_path: Path) -> None:
    done = export_tables(archive, "csv", tmp_path / "csv")
    assert done.rows["numbers"] > 30
    for name in ("numbers", "reports", "changes"):
        with (tmp_path / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))[1:]
        kept = [["" if c is None else str(c) for c in row] for row in cells(archive, name)]
        assert sorted(rows) == sorted(kept)


def test_an_export_is_the_same_twice_and_excel_has_its_mark(archive: Path, tmp_path: Path) -> None:
    export_tables(archive, "jsonld", tmp_path / "a")
    export_tables(archive, "jsonld", tmp_path / "b")
    assert [p.read_bytes() for p in sorted((tmp_path / "a").iterdir())] == [
        p.read_bytes() for p in sorted((tmp_path / "b").iterdir())
    ]
    export_tables(archive, "csv", tmp_path / "c", bom=True)
    assert (tmp_path / "c" / "numbers.csv").read_bytes().startswith(b"\xef\xbb\xbfreport_id")


def test_nothing_published_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="run gongkai build"):
        export_tables(tmp_path, "csv", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_parquet_keeps_types_and_descriptions(archive: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra parquet is not installed")
    export_tables(archive, "parquet", tmp_path / "p")
    found = parquet.read_table(tmp_path / "p" / "numbers.parquet")
    kept = [row[11] for row in cells(archive, "numbers")]
    assert sorted(v for v in found["value"].to_pylist() if v is not None) == sorted(
        float(str(v)) for v in kept if v is not None
    )
    assert found.schema.field("raw").metadata[b"zh"].decode()


@pytest.mark.filterwarnings("ignore")
def test_frictionless_finds_the_package_valid(archive: Path, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless", reason="the extra formats is not installed")
    export_tables(archive, "datapackage", tmp_path / "package")
    report = frictionless.validate(str(tmp_path / "package" / "datapackage.json"))
    assert report.valid, report.to_summary()
    told = json.loads((tmp_path / "package" / "datapackage.json").read_text("utf-8"))
    assert all(field["description"] for r in told["resources"] for field in r["schema"]["fields"])


@pytest.mark.filterwarnings("ignore")
def test_mlcroissant_reads_the_numbers(archive: Path, tmp_path: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant", reason="the extra formats is not installed")
    export_tables(archive, "jsonld", tmp_path / "ld")
    found = mlcroissant.Dataset(jsonld=str(tmp_path / "ld" / "croissant.json"))
    assert not found.metadata.issues.errors
    assert next(iter(found.records("numbers")))["numbers/report_id"] in (1, 2)
