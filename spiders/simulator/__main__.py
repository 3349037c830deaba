"""`python -m spiders.simulator`: serve the sample portals until they are no longer wanted."""

from __future__ import annotations

import signal
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import click

from parsers.errors import GongkaiError

from .world import World


@click.command()
@click.option("--port-base", type=click.IntRange(0, 65535), default=0, help="0: any free port.")
@click.option("--seed", type=int, default=2024, show_default=True)
def main(port_base: int, seed: int) -> None:
    """Serve the sample portals on loopback until ^C.

    Example: python -m spiders.simulator --port-base 8800
    """
    for ending in (signal.SIGINT, signal.SIGTERM):  # a background job inherits SIGINT as ignored
        signal.signal(ending, signal.default_int_handler)
    try:
        with World(seed).start(port_base) as world, TemporaryDirectory() as folder:
            registry = Path(folder) / "portals.toml"
            registry.write_text(world.registry_toml(), "utf-8")
            for portal in world.portals:
                click.echo(f"{portal:10} {world.base(portal)}/")
            click.echo(f"registry   {registry}")
            Event().wait()
    except KeyboardInterrupt:
        click.echo("closed")
    except GongkaiError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
