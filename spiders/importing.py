"""The verb that takes captures of others; the registry says which portal an address belongs to."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.terminal import JSON, PARTIAL, data_option, emit, progress, verb

if TYPE_CHECKING:
    from archive.exchange.incoming import ImportSummary, Registry
    from spiders.registry import Portal

KINDS = ("warc", "wacz", "html")
WARCS = (".warc", ".warc.gz", ".wacz", ".gz")


@click.command("import")
@click.argument("words", metavar="[warc|wacz|html] FILE...", nargs=-1, required=True)
@data_option
@click.option("--url", default="", help="Address of a page saved by hand, when it does not say it.")
@click.option("--portal", default="", help="Portal of the registry that the pages belong to.")
@click.option("--fetched-at", type=click.DateTime(), help="When a page was saved; else its date.")
@click.option("--portals", "file", type=click.Path(path_type=Path), help="A registry file.")
@JSON
@verb
def import_(
    words: tuple[str, ...],
    data: Path,
    url: str,
    portal: str,
    fetched_at: datetime | None,
    file: Path | None,
    as_json: bool,
) -> None:
    """Captures of other crawlers, or pages saved by hand.

    WARC and WACZ; HTML and documents.

    Each visit enters once, however often it is brought. Exit 5 when something could not be taken.

    Example: gongkai import html report.html --url http://www.jian.gov.cn/report.html
    """
    kind, paths = _sorted(words)
    registry = _registry(file, portal)
    if kind == "html":
        from archive.exchange.saved import import_saved

        done = import_saved(
            data, paths, url=url, portal=portal, fetched_at=fetched_at, registry=registry
        )
    else:
        if url or fetched_at:
            raise click.UsageError("--url and --fetched-at go with pages saved by hand")
        from archive.exchange.incoming import import_warcs

        done = import_warcs(data, paths, registry, progress("imported"))
    _tell(done, as_json)
    sys.exit(0 if done.whole else PARTIAL)


def _sorted(words: Sequence[str]) -> tuple[str, list[Path]]:
    kind = words[0] if words[0] in KINDS and not Path(words[0]).exists() else ""
    paths = [Path(word) for word in words[bool(kind) :]]
    if not paths:
        raise click.UsageError("name the files to import")
    packed = {path.name.lower().endswith(WARCS) for path in paths}
    if not kind and len(packed) > 1:
        raise click.UsageError("import WARC files and saved pages one after the other")
    return kind or ("warc" if packed == {True} else "html"), paths


def _registry(file: Path | None, portal: str) -> Registry:
    from archive.exchange.incoming import Registry
    from spiders.registry import load, select

    entries = load(file)
    named = select(entries, [portal] if portal else [])
    noted = {p.id: {"agency": p.agency, "region": p.region} for p in named}
    if portal:
        return Registry(portal_of=lambda url: portal, portals=noted)
    return Registry(portal_of=_by_host(entries), portals=noted)


class _by_host:
    """The first portal whose hosts own an address."""

    def __init__(self, entries: Sequence[Portal]) -> None:
        self._by_name = {name: p for p in reversed(entries) for name in p.host_names()}

    def __call__(self, url: str) -> str:
        from spiders.addresses import host_of

        found = self._by_name.get(host_of(url))
        return found.id if found and found.owns(url) else ""


def _tell(done: ImportSummary, as_json: bool) -> None:
    if as_json:
        emit(done.as_dict())
        return
    click.echo(f"{done.files} files: {done.new} new captures, {done.known} known already")
    for title, counts in (("outcomes", done.outcomes), ("left out", done.skipped)):
        if counts:
            click.echo(f"{title}: " + ", ".join(f"{n} {name}" for name, n in counts.items()))
    if done.revisits_without_original:
        click.echo(f"{done.revisits_without_original} revisits whose original was never brought")
    for line in done.damaged:
        click.echo(f"not taken: {line}")
    if done.damages > len(done.damaged):
        click.echo(f"and {done.damages - len(done.damaged)} more")


VERBS: tuple[click.Command, ...] = (import_,)
