"""A golden page minted from a capture: the page, its address, and what it is read as today.

`expected.json` is what `gongkai parse --json` prints, with `reviewed: false`. A person corrects it
against the page and says so; until then the test of the golden pages fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import parsers
from archive.capture import CaptureStore
from archive.placing import folder_aside
from parsers.decode import looks_binary
from parsers.errors import ArchiveError, MissingCapture
from parsers.model import Report
from parsers.output import report_json

FOLDER = Path("tests/goldens")
EXPECTED = "expected.json"
COMPARED = ("report", "facts", "leftovers", "problems", "checks", "narrative")
SUFFIXES = {"zip": "bin", "ole": "bin"}  # Word or Excel: the bytes say so, the name need not


@dataclass(frozen=True, slots=True)
class Minted:
    """A new golden page, not yet reviewed."""

    folder: Path
    facts: int
    leftovers: int


def mint(data: Path, wanted: str, into: Path, name: str = "") -> Minted:
    """The golden page of a capture (its number, or an address: its newest good answer)."""
    if name == ".." or Path(name).name != name:
        raise ArchiveError(f"--name {name!r} is no name of a folder inside {into}")
    with CaptureStore.reader(data) as store:
        capture = store.get(int(wanted)) if wanted.isdigit() else store.last_good(wanted)
        if capture is None or capture.body_sha256 is None:
            raise MissingCapture(f"no stored page for {wanted}")
        body = store.body(capture.body_sha256)
    report = parsers.read(body, url=capture.url)
    folder = into / (name or _name(report, capture.url, capture.body_sha256))
    if folder.exists():
        raise ArchiveError(f"{folder} is there already; review it, or give another --name")
    kind = looks_binary(body) or "html"
    page = f"page.{SUFFIXES.get(kind, kind)}"
    expected = {"reviewed": False, "url": capture.url, **_said(report, page, body)}
    text = json.dumps(expected, ensure_ascii=False, indent=1) + "\n"
    with folder_aside(folder, ()) as aside:
        (aside / page).write_bytes(body)
        (aside / EXPECTED).write_text(text, encoding="utf-8")
    return Minted(folder, len(report.facts), len(report.leftovers))


def _said(report: Report, source: str, body: bytes) -> dict[str, object]:
    return report_json(report, source=source, sha256=sha256(body).hexdigest())


def _name(report: Report, url: str, digest: str) -> str:
    place = report.region_code or urlsplit(url).hostname or "page"
    return f"{place}-{report.year or 'undated'}-{digest[:8]}"


def complaints(folder: Path) -> Iterator[str]:
    """What stands in the way of a golden page: unreviewed, or read otherwise now."""
    expected = json.loads((folder / EXPECTED).read_text(encoding="utf-8"))
    if expected.get("reviewed") is not True:
        yield f"{folder.name}: correct {EXPECTED} against the page, then set reviewed to true"
    (page,) = folder.glob("page.*")
    body = page.read_bytes()
    found = json.loads(json.dumps(_said(parsers.read(body, url=expected["url"]), page.name, body)))
    for part in COMPARED:
        if found[part] != expected[part]:
            yield f"{folder.name}: {part}: {_first_difference(expected[part], found[part])}"


def _first_difference(wanted: object, found: object) -> str:
    if isinstance(wanted, list) and isinstance(found, list):
        lost = [each for each in wanted if each not in found]
        new = [each for each in found if each not in wanted]
        wanted, found = (lost or [None])[0], (new or [None])[0]
    shown = (json.dumps(each, ensure_ascii=False) for each in (wanted, found))
    return "expected {}, read {}".format(*shown)
