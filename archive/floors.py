"""The floors of floors.toml: what a run must reach before it is what the archive says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from parsers.errors import ArchiveError

FLOORS = Path(__file__).parent / "floors.toml"
NAMES = {
    "identities": ("hard", "each", "decided"),
    "reports": ("readable", "identified"),
    "promotion": ("unexplained", "unexplained_cells", "lost_reports", "merged_reports"),
    "coverage": ("found", "due"),
}


def load_floors(path: Path) -> Mapping[str, Mapping[str, float]]:
    """The floors; ArchiveError names the file when it cannot be used."""
    try:
        loaded = tomllib.loads(path.read_text(encoding="utf-8"))
        return {
            part: {name: float(loaded[part][name]) for name in names}
            for part, names in NAMES.items()
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArchiveError(f"{path}: {type(error).__name__}: {error}") from error
