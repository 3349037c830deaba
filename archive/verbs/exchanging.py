"""The verb that gives: captures and numbers in the formats of others."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from archive.terminal import JSON, data_option, emit, verb

if TYPE_CHECKING:
    from archive.exchange.tables import Format

FORMATS = ("csv", "parquet", "datapackage", "jsonld", "warc", "wacz")


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(FORMATS))
@data_option
@click.option("--out", type=click.Path(path_type=Path), help="Default: DATA/export/FORMAT.")
@click.option("--where", help="For warc and wacz: SQL over url, portal, kind, fetched_at, ...")
@click.option("--bom", is_flag=True, help="For csv: the mark that Excel needs to see UTF-8.")
@JSON
@verb
def export(
    form: str, data: Path, out: Path | None, where: str | None, bom: bool, as_json: bool
) -> None:
    """Captures or numbers for other programs.

    Captures: warc, wacz. Numbers: csv, parquet, datapackage, jsonld.

    Numbers come from the published file: run `gongkai build` first.

    Example: gongkai export datapackage --out gongkai-2026
    """
    if where and form not in ("warc", "wacz"):
        raise click.UsageError("--where selects captures: it goes with warc and wacz")
    if bom and form != "csv":
        raise click.UsageError("--bom goes with csv")
    default = data / "export" / ("gongkai.wacz" if form == "wacz" else form)
    found = _exported(form, data, out or default, where or "1", bom)
    emit(found) if as_json else click.echo(_told(found))


def _exported(form: str, data: Path, out: Path, where: str, bom: bool) -> dict[str, object]:
    if form in ("warc", "wacz"):
        from archive.exchange.outgoing import export_wacz, export_warc

        return asdict((export_warc if form == "warc" else export_wacz)(data, out, where))
    from archive.exchange.tables import export_tables

    return asdict(export_tables(data, cast("Format", form), out, bom=bom))


def _told(found: dict[str, object]) -> str:
    rows = found.get("rows")
    if isinstance(rows, dict):
        return f"{found['path']}: " + ", ".join(f"{n} {name}" for name, n in rows.items() if n)
    return f"{found['path']}: {found['captures']} captures, {found['bytes']} bytes"


VERBS: tuple[click.Command, ...] = (export,)
