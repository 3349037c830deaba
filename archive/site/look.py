"""Templates, the style sheet and the script, and how values are written."""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
         ".svg": "image/svg+xml"}  # fmt: skip
STATES = {"slash": "/", "dash": "—", "blank": "∅", "none": "无"}


@cache
def environment() -> Environment:
    """Everything is escaped; a name that a page does not hand over is an error."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"number": number, "percent": percent, "day": day, "printed": printed}
    return made


@cache
def asset(name: str) -> tuple[bytes, str]:
    """Content and digest of a static file; KeyError for anything else."""
    files = {path.name: path for path in STATIC.iterdir()}
    content = files[name].read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:12]


@cache
def version() -> str:
    """Changes with the code of the site: part of every ETag."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.suffix in (".py", ".html", ".css", ".js", ".svg", ".toml"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def number(value: object) -> str:
    """1,234,567 or 24,252.311082; nothing for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    shown = Decimal(repr(value)) if isinstance(value, float) else Decimal(str(value))
    whole = f"{shown:,f}"
    return whole.rstrip("0").rstrip(".") if "." in whole else whole


def percent(part: float | None, digits: int = 1) -> str:
    """0.1234 -> 12.3%."""
    return "" if part is None else f"{100 * part:.{digits}f}%"


def day(when: str | None) -> str:
    """The date of a time stamp."""
    try:
        return datetime.fromisoformat(when or "").date().isoformat()
    except ValueError:
        return when or ""


def printed(row: Any) -> str:
    """A fact as its cell shows it: a number, or the mark that stands in its place."""
    if row["state"] == "number":
        return number(row["exact"] or row["value"])
    return STATES.get(row["state"], str(row["raw"]))


def render(template: str, **values: object) -> str:
    """A whole page."""
    return environment().get_template(template).render(**values)
