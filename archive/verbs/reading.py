"""Verbs over what was read: re-parse, promotion, changes, numbers, one number explained."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from archive.terminal import (
    BELOW_FLOOR,
    CHANGED,
    JSON,
    ROW,
    data_option,
    emit,
    progress,
    table,
    verb,
)

if TYPE_CHECKING:
    from archive.changes import ChangeRow
    from archive.promotion import Gate

SHOWN = 40
T = TypeVar("T")


def _said(_: click.Context, __: click.Parameter, given: T) -> T:
    """A reason is kept for twenty years: an empty one is none."""
    reasons = given if isinstance(given, tuple) else (given,)
    for reason in reasons:
        if reason is not None and not str(reason).rpartition(":")[2].strip():
            raise click.BadParameter("say why")
    return given


BECAUSE = click.option(
    "--because",
    multiple=True,
    callback=_said,
    metavar="WHY",
    help='Reason for numbers that our parser changed: "WHY", or "INDICATOR: WHY" for one row.',
)
PROMOTE = click.option(
    "--promote", "force", metavar="WHY", callback=_said, help="Promote whatever the gates say."
)


@click.command()
@data_option
@click.option("--stale", is_flag=True, help="What differs: the default.")
@click.option("--all", "every", is_flag=True, help="Every stored report.")
@click.option("--where", help="SQL over url, portal, kind, fetched_at of captures.")
@click.option("--dry-run", is_flag=True, help="Print what would change; write nothing.")
@click.option("--candidate", is_flag=True, help="Stop before the gates; see gongkai promote.")
@BECAUSE
@PROMOTE
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes; 1 by default.")
@click.option("--dask", metavar="tcp://...", help="Read on the workers of this Dask scheduler.")
@click.option("--exit-code", is_flag=True, help="Exit 3 when numbers changed.")
@JSON
@verb
def reparse(
    data: Path,
    stale: bool,
    every: bool,
    where: str | None,
    dry_run: bool,
    candidate: bool,
    because: tuple[str, ...],
    force: str | None,
    workers: int | None,
    dask: str | None,
    exit_code: bool,
    as_json: bool,
) -> None:
    """Stored captures x today's parsers -> facts and changes.

    The run is promoted when its gates pass. Refused (exit 4), it waits as a candidate, and the
    archive goes on saying what it said before.

    Example: gongkai reparse --stale --dry-run
    """
    if stale and every:
        raise click.UsageError("--stale and --all are two selections: give one")
    if candidate and force:
        raise click.UsageError("--candidate stops before the gates that --promote opens: give one")
    if workers and dask:
        raise click.UsageError("--workers are processes here, --dask has its own: give one")
    if dry_run and (candidate or because or force):
        raise click.UsageError("--dry-run writes nothing: no candidate, no reason, no promotion")
    from archive.promotion import Order
    from archive.reparse import reparse as run

    done = run(
        data,
        mode="all" if every else "stale",
        where=where,
        dry_run=dry_run,
        workers=workers or 1,
        dask=dask,
        order=Order(candidate=candidate, because=because, force=force or ""),
        progress=progress("read"),
    )
    if as_json:
        emit(asdict(done))
    else:
        click.echo(
            f"{'would read' if dry_run else 'read'} {done.read} pages: {done.new} new, "
            f"{done.unchanged} unchanged, {done.changed} changed, {done.failed} failed; "
            f"{done.facts} facts; {_counted(done.changes)}"
        )
        if done.mended:
            click.echo(
                f"{done.mended} readings had been damaged in facts.db: "
                f"{'they would be' if dry_run else 'they are'} written anew from their pages"
            )
        for line in done.rulings:
            click.echo(line)
        _print_changes(done.sample)
        _print_gates(done.run, done.gates, done.promoted, candidate)
    _leave(done.promoted or candidate, exit_code and any(done.changes.values()))


@click.command()
@data_option
@BECAUSE
@PROMOTE
@JSON
@verb
def promote(data: Path, because: tuple[str, ...], force: str | None, as_json: bool) -> None:
    """Put the waiting candidate in force when its gates pass.

    Exit 4 when they do not.

    Example: gongkai promote --because "budget: unit is read from the header now"
    """
    from archive.promotion import Order
    from archive.reparse import promote_waiting

    run, verdict = promote_waiting(data, Order(because=because, force=force or ""))
    if as_json:
        emit({"run": run, **asdict(verdict)})
    else:
        _print_gates(run, verdict.gates, verdict.promoted, candidate=False)
    _leave(verdict.promoted, changed=False)


def _leave(fine: bool, changed: bool) -> None:
    if not fine:
        sys.exit(BELOW_FLOOR)
    if changed:
        sys.exit(CHANGED)


def _print_gates(run: int, gates: Iterable[Gate], promoted: bool, candidate: bool) -> None:
    closed = [gate for gate in gates if not gate.passed]
    for gate in closed:
        click.echo(f"{'forced' if promoted else 'refused'}: {gate}")
    if candidate:
        click.echo(f"run {run} is a candidate: gongkai changes --run {run}, gongkai promote")
    elif not promoted:
        click.echo(
            f"run {run} is not in force, what was said before stands. Look: gongkai changes --run "
            f'{run}. Then fix the parser, or: gongkai promote --because "...", --promote "..."'
        )


def _counted(counts: dict[str, int]) -> str:
    told = ", ".join(f"{n} {name}" for name, n in counts.items() if n)
    return f"changes: {told}" if told else "no number changed"


@click.command()
@data_option
@click.option("--since", type=click.DateTime(), help="Only changes from this date on.")
@click.option("--run", type=ROW, help="Only changes of one run, a candidate too.")
@click.option("--between", nargs=2, type=int, metavar="RUN RUN", help="Compare any two runs.")
@click.option("--cause", type=click.Choice(["source", "parser", "patch"]))
@click.option("--html", type=click.Path(path_type=Path), help="Write a page with the cells.")
@click.option("--full", is_flag=True, help=f"Print all cells, not the first {SHOWN}.")
@click.option("--exit-code", is_flag=True, help="Exit 3 when there are any.")
@JSON
@verb
def changes(
    data: Path,
    since: datetime | None,
    run: int | None,
    between: tuple[int, int] | None,
    cause: str | None,
    html: Path | None,
    full: bool,
    exit_code: bool,
    as_json: bool,
) -> None:
    """Which numbers changed, when and why; what matters first.

    Example: gongkai changes --cause source
    """
    from typing import cast

    from archive.changes import Cause
    from archive.changes import changes as listed
    from archive.digest import headline

    if between and (since or run or cause or html):
        raise click.UsageError(
            "--between compares two runs whole: no --since, --run, --cause, --html"
        )
    if between:
        found_any = _print_between(data, *between, as_json)
        _leave(True, exit_code and found_any)
        return
    begin = since.isoformat() if since else None
    found = listed(data, since=begin, run=run, cause=cast("Cause | None", cause))
    if html:
        from archive.changes_page import write

        write(data, found, html)
    if as_json:
        for change in found:
            emit(asdict(change))
    else:
        click.echo(headline(found))
        _print_groups(found)
        _print_changes(found, None if full else SHOWN)
        if html:
            click.echo(f"with the cells: {html}")
    _leave(True, exit_code and bool(found))


def _print_between(data: Path, first: int, second: int, as_json: bool) -> bool:
    from archive.facts import FactsStore
    from archive.runs import between

    with FactsStore.reader(data) as facts:
        found = list(between(facts, first, second))
    if as_json:
        for moved in found:
            emit(asdict(moved))
        return bool(found)
    rows = [
        (f"{m.agency} {m.year}", m.indicator, m.column, m.old if m.old is not None else "not said",
         m.new if m.new is not None else "not said")
        for m in found
    ]  # fmt: skip
    heads = ("report", "indicator", "column", f"run {first}", f"run {second}")
    table(f"{len(found)} cells differ", heads, rows)
    return bool(found)


def _print_groups(found: Sequence[ChangeRow]) -> None:
    from archive.digest import groups, side

    if len(found) <= 1:
        return
    rows = [
        (g.cause, g.indicator, g.cells, g.reports, g.changed, g.removed, g.added,
         f"{side(g.example.old, g.example.old_state)} -> "
         f"{side(g.example.new, g.example.new_state)}")
        for g in groups(found)
    ]  # fmt: skip
    heads = ("cause", "indicator", "cells", "reports", "changed", "lost", "gained", "for example")
    table("which numbers", heads, rows[:SHOWN])


def _print_changes(found: Sequence[ChangeRow], limit: int | None = SHOWN) -> None:
    from archive.digest import side, weight

    if not found:
        return
    rows = [
        (c.run, c.cause, f"{c.agency} {c.year}", c.indicator, c.column,
         side(c.old, c.old_state), side(c.new, c.new_state), c.reason)
        for c in sorted(found, key=weight)[:limit]
    ]  # fmt: skip
    heads = ("run", "cause", "report", "indicator", "column", "old", "new", "reason")
    table("cells", heads, rows)
    if limit is not None and len(found) > limit:
        click.echo(f"{len(found) - limit} more: --full, --json or --html FILE")


@click.command()
@click.argument("report", default="")
@data_option
@click.option("--as-of", metavar="DATE", help="As the archive said it at the end of that day.")
@JSON
@verb
def numbers(report: str, data: Path, as_of: str | None, as_json: bool) -> None:
    """Every number of a REPORT, or of the archive.

    Today, or as it was said on a day. REPORT is an id, an address, or "吉安市 2017".

    Example: gongkai numbers "吉安市 2017" --as-of 2026-03-31
    """
    from archive.explain import report_named
    from archive.facts import FactsStore
    from archive.runs import LATEST, in_force_on
    from archive.runs import numbers as said

    with FactsStore.reader(data) as facts:
        run = in_force_on(facts, as_of) if as_of else LATEST
        only = report_named(facts, report, run)[0] if report else None
        found = said(facts, run, only)
        if as_json:
            for each in found:
                emit(asdict(each))
            return
        rows = [
            (f"{n.agency} {n.year}", n.section, n.indicator, n.column,
             n.value if n.value is not None else n.state, n.unit, n.raw)
            for n in found
        ]  # fmt: skip
    heads = ("report", "section", "indicator", "column", "value", "unit", "printed")
    table(f"{len(rows)} cells", heads, rows)


@click.command()
@click.argument("report")
@click.argument("indicator")
@click.argument("column", default="")
@data_option
@click.option("--as-of", metavar="DATE", help="As the archive said it at the end of that day.")
@JSON
@verb
def explain(
    report: str, indicator: str, column: str, data: Path, as_of: str | None, as_json: bool
) -> None:
    """Where a number comes from: capture, cell, checks, past.

    REPORT is an id, an address, or "吉安市 2017".

    Example: gongkai explain "吉安市 2017" press_conferences
    """
    from archive.explain import explain as run

    found = run(data, report, indicator, column, as_of=as_of)
    if as_json:
        emit(asdict(found))
        return
    from archive.told import told

    for line in told(found):
        click.echo(line)


VERBS: tuple[click.Command, ...] = (reparse, promote, changes, numbers, explain)
