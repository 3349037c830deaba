"""Verbs over what was read: re-parse, changes, checks, one number explained."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.terminal import (
    BELOW_FLOOR,
    CHANGED,
    JSON,
    data_option,
    emit,
    progress,
    table,
    verb,
)

if TYPE_CHECKING:
    from archive.changes import ChangeRow


@click.command()
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


@click.command()
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


@click.command()
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


@click.command()
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


VERBS: tuple[click.Command, ...] = (reparse, changes, check, explain)
