"""What a home page leads to: a crawl of lists only, and the registry entry that follows from it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from archive.capture import CaptureStore
from archive.frontier import Frontier, Task
from parsers import regions
from parsers.errors import RegistryError
from parsers.model import RENDER
from parsers.titles import body_in

from . import discover, fields
from .crawl import run
from .landing import again, landed, text_of
from .links import Link
from .reading import Column, column_of
from .registry import Portal
from .subcolumns import DEEPEST
from .tally import ALL_BLOCKED, FINE, PARTIAL, PortalTally

ID = "probe"
_GOVERNMENT = "人民政府"


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
    inside: int  # reports that those list
    drawn: bool  # its list is there only once a script has run
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


def probe(url: str, data: Path, say: Callable[[str], None] = lambda line: None) -> Probe:
    """At most a handful of requests, kept in the archive of `data`."""
    try:
        home = fields.url(url if urlsplit(url).path else f"{url}/")
    except ValueError as error:
        raise RegistryError(f"URL {error}") from error
    portal = Portal(id=ID, name="", region="", level="county", agency="", home=home)
    say("asking, with a pause of some seconds before each page ...")
    done = run(data, portals=[portal], limit=0, reason="probe")
    tally = done.portals[ID]
    with CaptureStore.reader(data) as store:
        cycle = store.db.conn.execute("SELECT max(id) FROM cycles").fetchone()[0]
        tasks = Frontier(store).listings(cycle)
        return _told(store, portal, tasks, tally)


def _told(store: CaptureStore, portal: Portal, tasks: Sequence[Task], tally: PortalTally) -> Probe:
    found = sorted(_columns(store, portal, tasks), key=_worth, reverse=True)
    home = Task(url=portal.home, portal=ID, kind="listing")
    metas, title = _metas(text_of(store, landed(store, home)))
    site = metas.get("sitename") or title
    code = metas.get("siteidcode", "")
    region = regions.by_code(code[:6]) or regions.in_text(site, None)
    good = [column for column in found if column.reports or column.inner]
    return Probe(
        home=portal.home,
        site=site,
        site_code=code,
        region=region.code if region else "",
        walked=tuple(_step(task) for task in tasks if _is_step(task)),
        columns=tuple(found),
        notes=tuple(tally.notes),
        requests=tally.asked,
        entry=_entry(portal.home, site, code, region, good) if good else "",
        exit_code=ALL_BLOCKED if tally.blocked and not good else FINE if good else PARTIAL,
    )


def _columns(store: CaptureStore, portal: Portal, tasks: Sequence[Task]) -> list[FoundColumn]:
    above = {column_of(task): task.found_on for task in tasks if task.depth}
    found: dict[str, list[tuple[Task, Column]]] = {}
    inside: Counter[str] = Counter()
    single: list[Task] = []
    for task in tasks:
        if task.kind == "report":  # taken for a column, and a report itself
            inside[_top(task.url, above)] += bool(task.depth)
            single += [] if task.depth else [task]
            continue
        column = again(store, portal, task) if (task.page or 0) > 0 else None
        if column and task.depth:
            inside[_top(column_of(task), above)] += sum(map(column.wants, column.listing.rows))
        elif column:
            found.setdefault(column_of(task), []).append((task, column))
    lists = [_column(store, url, pages, inside[url]) for url, pages in found.items()]
    return [*lists, *(_report(task, inside[task.url]) for task in single)]


def _top(url: str, above: Mapping[str, str]) -> str:
    """The column that all columns above this one stand in."""
    for _ in range(DEEPEST + 1):
        url = above.get(url, url)
    return url


def _column(
    store: CaptureStore, url: str, pages: Sequence[tuple[Task, Column]], inside: int
) -> FoundColumn:
    """All pages of one column together: the first may hold a script and no rows."""
    task, column = pages[0]
    listed = {row.url: row for _, page in pages for row in page.listing.rows}
    rows = [row for row in listed.values() if column.wants(row)]
    promised = [page.listing.turn.promised or 0 for _, page in pages]
    clues = discover.clues(Link(url=url, text=task.link_text))
    clues = clues or discover.is_column(text_of(store, store.last_good(url)), url)
    return FoundColumn(
        url=url,
        name=column.name,
        points=sum(clue.points for clue in clues),
        why=tuple(map(str, clues)),
        family=column.family.name,
        rows=len(listed),
        reports=len(rows),
        years=tuple(sorted({row.year for row in rows if row.year})),
        inner=len(column.inner),
        inside=inside,
        drawn=column.scripted and not (column.listing.turn.guess and listed),
        promised=max(promised) or None,
    )


def _report(task: Task, inside: int) -> FoundColumn:
    """A link to a column that leads to a report, with those of other years beside it."""
    clues = discover.clues(Link(url=task.url, text=task.link_text))
    return FoundColumn(
        url=task.url, name=task.link_text, points=sum(clue.points for clue in clues),
        why=tuple(map(str, clues)), family="generic", rows=1, reports=1,
        years=(task.year,) if task.year else (), inner=0, inside=inside, drawn=False, promised=None,
    )  # fmt: skip


def _worth(column: FoundColumn) -> tuple[bool, int, int]:
    return bool(column.reports or column.inner), column.points, column.reports


def _step(task: Task) -> str:
    drawn = "(drawn by a browser)" if task.method == RENDER else ""
    return " ".join(filter(None, (task.url, task.link_text, drawn)))


def _is_step(task: Task) -> bool:
    return (task.page or 0) < 1 and task.state in ("done", "failed")


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
    body = site if regions.find(site.removesuffix(_GOVERNMENT)) or body_in(site) else ""
    name = region.name if region else body.removesuffix(_GOVERNMENT)
    columns = [column.url for column in good if column.reports or column.inner]
    values: dict[str, object] = {
        "id": _id(home),
        "name": name or site or "TODO",
        "region": region.code if region else "TODO",
        "level": str(region.level) if region else "TODO",
        "agency": (f"{name}{_GOVERNMENT}" if region else body) or "TODO",
        "home": f"{urlsplit(home).scheme}://{urlsplit(home).netloc}/",
        "columns": columns,
        "family": good[0].family,
        "hosts": [],
        "status": "unverified",
    }
    if re.fullmatch(r"[0-9]{10}|bm[0-9]{8}", code):
        values["site_code"] = code
    if any(column.drawn for column in good):
        values["note"] = "a script draws its list: needs the extra browser"
    return "\n".join(["[[portal]]", *(f"{key} = {_toml(value)}" for key, value in values.items())])


def _toml(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _id(home: str) -> str:
    """www.jian.gov.cn -> jian; fgw.suqian.gov.cn -> fgw-suqian."""
    host = re.sub(r"^www\.|\.gov\.cn$|\.cn$|\.com$", "", urlsplit(home).hostname or "")
    return re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-") or "portal"
