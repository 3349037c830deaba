"""Verbs of this room: the demo, the crawl, the registry."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.terminal import JSON, data_option, emit, table, verb

from . import importing

if TYPE_CHECKING:
    from .tally import CrawlSummary


@click.command()
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


@click.command()
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


VERBS: tuple[click.Command, ...] = (demo, crawl, portals, *importing.VERBS)
