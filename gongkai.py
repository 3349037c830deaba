"""The front door: parse arguments, call a room, print. Every verb imports its room when called."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, ParamSpec, TypeVar

import click

from parsers.errors import ArchiveError, GongkaiError, Locked, RegistryError, Unwritable

if TYPE_CHECKING:
    from archive.changes import ChangeRow
    from parsers.model import Report
    from spiders.tally import CrawlSummary

P = ParamSpec("P")
R = TypeVar("R")

INTERNAL, USAGE, CHANGED, BELOW_FLOOR, PARTIAL, ALL_BLOCKED, NO_ROOM, LOCKED = range(1, 9)
EXITS: tuple[tuple[type[GongkaiError], int], ...] = (
    (Locked, LOCKED),
    (Unwritable, NO_ROOM),
    (RegistryError, USAGE),
    (ArchiveError, USAGE),
)
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")


def fail(message: object, code: int) -> NoReturn:
    """One line on stderr, then the exit code."""
    click.echo(f"gongkai: {' '.join(str(message).split())}", err=True)
    sys.exit(code)


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Errors of the tree become one line and the exit code of their kind."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except GongkaiError as error:
            fail(error, next((code for kind, code in EXITS if isinstance(error, kind)), INTERNAL))

    return guarded


def data_option(function: Callable[P, R]) -> Callable[P, R]:
    """`--data DIR`, on every verb that opens the archive."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path),
        default="data",
        envvar="GONGKAI_DATA",
        show_default=True,
        help="Folder of the archive.",
    )(function)


def emit(record: object) -> None:
    """One JSON object a line."""
    click.echo(json.dumps(record, ensure_ascii=False, default=str))


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for people; as wide as it needs where no terminal limits it."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 160)
    shown = Table(title=title, title_justify="left", title_style="bold")
    for head in heads:
        shown.add_column(head, overflow="fold")
    for row in rows:
        shown.add_row(*("" if cell is None else str(cell) for cell in row))
    console.print(shown)


def progress(label: str) -> Callable[[int, int], None] | None:
    """A progress line on a terminal's stderr, nothing elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        click.echo(f"\r{label} {done}/{total}", nl=done >= total, err=True)

    return show


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="gongkai")
def main() -> None:
    """Annual disclosure reports of Chinese government portals: crawled, archived, read, checked.

    Example: gongkai demo
    """


@main.command()
@data_option
@click.option("--serve/--no-serve", default=True, help="End with a served site, or when done.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@verb
def demo(data: Path, serve: bool, port: int) -> None:
    """Crawl the built-in sample portals on loopback, read, check and serve: the whole job.

    Example: gongkai demo --no-serve
    """
    from spiders.demo import demonstrate

    code = demonstrate(data, port=port if serve else None, say=click.echo)
    sys.exit(code)


@main.command()
@click.argument("portals", nargs=-1)
@data_option
@click.option("--portals", "file", type=click.Path(path_type=Path), help="A registry file.")
@click.option("--limit", type=click.IntRange(1), help="At most so many reports a portal.")
@click.option("--shard", metavar="I/N", help="Only the hosts of shard I of N.")
@click.option("--delay", type=float, help="Seconds between requests to a host.")
@JSON
@verb
def crawl(
    portals: tuple[str, ...],
    data: Path,
    file: Path | None,
    limit: int | None,
    shard: str | None,
    delay: float | None,
    as_json: bool,
) -> None:
    """Fetch the report columns of PORTALS (all, when none is named), politely and resumably.

    Example: gongkai crawl jian --limit 3
    """
    from spiders.crawl import run
    from spiders.registry import load, select

    chosen = select(load(file), portals)
    done = run(data, portals=chosen, limit=limit, shard=_shard(shard), delay=delay)
    _print_crawl(done, as_json)
    sys.exit(done.exit_code)


def _shard(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    index, _, count = text.partition("/")
    if not (index.isdigit() and count.isdigit() and int(index) < int(count)):
        raise click.BadParameter("give I/N with 0 <= I < N, for example 0/4", param_hint="--shard")
    return int(index), int(count)


def _print_crawl(done: CrawlSummary, as_json: bool) -> None:
    if as_json:
        for name, tally in done.portals.items():
            emit({"portal": name, **tally.as_dict()})
        return
    heads = ("listed", "reports", "fetched", "new", "unchanged", "refused", "blocked", "failed")
    rows = [(name, *(getattr(t, h) for h in heads)) for name, t in done.portals.items()]
    table(f"crawl {done.crawl}: {done.reason}", ("portal", *heads), rows)
    for name, tally in done.portals.items():
        for note in tally.notes:
            click.echo(f"{name}: {note}")


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

    click.secho(report.title or f"{path.name}: no report", bold=True)
    click.echo(
        f"{report.agency or 'agency?'} {report.year or 'year?'} · {report.scope} · "
        f"form {report.form or 'none'} · {report.encoding}"
    )
    if report.facts:
        rows = [
            (f.section, f.indicator, f.column, decimal(f.value) or f.state, f.unit, f.raw,
             "·".join(str(v) for v in f.at.as_dict().values()))
            for f in report.facts
        ]  # fmt: skip
        heads = ("", "indicator", "column", "value", "unit", "printed", "at")
        table(f"{len(rows)} facts", heads, rows)
    if report.leftovers:
        rest = [(x.label, x.raw, str(x.at.as_dict())) for x in report.leftovers]
        table(f"{len(rest)} leftovers", ("label", "printed", "at"), rest)
    if report.problems:
        found = [(p.severity, p.code, p.detail, str(p.at.as_dict())) for p in report.problems]
        table(f"{len(found)} problems", ("", "code", "detail", "at"), found)
    _print_checks(report)


def _print_checks(report: Report) -> None:
    counts: dict[str, int] = {}
    for check_ in report.checks:
        counts[check_.status] = counts.get(check_.status, 0) + 1
    if counts:
        click.echo("checks: " + ", ".join(f"{n} {status}" for status, n in counts.items()))
    for each in report.checks:
        if each.status == "broken":
            click.echo(f"  broken: {each.id} {each.per}: {each.lhs} is not {each.rhs}")
    for told in report.narrative:
        if told.agrees is False:
            click.echo(f"  text says {told.value}, table {told.printed}: {told.indicator}")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@JSON
@verb
def tables(file: Path, as_json: bool) -> None:
    """The grids of FILE as a person sees them, for whoever fixes a parser.

    Example: gongkai tables report.html
    """
    import parsers
    from parsers.output import grid_json

    body = _bytes(file)
    if body is None:
        sys.exit(USAGE)
    grids = parsers.tables(body)
    if as_json:
        emit({"tables": [grid_json(grid) for grid in grids]})
        return
    for grid in grids:
        title = f"table {grid.index} · {grid.source} · {grid.n_rows} rows x {grid.n_cols} columns"
        rows = [
            [i, *("∅" if cell is None else cell.text for cell in row)]
            for i, row in enumerate(grid.slots())
        ]
        table(title, ("row", *map(str, range(grid.n_cols))), rows)


@main.command()
@data_option
@click.option(
    "--stale", "mode", flag_value="stale", default="stale", help="What differs: the default."
)
@click.option("--all", "mode", flag_value="all", help="Every stored report.")
@click.option("--where", help="SQL over url, portal, kind, fetched_at of captures.")
@click.option("--dry-run", is_flag=True, help="Print what would change; write nothing.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True)
@click.option("--exit-code", is_flag=True, help="Exit 3 when numbers changed.")
@JSON
@verb
def reparse(
    data: Path,
    mode: str,
    where: str | None,
    dry_run: bool,
    workers: int,
    exit_code: bool,
    as_json: bool,
) -> None:
    """Stored captures x today's parsers -> facts and changes.

    Example: gongkai reparse --stale --dry-run
    """
    from archive.reparse import reparse as run

    done = run(
        data,
        mode="all" if mode == "all" else "stale",
        where=where,
        dry_run=dry_run,
        workers=workers,
        progress=progress("read"),
    )
    if as_json:
        emit(asdict(done))
    else:
        click.echo(
            f"{'would read' if dry_run else 'read'} {done.read} pages: {done.new} new, "
            f"{done.unchanged} unchanged, {done.changed} changed, {done.failed} failed; "
            f"{done.facts} facts; changes: {_counted(done.changes)}"
        )
        _print_changes(done.sample)
    if exit_code and any(done.changes.values()):
        sys.exit(CHANGED)


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in counts.items() if n) or "none"


@main.command()
@data_option
@click.option("--since", help="Only changes from this date on.")
@click.option("--run", type=int, help="Only changes of one run.")
@click.option("--cause", type=click.Choice(["source", "parser", "patch"]))
@click.option("--exit-code", is_flag=True, help="Exit 3 when there are any.")
@JSON
@verb
def changes(
    data: Path,
    since: str | None,
    run: int | None,
    cause: str | None,
    exit_code: bool,
    as_json: bool,
) -> None:
    """Which numbers changed, when and why.

    Example: gongkai changes --cause source
    """
    from typing import cast

    from archive.changes import Cause
    from archive.changes import changes as listed

    found = listed(data, since=since, run=run, cause=cast("Cause | None", cause))
    if as_json:
        for change in found:
            emit(asdict(change))
    else:
        _print_changes(found)
        click.echo(f"{len(found)} changes")
    if exit_code and found:
        sys.exit(CHANGED)


def _print_changes(found: Sequence[ChangeRow]) -> None:
    if not found:
        return
    rows = [
        (c.run, c.cause, f"{c.agency} {c.year}", c.indicator, c.column,
         c.old if c.old is not None else c.old_state, c.new if c.new is not None else c.new_state)
        for c in found
    ]  # fmt: skip
    table("changes", ("run", "cause", "report", "indicator", "column", "old", "new"), rows)


@main.command()
@data_option
@JSON
@verb
def check(data: Path, as_json: bool) -> None:
    """Identities and floors over all published reports; exit 4 below a floor.

    Example: gongkai check
    """
    from archive.checks import check as run

    done = run(data)
    if as_json:
        emit({**asdict(done), "below_floor": done.below_floor})
    else:
        rows = [
            (i.id, i.kind, i.holds, i.holds_if_blank_is_zero, i.broken, i.undecided)
            for i in done.identities
        ]
        table("identities", ("id", "kind", "holds", "if blank is 0", "broken", "undecided"), rows)
        broken = [(f"{b.agency} {b.year}", b.id, b.per, b.lhs, b.rhs) for b in done.broken]
        table("broken", ("report", "id", "per", "printed", "summed"), broken)
        for floor in done.floors:
            rate = "nothing to measure" if floor.rate is None else f"{floor.rate:.4f}"
            click.echo(f"{floor.name}: {rate} (floor {floor.floor})")
    sys.exit(BELOW_FLOOR if done.below_floor else 0)


@main.command()
@click.argument("report")
@click.argument("indicator")
@click.argument("column", default="")
@data_option
@JSON
@verb
def explain(report: str, indicator: str, column: str, data: Path, as_json: bool) -> None:
    """Where a number comes from: capture, cell, label, checks, every earlier value.

    REPORT is an id, an address, or "吉安市 2017".

    Example: gongkai explain "吉安市 2017" press_conferences
    """
    from archive.explain import explain as run

    found = asdict(run(data, report, indicator, column))
    if as_json:
        emit(found)
        return
    rows = [
        (name, json.dumps(value, ensure_ascii=False) if isinstance(value, dict | tuple) else value)
        for name, value in found.items()
    ]
    table(f"{found['agency']} {found['year']} {indicator}", ("", ""), rows)


@main.group()
def portals() -> None:
    """The registry of portals.

    Example: gongkai portals list
    """


@portals.command("list")
@click.option("--portals", "file", type=click.Path(path_type=Path), help="A registry file.")
@JSON
@verb
def portals_list(file: Path | None, as_json: bool) -> None:
    """Every portal of the registry with its status.

    Example: gongkai portals list --json
    """
    from spiders.registry import load

    found = load(file)
    if as_json:
        for portal in found:
            emit(asdict(portal))
        return
    rows = [(p.id, p.name, p.region, p.level, p.family, p.status, p.home) for p in found]
    heads = ("id", "name", "region", "level", "family", "status", "home")
    table(f"{len(rows)} portals", heads, rows)


@main.command()
@data_option
@verb
def build(data: Path) -> None:
    """Working facts -> the published, indexed, immutable gongkai.db.

    Example: gongkai build
    """
    from archive.build import build as run

    done = run(data)
    click.echo(f"{done.path}: " + ", ".join(f"{n} {name}" for name, n in done.rows.items() if n))


@main.command()
@data_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@verb
def serve(data: Path, host: str, port: int) -> None:
    """Datasette on the published file, with the site's pages and stored queries.

    Example: gongkai serve --port 8001
    """
    from archive.serve import serve as run

    run(data, host=host, port=port)


@main.command()
@data_option
@JSON
@verb
def verify(data: Path, as_json: bool) -> None:
    """Re-hash every stored body; exit 1 when any is damaged.

    Example: gongkai verify
    """
    from archive.verify import verify as run

    done = run(data, progress=progress("verified"))
    if as_json:
        emit(asdict(done))
    else:
        click.echo(f"{done.bodies} bodies and {done.captures} captures verified")
        for bad in done.bad:
            click.echo(f"damaged: {bad.sha256} {bad.why} {' '.join(bad.urls)}")
    sys.exit(0 if done.ok else INTERNAL)


@main.command()
@data_option
@JSON
@verb
def status(data: Path, as_json: bool) -> None:
    """What ran, what is stored, what is blocked, versions.

    Example: gongkai status
    """
    import parsers
    from archive.status import status as run

    found = run(data, fingerprint=parsers.fingerprint())
    if as_json:
        emit(found)
    else:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))


if __name__ == "__main__":
    main()
