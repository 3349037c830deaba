"""What a file may cost by its kind: minutes are a scan's due, and a hung page's sign."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .sniff import Kind, sniff

PAGE = "page"
START = 60.0  # seconds beside the reading: a process starts, a library loads, a machine is busy
_OPENED: dict[str, tuple[str, ...]] = {  # what a file may turn out to hold
    "pdf": ("pdf", "scan"),
    "zip": ("pdf", "scan"),
    "gzip": ("pdf", "scan"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """For one document: processor seconds, seconds by the wall (a busy machine), MiB."""

    seconds: int
    wall: int
    mebibytes: int


def allowance(kind: Kind) -> Limits:
    """What a reader of that kind may cost."""
    table = _table()
    return table.get(kind, table[PAGE])


def patience(body: bytes, *, has_pictures: bool = False) -> float:
    """Seconds after which a reading of `body` hangs, whatever is found in it.

    More than its readers may take together: they end by their own limits, and say so.
    """
    table = _table()
    kind = sniff(body)
    kinds = (*_OPENED.get(kind, (kind,)), *(("pictures",) if has_pictures else ()))
    return START + sum(table.get(each, table[PAGE]).wall for each in kinds)


@cache
def _table() -> dict[str, Limits]:
    data = tomllib.loads(Path(__file__).with_name("allowances.toml").read_text("utf-8"))
    return {
        kind: Limits(entry["seconds"], entry["wall"], entry["mebibytes"])
        for entry in data["allowance"]
        for kind in entry["kinds"]
    }
