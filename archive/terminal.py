"""What every verb shares: one-line errors, exit codes, tables for people, JSON for programs."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import NoReturn, ParamSpec, TypeVar

import click

from parsers.errors import ArchiveError, GongkaiError, Locked, RegistryError, Unwritable

P = ParamSpec("P")
R = TypeVar("R")

INTERNAL, USAGE, CHANGED, BELOW_FLOOR, PARTIAL, ALL_BLOCKED, NO_ROOM, LOCKED = range(1, 9)
EXITS: tuple[tuple[type[GongkaiError], int], ...] = (
    (Locked, LOCKED),
    (Unwritable, NO_ROOM),
    (RegistryError, USAGE),
    (ArchiveError, USAGE),
)
NO_ROOM_ERRORS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}
)
ROW = click.IntRange(1, 2**63 - 1)  # what SQLite can number
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")


def fail(message: object, code: int) -> NoReturn:
    """One line on stderr, then the exit code."""
    click.echo(f"gongkai: {' '.join(str(message).split())}", err=True)
    sys.exit(code)


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Errors of the tree become one line and the exit code of their kind."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except GongkaiError as error:
            fail(error, next((code for kind, code in EXITS if isinstance(error, kind)), INTERNAL))
        except OSError as error:  # where no room knew better
            if error.errno not in NO_ROOM_ERRORS:
                raise
            fail(f"cannot write {error.filename or 'there'}: {error.strerror}", NO_ROOM)

    return guarded


def _folder(context: click.Context, option: click.Parameter, data: Path) -> Path:
    if data.is_file():
        fail(f"{data} is a file, not a folder", USAGE)
    return data


def data_option(function: Callable[P, R]) -> Callable[P, R]:
    """`--data DIR`, on every verb that opens the archive."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path),
        callback=_folder,
        default="data",
        envvar="GONGKAI_DATA",
        show_default=True,
        help="Folder of the archive.",
    )(function)


def emit(record: object) -> None:
    """One JSON object a line."""
    click.echo(json.dumps(record, ensure_ascii=False, default=str))


def table(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[object]], *, unbroken: str = ""
) -> None:
    """A table for people; as wide as it needs where no terminal limits it. Without rows its title.

    `unbroken`: the head of the column whose words, ids say, are not to be cut.
    """
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 160)
    shown = Table(title=title, title_justify="left", title_style="bold")
    for head in heads:
        shown.add_column(head, overflow="fold", no_wrap=head == unbroken)
    for row in rows:
        shown.add_row(*("" if cell is None else str(cell) for cell in row))
    console.print(shown if shown.rows else f"{title}: none")


def progress(label: str) -> Callable[[int, int], None] | None:
    """A progress line on a terminal's stderr, nothing elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        click.echo(f"\r{label} {done}/{total}", nl=done >= total, err=True)

    return show
