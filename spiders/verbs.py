"""Verbs of this room: the demo, the crawl, the registry."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.terminal import JSON, USAGE, data_option, emit, table, verb

from . import importing

if TYPE_CHECKING:
    from .probe import Probe
    from .tally import CrawlSummary


@click.command()
@data_option
@click.option("--serve/--no-serve", default=True, help="End with a served site, or when done.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@verb
def demo(data: Path, serve: bool, port: int) -> None:
    """The whole job on the built-in sample portals, on loopback.

    Crawl, read, check, publish; a portal edits a number; all again; serve.

    Example: gongkai demo --no-serve
    """
    from spiders.demo import demonstrate

    code = demonstrate(data, port=port if serve else None, say=click.echo)
    sys.exit(code)


@click.command()
@click.argument("portals", nargs=-1)
@data_option
@click.option("--portals", "file", type=click.Path(path_type=Path), help="A registry file.")
@click.option("--limit", type=click.IntRange(1), help="At most so many reports a portal.")
@click.option("--shard", metavar="I/N", help="Only the hosts of shard I of N.")
@click.option("--delay", type=float, help="Seconds between requests to a host.")
@click.option("--due", is_flag=True, help="Only portals whose time has come.")
@click.option("--max-size", type=click.IntRange(1), metavar="MB", help="End when it is so large.")
@JSON
@verb
def crawl(
    portals: tuple[str, ...],
    data: Path,
    file: Path | None,
    due: bool,
    max_size: int | None,
    limit: int | None,
    shard: str | None,
    delay: float | None,
    as_json: bool,
) -> None:
    """Fetch the report columns of PORTALS, or of all, politely.

    Killed, the same command goes on where it stopped.

    Example: gongkai crawl jian --limit 3
    """
    from spiders.crawl import due_now, run
    from spiders.registry import load, select
    from spiders.settings import CONTACT

    chosen = select(load(file), portals)
    if due:
        chosen = due_now(data, chosen)
        if not chosen:
            click.echo("nothing is due", err=True)
            return
    overrides = {"GONGKAI_MAX_SIZE": max_size} if max_size else {}
    done = run(
        data,
        portals=chosen,
        limit=limit,
        shard=_shard(shard),
        delay=delay,
        scheduled=due,
        overrides=overrides,
    )
    _print_crawl(done, as_json)
    if not CONTACT and any(one.crawlable and not one.on_loopback for one in chosen):
        click.echo("set GONGKAI_CONTACT, so that the operators can reach you", err=True)
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
    if done.crawl:
        click.echo(f"report: crawls/crawl-{done.crawl:06d}.md in the archive's folder")


@click.group()
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


@portals.command("check")
@click.option("--portals", "file", type=click.Path(path_type=Path), help="A registry file.")
@JSON
@verb
def portals_check(file: Path | None, as_json: bool) -> None:
    """Look at the registry as a whole; exit 2 with every fault.

    Codes and levels against GB/T 2260, agencies, homes and hosts named twice, look-alike hosts.

    Example: gongkai portals check --portals mine.toml
    """
    from spiders.registry import load
    from spiders.roster import faults

    found = load(file)
    wrong = faults(found)
    crawled = sum(portal.crawlable for portal in found)
    if as_json:
        emit({"portals": len(found), "crawled": crawled, "faults": [asdict(f) for f in wrong]})
    else:
        for fault in wrong:
            click.echo(f"gongkai: {fault}", err=True)
        said = f"{len(wrong)} faults" if wrong else "no fault"
        click.echo(f"{len(found)} portals, {crawled} of them crawled: {said}")
    sys.exit(USAGE if wrong else 0)


@portals.command("probe")
@click.argument("url")
@click.option("--data", type=click.Path(path_type=Path), help="Keep what was seen in this archive.")
@JSON
@verb
def portals_probe(url: str, data: Path | None, as_json: bool) -> None:
    """From a home page to its column of annual reports.

    What was found, why, and the entry to add.

    Example: gongkai portals probe http://www.jian.gov.cn/
    """
    from tempfile import TemporaryDirectory

    from spiders.probe import probe

    with TemporaryDirectory() as folder:
        found = probe(url, data or Path(folder), say=lambda line: click.echo(line, err=True))
    if as_json:
        emit(found.as_dict())
    else:
        _print_probe(found)
    sys.exit(found.exit_code)


def _print_probe(found: Probe) -> None:
    click.secho(f"{found.home} {found.site}", bold=True)
    click.echo(f"{found.requests} requests; region {found.region or 'not known'}")
    for step in found.walked:
        click.echo(f"  by {step}")
    for column in found.columns:
        years = f"{column.years[0]} to {column.years[-1]}" if column.years else "no years"
        inner = f", {column.inside} more in {column.inner} columns inside" if column.inner else ""
        drawn = ", drawn by a script" if column.drawn else ""
        click.echo(
            f"column {column.url} {column.name}\n"
            f"  {column.points} points: {', '.join(column.why) or 'given'}\n"
            f"  {column.family}{drawn}, {column.rows} rows, {column.reports} reports "
            f"({years}){inner}"
        )
    for note in found.notes:
        click.echo(f"note: {note}")
    if not found.entry and any("outside of the portal" in note for note in found.notes):
        click.echo("it leads to another host: probe that one, if it is the portal's")
    click.echo(f"\n{found.entry}" if found.entry else "no column of annual reports was found")


@click.command()
@click.argument("kind", type=click.Choice(["systemd", "cron", "github"]))
@data_option
@click.option("--portals", "file", type=click.Path(path_type=Path), help="A registry file.")
@click.option("--contact", default="", envvar="GONGKAI_CONTACT", help="For portal operators.")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Write files there instead.")
@verb
def schedule(kind: str, data: Path, file: Path | None, contact: str, folder: Path | None) -> None:
    """Print a ready unit that crawls, reads and publishes.

    Example: gongkai schedule systemd --to ~/.config/systemd/user
    """
    from archive.placing import write_text
    from spiders.units import PLACES, UNITS

    for name, text in UNITS[kind](data, file, contact).items():
        if folder is None:
            click.echo(f"# {PLACES[name]}\n{text}")
            continue
        write_text(folder / name, text)
        click.echo(folder / name)


VERBS: tuple[click.Command, ...] = (demo, crawl, portals, schedule, *importing.VERBS)
