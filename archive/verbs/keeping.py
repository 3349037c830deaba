"""Verbs that look after the store: fixity and status."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from archive.terminal import INTERNAL, JSON, data_option, emit, progress, verb


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
        click.echo(f"{done.bodies} bodies and {done.captures} captures verified")
        for bad in done.bad:
            click.echo(f"damaged: {bad.sha256} {bad.why} {' '.join(bad.urls)}")
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
        click.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))


VERBS: tuple[click.Command, ...] = (verify, status)
