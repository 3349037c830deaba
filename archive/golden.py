"""Golden pages: what a parser must go on reading, whatever else it learns.

A golden page is a folder with the page (`page.html`, `page.pdf`, ...) and `expected.json`, the
object that `gongkai parse --json` prints, corrected by a person. Facts are compared, both ways.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.fact_rows import numbered
from archive.numbers import plain
from archive.reading import Read
from parsers.errors import ArchiveError
from parsers.model import Hints, Report

FOLDER = "golden"
Cells = dict[tuple[str, str, str, int], tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Miss:
    """A golden page that is read otherwise now."""

    page: str
    what: str


def misses(folder: Path, read: Read) -> Iterator[Miss]:
    """Every golden page of a folder that does not come out as expected."""
    for expected in sorted(folder.glob("*/expected.json")):
        page = next(iter(sorted(expected.parent.glob("page.*"))), None)
        if page is None:
            raise ArchiveError(f"{expected.parent}: a golden page without page.*")
        wanted, url = _expected(expected)
        got = _cells(read(page.read_bytes(), url, "", Hints()))
        if got != wanted:
            yield Miss(expected.parent.name, _difference(wanted, got))


def _expected(path: Path) -> tuple[Cells, str]:
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
        seen: Cells = {}
        for fact in entry["facts"]:
            name = (fact.get("section", ""), fact["indicator"], fact.get("column", ""))
            seq = sum(key[:3] == name for key in seen)
            seen[*name, seq] = (fact["state"], fact["value"])
        return seen, str(entry.get("url", ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveError(f"{path}: {type(error).__name__}: {error}") from error


def _cells(report: Report) -> Cells:
    return {
        key: (fact.state, None if fact.value is None else plain(fact.value))
        for key, fact in numbered(report.facts)
    }


def _difference(wanted: Cells, got: Cells) -> str:
    wrong = [key for key in sorted(wanted.keys() | got.keys()) if wanted.get(key) != got.get(key)]
    key = wrong[0]
    before, after = (_shown(cells.get(key)) for cells in (wanted, got))
    name = "/".join(str(part) for part in key[1:3] if part)
    return f"{name} is {after}, expected {before}" + (
        f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    )


def _shown(cell: tuple[str, str | None] | None) -> str:
    if cell is None:
        return "not read"
    return cell[1] if cell[1] is not None else cell[0]
