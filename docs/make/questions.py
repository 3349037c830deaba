"""Writes docs/questions.md from the stored queries.

python docs/make/questions.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from archive.site import queries  # noqa: E402

HEAD = """# Questions

What people ask of the archive, each with a stored query: `gongkai serve` lists them, and
`/gongkai/NAME.json?_shape=array&PARAMETER=VALUE` answers a program. Parameters may stay empty.

Rules for every answer: the base of a rate stands beside it in words; no rate or rank below 30
cases; missing is not zero; levels and scopes are never added up; a line over 2014 or 2019 is
approximate; every row leads to its report, and the report to the cell.

| question | query | title | mind |
|---|---|---|---|
"""


def main() -> None:
    """One line a query."""
    lines = [
        f"| {query['n']} | `{name}` | {query['title']} | {query['about']} |\n"
        for name, query in sorted(queries().items(), key=lambda item: item[1]["n"])
    ]
    (ROOT / "docs" / "questions.md").write_text(HEAD + "".join(lines), "utf-8")


if __name__ == "__main__":
    main()
