"""The simulator's knowledge, as TOML; every reader of it goes through `load`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """One data file, parsed once; callers must not change it.

    Any, because every file has a shape of its own; the tests read every value of all of them.
    """
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text("utf-8"))
