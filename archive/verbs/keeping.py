"""Verbs that look after the store: fixity and status."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.terminal import INTERNAL, JSON, data_option, emit, progress, table, verb

if TYPE_CHECKING:
    from archive.verify import VerifySummary


@click.command()
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
        _print_verified(done)
    sys.exit(0 if done.ok else INTERNAL)


def _print_verified(done: VerifySummary) -> None:
    click.echo(
        f"{done.bodies} bodies, {done.captures} captures and {done.dictionaries} dictionaries "
        f"verified: {'all sound' if done.ok else 'damage found'}"
    )
    for line in done.told():
        click.echo(line)


@click.command()
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
        from archive.status import told

        for title, heads, rows in told(found):
            table(title, heads, rows)


@click.command()
@click.argument("to", type=click.Path(path_type=Path))
@data_option
@JSON
@verb
def backup(to: Path, data: Path, as_json: bool) -> None:
    """Copy what cannot be made again to the folder TO.

    Captures, facts with their history, rulings and golden pages; also while a crawl writes.
    The copy is hashed again: exit 1 when a body is damaged.

    Example: gongkai backup /mnt/backup/gongkai
    """
    from archive.backup import backup as run

    done = run(data, to, progress=progress("verified"))
    if as_json:
        emit({**asdict(done), "ok": done.verified.ok})
    else:
        click.echo(f"{done.path}: {', '.join(done.copied)}; {done.bytes} bytes")
        _print_verified(done.verified)
    sys.exit(0 if done.verified.ok else INTERNAL)


VERBS: tuple[click.Command, ...] = (verify, backup, status)
