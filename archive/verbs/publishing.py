"""Verbs of the published file: build it, serve it."""

from __future__ import annotations

from pathlib import Path

import click

from archive.terminal import JSON, data_option, emit, verb


@click.command()
@data_option
@click.option(
    "--flat/--compact",
    default=None,
    help="Whether numbers is a table, or a view over rows a quarter of its size; by default a "
    "table up to two million rows.",
)
@JSON
@verb
def build(data: Path, flat: bool | None, as_json: bool) -> None:
    """Working facts -> the published, indexed, immutable gongkai.db.

    Example: gongkai build
    """
    from archive.build import build as run

    done = run(data, flat=flat)
    if as_json:
        emit({"path": str(done.path), "rows": done.rows})
        return
    click.echo(f"{done.path}: " + ", ".join(f"{n} {name}" for name, n in done.rows.items() if n))


@click.command()
@data_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@click.option("--open", "browser", is_flag=True, help="Open the site in the browser.")
@verb
def serve(data: Path, host: str, port: int, browser: bool) -> None:
    """Datasette on the published file, with the pages of the site.

    A later `gongkai build` shows at once, without a restart.

    Example: gongkai serve --port 8001 --open
    """
    from archive.serve import serve as run

    run(
        data,
        host=host,
        port=port,
        browser=browser,
        ready=lambda address: click.echo(f"{address}  (end with Ctrl-C)", err=True),
    )


VERBS: tuple[click.Command, ...] = (build, serve)
