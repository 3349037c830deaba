"""Verbs that look after the store: fixity and status."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from archive.terminal import INTERNAL, JSON, data_option, emit, progress, table, verb


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
        click.echo(
            f"{done.bodies} bodies, {done.captures} captures and {done.dictionaries} dictionaries "
            f"verified: {'all sound' if done.ok else 'damage found'}"
        )
        for line in done.told():
            click.echo(line)
    sys.exit(0 if done.ok else INTERNAL)


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


VERBS: tuple[click.Command, ...] = (verify, status)
