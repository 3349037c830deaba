"""Verbs for whoever fixes a parser."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from archive.terminal import JSON, data_option, emit, verb


@click.group()
def fixture() -> None:
    """Golden pages: what a parser must go on reading.

    Example: gongkai fixture add 17
    """


@fixture.command()
@click.argument("capture")
@click.option("--name", default="", help="Name of its folder.")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("tests/goldens"),
    show_default=True,
    help="Folder of the golden pages.",
)
@data_option
@JSON
@verb
def add(capture: str, name: str, into: Path, data: Path, as_json: bool) -> None:
    """Mint a golden page from CAPTURE, its number or its address.

    Its test fails until a person has corrected expected.json and set `reviewed` to true.

    Example: gongkai fixture add 17 --name jian-2017
    """
    from archive.fixture import mint

    made = mint(data, capture, into, name)
    if as_json:
        emit(asdict(made))
        return
    click.echo(f"{made.folder}: {made.facts} facts, {made.leftovers} leftovers")
    click.echo(
        f"correct {made.folder / 'expected.json'} against the page, then set reviewed to true"
    )


VERBS: tuple[click.Command, ...] = (fixture,)
