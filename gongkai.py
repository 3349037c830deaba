"""The front door: parse arguments, call a room, print. Every verb imports its room when called."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from parsers.errors import (
    ArchiveError,
    GongkaiError,
    Locked,
    MissingCapture,
    RegistryError,
    Unwritable,
)

if TYPE_CHECKING:
    from parsers.model import Report

P = ParamSpec("P")
R = TypeVar("R")

# The outside relies on these: see docs/operations.md.
INTERNAL, USAGE, CHANGED, BELOW_FLOOR, PARTIAL, ALL_BLOCKED, NO_ROOM, LOCKED = range(1, 9)
EXITS: tuple[tuple[type[GongkaiError], int], ...] = (
    (Locked, LOCKED),
    (Unwritable, NO_ROOM),
    (RegistryError, USAGE),
    (MissingCapture, USAGE),
    (ArchiveError, INTERNAL),
)


def fail(message: str, code: int) -> None:
    """One line on stderr, then the exit code."""
    click.echo(f"gongkai: {' '.join(str(message).split())}", err=True)
    sys.exit(code)


def guarded(verb: Callable[P, R]) -> Callable[P, R]:
    """Errors of the tree become one line and the exit code of their kind."""

    @wraps(verb)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return verb(*args, **kwargs)
        except GongkaiError as error:
            code = next((code for kind, code in EXITS if isinstance(error, kind)), INTERNAL)
            fail(str(error), code)
            raise

    return wrapper


def emit(record: object) -> None:
    """One JSON object a line."""
    click.echo(json.dumps(record, ensure_ascii=False, default=str))
