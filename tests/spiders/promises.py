"""What docs/operations.md promises, read from its tables."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| [^|]+ \| ([a-z -]+) \| (\d) \| (\d) \|$", re.M)


def faults() -> dict[str, tuple[str, int, int]]:
    """Fault -> outcomes recorded, exit code, reports that came."""
    rows = ROW.findall(PAGE.read_text("utf-8"))
    return {name: (recorded, int(code), int(came)) for name, recorded, code, came in rows}
