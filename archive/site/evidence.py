"""From a number to the cell of the archived page: found again, shown under a policy, or said so."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import parsers
from archive.capture import CaptureStore
from archive.site import replay
from archive.site.asking import Ask, Missing, Page
from archive.site.headers import ARCHIVED, POLICY
from parsers.decode import decode
from parsers.errors import ArchiveError, ReadError
from parsers.model import At
from parsers.showing import Shown, show
from parsers.sniff import IMAGES, sniff

Place = Literal["page", "carrier", "picture", "redrawn", "absent", "none"]
ROOT = str(Path(str(parsers.__file__)).parents[1])
PICTURE = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from parsers.pdf.picture import main; main()"
)
PICTURE_SECONDS = 30
SUFFIX = {"html": "html", "text": "txt", "pdf": "pdf", "doc": "doc", "docx": "docx", "xls": "xls",
          "xlsx": "xlsx", "rtf": "rtf", "zip": "zip", "png": "png", "jpeg": "jpg"}  # fmt: skip
NUMBERS = ("table", "row", "cell", "page")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How a cell can be shown, and what it says when it is read now."""

    place: Place
    kind: str
    text: str = ""


def address(row: Any) -> At:
    """The address of a stored fact."""
    more: dict[str, Any] = json.loads(row["at"]) if row["at"] else {}
    box = more.get("box")
    return At(
        table=row["table_no"],
        row=row["row_no"],
        cell=row["cell_no"],
        page=more.get("page"),
        box=tuple(box) if box else None,
        sheet=more.get("sheet"),
        ref=more.get("ref"),
        file=more.get("file"),
    )


def query(at: At) -> dict[str, str]:
    """An address as the query of a frame."""
    parts = {name: str(value) for name in NUMBERS if (value := getattr(at, name)) is not None}
    if at.box is not None:
        parts["box"] = ",".join(f"{side:g}" for side in at.box)
    return parts


def asked(args: Mapping[str, str]) -> At:
    """The address in a query; what is no number counts as not given."""
    numbers = {name: int(args[name]) for name in NUMBERS if args.get(name, "").isdigit()}
    try:
        box = tuple(float(side) for side in args.get("box", "").split(","))
    except ValueError:
        box = ()
    return At(**numbers, box=box if len(box) == 4 else None)  # type: ignore[arg-type]


def proof(ask: Ask, sha: str, at: At) -> Proof:
    """Whether and how the cell can be shown; never an exception for a page."""
    try:
        return _proof(body_of(ask.data, sha), at)
    except (ArchiveError, ReadError):
        return Proof(place="none", kind="")


def _proof(body: bytes, at: At) -> Proof:
    kind = sniff(body)
    if kind == "pdf" or kind in IMAGES:
        return Proof(place="picture" if at.page is not None else "absent", kind=kind)
    if kind not in ("html", "text"):
        return Proof(place="redrawn", kind=kind)
    shown = show(decode(body).text, at)
    if not shown.found:
        return Proof(place="absent", kind=kind)
    return Proof(place="page" if shown.carrier == "html" else "carrier", kind=kind, text=shown.text)


def body_of(data: Path, sha: str) -> bytes:
    """The bytes as received, verified; ArchiveError when captures are not kept here."""
    with CaptureStore.reader(data) as store:
        return store.body(sha)


def _public(ask: Ask, sha: str) -> None:
    """Only pages that a report was sought in; lists, robots.txt and the rest stay inside."""
    found = ask.one(
        "SELECT 1 FROM captures WHERE sha256 = ? AND (kind IN ('report', 'attachment') "
        "OR (kind = 'other' AND found_on IN (SELECT url FROM reports))) LIMIT 1",
        sha,
    )
    if found is None and ask.one("SELECT 1 FROM reports WHERE sha256 = ? LIMIT 1", sha) is None:
        raise Missing


def frame(ask: Ask) -> Page:
    """The archived page for the frame of a report, with the cell outlined."""
    sha = ask.path["sha"]
    _public(ask, sha)
    try:
        body = body_of(ask.data, sha)
        content = _framed(ask, body, sha, asked(ask.args), _terms(ask.text("terms")))
    except ArchiveError:
        content = replay.document(f'<p class="gongkai-note">{ask.say("proof.none")}</p>')
    except ReadError:
        content = replay.document(f'<p class="gongkai-note">{ask.say("proof.unreadable")}</p>')
    return Page(body=content, headers={**SEALED, "cache-control": "no-cache"})


SEALED = {POLICY: ARCHIVED, "cross-origin-resource-policy": "same-origin"}


def _terms(text: str) -> tuple[At, ...]:
    """`table-row-cell` of the cells it is summed with."""
    found = (part.split("-") for part in text.split("_") if part)
    return tuple(
        At(table=int(cut[0]), row=int(cut[1]), cell=int(cut[2]))
        for cut in found
        if len(cut) == 3 and all(number.isdigit() for number in cut)
    )


def _framed(ask: Ask, body: bytes, sha: str, at: At, terms: Sequence[At]) -> str:
    kind = sniff(body)
    if kind in ("html", "text"):
        text = decode(body).text
        shown = show(text, at, terms) if at.table is not None else Shown(html=text, found=False)
        return replay.sanitised(shown.html, ask.say("proof.archived"))
    if kind == "pdf" or kind in IMAGES:
        return _pictured(ask, sha, body, at)
    grids = parsers.tables(body)
    return replay.redrawn(grids, at, ask.say("proof.redrawn"))


def _pictured(ask: Ask, sha: str, body: bytes, at: At) -> str:
    number = at.page or 0
    drawn = _picture(sha, number, _Body(body))
    if drawn is None:
        return replay.document(f'<p class="gongkai-note">{ask.say("proof.absent")}</p>')
    image, size = drawn
    return replay.pictured(image, size, at, ask.say("proof.pdf_page", number=number + 1))


class _Body:
    """Bytes that a cache does not compare: the digest beside them does."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Body)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=32)
def _picture(sha: str, number: int, body: _Body) -> tuple[str, tuple[float, float]] | None:
    """PNG in base64 and the size in points, drawn in a process of its own; None when it fails."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", PICTURE, ROOT, str(number)],
            input=body.content,
            capture_output=True,
            timeout=PICTURE_SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        return None
    size, _, png = done.stdout.partition(b"\n")
    width, height = map(float, size.split())
    return base64.b64encode(png).decode("ascii"), (width, height)


def download(ask: Ask) -> Page:
    """The capture as received: never shown, always a file."""
    sha = ask.path["sha"]
    _public(ask, sha)
    try:
        body = body_of(ask.data, sha)
    except ArchiveError as error:
        raise Missing from error
    suffix = SUFFIX.get(sniff(body), "bin")
    name = f'attachment; filename="{sha[:16]}.{suffix}"'
    return Page(
        body=body,
        kind="application/octet-stream",
        headers={**SEALED, "content-disposition": name, "cache-control": "private, max-age=86400"},
    )
