"""What a home page leads to: a crawl of lists only, and the registry entry that follows from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from archive.capture import CaptureStore
from archive.frontier import Frontier, Task
from parsers import regions
from parsers.decode import decode
from parsers.errors import DigestMismatch, MissingCapture, ReadError, RegistryError

from . import discover, fields
from .audit import content_type
from .crawl import run
from .links import Link
from .reading import Column, column_of, read
from .registry import Portal
from .tally import ALL_BLOCKED, FINE, PARTIAL, PortalTally

ID = "probe"
_FEATURED = ("report", "revised", "cover")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundColumn:
    """One candidate: what spoke for it before, and what it turned out to hold."""

    url: str
    name: str
    points: int
    why: tuple[str, ...]
    family: str
    rows: int
    reports: int
    years: tuple[int, ...]
    inner: int  # columns inside it, of years or bodies
    promised: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """`entry` is TOML; empty where no column was found."""

    home: str
    site: str
    site_code: str
    region: str
    walked: tuple[str, ...]
    columns: tuple[FoundColumn, ...]
    notes: tuple[str, ...]
    requests: int
    entry: str
    exit_code: int

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def probe(url: str, data: Path) -> Probe:
    """At most a handful of requests, kept in the archive of `data`."""
    try:
        home = fields.url(url if urlsplit(url).path else f"{url}/")
    except ValueError as error:
        raise RegistryError(f"URL {error}") from error
    portal = Portal(id=ID, name="", region="", level="county", agency="", home=home)
    done = run(data, portals=[portal], limit=0, reason="probe")
    tally = done.portals[ID]
    with CaptureStore.reader(data) as store:
        cycle = store.db.conn.execute("SELECT max(id) FROM cycles").fetchone()[0]
        tasks = Frontier(store).listings(cycle)
        return _told(store, portal, tasks, tally)


def _told(store: CaptureStore, portal: Portal, tasks: Sequence[Task], tally: PortalTally) -> Probe:
    found = sorted(_columns(store, portal, tasks), key=_worth, reverse=True)
    metas, title = _metas(_text(store, portal.home))
    site = metas.get("sitename") or title
    code = metas.get("siteidcode", "")
    region = regions.by_code(code[:6]) or regions.in_text(site, None)
    good = [column for column in found if column.reports or column.inner]
    return Probe(
        home=portal.home,
        site=site,
        site_code=code,
        region=region.code if region else "",
        walked=tuple(f"{task.url} {task.link_text}".strip() for task in tasks if _is_step(task)),
        columns=tuple(found),
        notes=tuple(tally.notes),
        requests=tally.asked,
        entry=_entry(portal.home, site, code, region, good) if good else "",
        exit_code=ALL_BLOCKED if tally.blocked and not good else FINE if good else PARTIAL,
    )


def _columns(store: CaptureStore, portal: Portal, tasks: Sequence[Task]) -> list[FoundColumn]:
    firsts = [
        task
        for task in tasks
        if (task.page or 0) > 0 and column_of(task) == task.url and not task.depth
    ]
    return [_column(task, column) for task in firsts if (column := _again(store, portal, task))]


def _again(store: CaptureStore, portal: Portal, task: Task) -> Column | None:
    good = store.last_good(task.url, task.method, task.request_body)
    if task.state != "done" or good is None or good.body_sha256 is None:
        return None
    try:
        return read(portal, task, store.body(good.body_sha256), content_type(good))
    except (DigestMismatch, MissingCapture, ReadError, ValueError):
        return None


def _column(task: Task, column: Column) -> FoundColumn:
    clues = list(discover.clues(Link(url=task.url, text=task.link_text)))
    rows = [row for row in column.listing.rows if column.wants(row)]
    if not clues:
        clues = [discover.Clue(len(rows), f"{len(rows)} titles of reports")]
    return FoundColumn(
        url=task.url,
        name=column.name,
        points=sum(clue.points for clue in clues),
        why=tuple(map(str, clues)),
        family=column.family.name,
        rows=len(column.listing.rows),
        reports=len(rows),
        years=tuple(sorted({row.year for row in rows if row.year})),
        inner=len(column.inner),
        promised=column.listing.turn.promised,
    )


def _worth(column: FoundColumn) -> tuple[bool, int, int]:
    return bool(column.reports or column.inner), column.points, column.reports


def _is_step(task: Task) -> bool:
    return (task.page or 0) < 1 and task.state in ("done", "failed")


def _text(store: CaptureStore, url: str) -> str:
    good = store.last_good(url)
    if good is None or good.body_sha256 is None:
        return ""
    try:
        return decode(store.body(good.body_sha256), content_type(good)).text
    except (DigestMismatch, MissingCapture, ReadError):
        return ""


def _metas(text: str) -> tuple[dict[str, str], str]:
    tree = LexborHTMLParser(text)
    told = {
        (node.attributes.get("name") or "").lower(): (node.attributes.get("content") or "").strip()
        for node in tree.css("meta[name][content]")
    }
    title = tree.css_first("title")
    return told, "".join(title.text().split()) if title else ""


def _entry(
    home: str, site: str, code: str, region: regions.Region | None, good: Sequence[FoundColumn]
) -> str:
    """To be read by a person before it is added: what is not known is left to fill in."""
    name = region.name if region else ""
    columns = [column.url for column in good if column.reports or column.inner]
    values: dict[str, object] = {
        "id": _id(home),
        "name": name or site or "TODO",
        "region": region.code if region else "TODO",
        "level": str(region.level) if region else "TODO",
        "agency": f"{name}人民政府" if name else "TODO",
        "home": f"{urlsplit(home).scheme}://{urlsplit(home).netloc}/",
        "columns": columns,
        "family": good[0].family,
        "hosts": [],
        "status": "unverified",
    }
    if re.fullmatch(r"[0-9]{10}|bm[0-9]{8}", code):
        values["site_code"] = code
    return "\n".join(["[[portal]]", *(f"{key} = {_toml(value)}" for key, value in values.items())])


def _toml(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _id(home: str) -> str:
    """www.jian.gov.cn -> jian; fgw.suqian.gov.cn -> fgw-suqian."""
    host = re.sub(r"^www\.|\.gov\.cn$|\.cn$|\.com$", "", urlsplit(home).hostname or "")
    return re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-") or "portal"
