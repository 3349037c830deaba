"""Verbs that judge the archive: checks and floors, coverage, rulings."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.terminal import BELOW_FLOOR, JSON, data_option, emit, table, verb

if TYPE_CHECKING:
    from archive.checks import CheckSummary


@click.command()
@data_option
@JSON
@verb
def check(data: Path, as_json: bool) -> None:
    """Sums, floors, coverage and rulings of all published reports.

    Exit 4 below a floor.

    Example: gongkai check
    """
    from archive.checks import check as run

    done = run(data)
    if as_json:
        emit({**asdict(done), "below_floor": done.below_floor})
    else:
        _print_check(done)
    sys.exit(BELOW_FLOOR if done.below_floor else 0)


def _print_check(done: CheckSummary) -> None:
    rows = [
        (i.id, i.kind, i.holds, i.holds_if_blank_is_zero, i.broken, i.undecided)
        for i in done.identities
    ]
    table("identities", ("id", "kind", "holds", "if blank is 0", "broken", "undecided"), rows)
    broken = [
        (f"{b.agency} {b.year}" + (f" with {b.with_year}" if b.with_year else ""), b.id, b.kind,
         b.per, b.lhs, b.rhs)
        for b in done.broken
    ]  # fmt: skip
    table("broken", ("report", "id", "kind", "per", "one side", "the other"), broken)
    click.echo("coverage: " + ", ".join(f"{n} {state}" for state, n in done.coverage.items()))
    for ruling in done.rulings:
        click.echo(f"ruling {ruling.id} is {ruling.standing}: {ruling.detail}")
    if done.waiting is not None:
        click.echo(f"run {done.waiting} waits as a candidate: see gongkai promote")
    for floor in done.floors:
        rate = "nothing to measure" if floor.rate is None else f"{floor.rate:.4f}"
        click.echo(f"{floor.name}: {rate} (floor {floor.floor}){' BELOW' if floor.below else ''}")


@click.command()
@data_option
@click.option("--year", type=int, help="Only this report year.")
@click.option("--region", default="", help="Only this region and those inside it: 360000, 360800.")
@JSON
@verb
def coverage(data: Path, year: int | None, region: str, as_json: bool) -> None:
    """Which body has which report, and why one is missing.

    Example: gongkai coverage --year 2025 --region 360000
    """
    from collections import Counter

    from archive.coverage import covered

    cells = covered(data, year=year, region=region)
    if as_json:
        for cell in cells:
            emit(asdict(cell))
        return
    counts = Counter(cell.state for cell in cells)
    click.echo(", ".join(f"{n} {state}" for state, n in counts.most_common()) or "nothing known")
    rows = [
        (c.year, c.agency, c.state, c.reason, c.deadline, c.days_late, c.url)
        for c in sorted(cells, key=lambda cell: (-cell.year, cell.region_code, cell.agency))
    ]
    heads = ("year", "body", "state", "reason", "deadline", "days late", "page")
    table("coverage", heads, rows)


@click.command()
@data_option
@JSON
@verb
def rulings(data: Path, as_json: bool) -> None:
    """What people ruled, and how each case stands now.

    A ruling is a file in data/rulings/*.toml.

    Example: gongkai rulings
    """
    from archive.facts import FactsStore
    from archive.ruled import standings, unloaded
    from archive.rulings import rulings as load

    ruled = load(data)
    with FactsStore.reader(data) as facts:
        found = standings(facts, ruled)
        waiting = unloaded(facts, found)
    if as_json:
        for each in found:
            loaded = each.ruling.id not in waiting
            told = {"standing": each.standing, "detail": each.detail, "loaded": loaded}
            emit({**asdict(each.ruling), **told, "urls": [url for _, url in each.readings]})
        return
    rows = [
        (each.ruling.id, each.ruling.kind, each.standing,
         each.ruling.indicator or f"{each.ruling.agency} {each.ruling.year}", each.ruling.column,
         each.ruling.printed, each.ruling.value, each.ruling.by, each.ruling.decided)
        for each in found
    ]  # fmt: skip
    heads = ("id", "kind", "standing", "case", "column", "printed", "ruled", "by", "on")
    table(f"{len(rows)} rulings", heads, rows)
    for each in found:
        if each.standing != "in_force":
            click.echo(f"ruling {each.ruling.id} is {each.standing}: {each.detail}")
    if waiting:
        click.echo(f"not loaded yet: {', '.join(waiting)}; run gongkai reparse")


VERBS: tuple[click.Command, ...] = (check, coverage, rulings)
