"""The front door: rooms bring their verbs; those of `parsers`, which know no click, are here."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

import archive.verbs
import spiders.verbs
from archive.terminal import JSON, USAGE, emit, table, verb

if TYPE_CHECKING:
    from parsers.model import Report


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="gongkai", prog_name="gongkai")
def main() -> None:
    """Annual disclosure reports of Chinese government portals: crawled, archived, read, checked.

    Example: gongkai demo
    """


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", default="", help="The address the file came from.")
@JSON
@verb
def parse(files: tuple[Path, ...], url: str, as_json: bool) -> None:
    """Read FILES from disk and print what they say; writes nothing.

    Example: gongkai parse report.html --json
    """
    import parsers
    from parsers.output import report_json

    unreadable = 0
    for path in files:
        body = _bytes(path)
        if body is None:
            unreadable += 1
            continue
        report = parsers.read(body, url=url)
        if as_json:
            digest = hashlib.sha256(body).hexdigest()
            emit(report_json(report, source=path.name, sha256=digest))
        else:
            _print_report(path, report)
    if unreadable:
        sys.exit(USAGE)


def _bytes(path: Path) -> bytes | None:
    """The file's bytes; one line on stderr when it cannot be opened."""
    try:
        return path.read_bytes()
    except OSError as error:
        click.echo(f"gongkai: {path}: {error.strerror}", err=True)
        return None


def _print_report(path: Path, report: Report) -> None:
    from parsers.output import decimal
    from parsers.sheet import place, told

    untitled = f"{path.name}: no title" + ("" if report.facts else " and no facts")
    click.secho(report.title or untitled, bold=True)
    click.echo(
        f"{report.agency or 'agency?'} {report.year or 'year?'} · {report.scope} · "
        f"form {report.form or 'none'} · {report.encoding}"
    )
    if report.facts:
        rows = [
            (f.section, f.indicator, f.column, decimal(f.value) or f.state, f.unit, f.raw,
             f"{f.at.table}·{f.at.row}·{f.at.cell}", " ".join(f.label.split()))
            for f in report.facts
        ]  # fmt: skip
        heads = ("", "indicator", "column", "value", "unit", "printed", "table·row·cell", "beside")
        table(f"{len(rows)} facts", heads, rows)
    if report.leftovers:
        rest = [(" ".join(x.label.split()), x.raw, place(x.at)) for x in report.leftovers]
        table(f"{len(rest)} left over", ("beside", "printed", "at"), rest)
    for line in told(report.problems):
        click.echo(line)
    _print_checks(report)
    if report.leftovers or report.problems:
        click.echo(f"the cells: gongkai tables {path}; the codes: docs/problems.md")


def _print_checks(report: Report) -> None:
    counts = Counter(check_.status for check_ in report.checks)
    if counts:
        click.echo("checks: " + ", ".join(f"{n} {status}" for status, n in counts.items()))
    for each in report.checks:
        if each.status == "broken":
            name = " ".join(filter(None, (each.id, each.per)))
            click.echo(f"  broken: {name}: {each.lhs} is not {each.rhs}")
    for told in report.narrative:
        if told.agrees is False:
            click.echo(f"  text says {told.value}, table {told.printed}: {told.indicator}")
            click.echo(f"    {told.sentence}")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@JSON
@verb
def tables(file: Path, as_json: bool) -> None:
    """The grids of FILE, for whoever fixes a parser.

    Example: gongkai tables report.html
    """
    import parsers
    from parsers.output import grid_json
    from parsers.sheet import LEGEND, columns_of, marked, notes, problems_of

    body = _bytes(file)
    if body is None:
        sys.exit(USAGE)
    grids = parsers.tables(body)
    if as_json:
        emit({"tables": [grid_json(grid) for grid in grids]})
        return
    report = parsers.read(body)
    said = notes(report)
    click.echo(f"read as {report.encoding}, form {report.form or 'none'}; {LEGEND}")
    for line in problems_of(report, None):
        click.echo(line)
    for grid in grids:
        place = f"table {grid.index} · {grid.carrier} · {grid.source}"
        title = f"{place} · {grid.n_rows} rows x {grid.n_cols} columns · {grid.caption or ''}"
        rows = [[i, *row] for i, row in enumerate(marked(grid, said))]
        columns = (name.replace("_", "_\n") for name in columns_of(grid, said))
        names = [f"{i}\n{name}".rstrip() for i, name in enumerate(columns)]
        table(title.rstrip(" ·"), ("row", *names, "read as"), rows, unbroken="read as")
        for line in problems_of(report, grid.index):
            click.echo(line)


for each in (*spiders.verbs.VERBS, *archive.verbs.VERBS):
    main.add_command(each)

if __name__ == "__main__":
    main()
