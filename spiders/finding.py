"""What a page that came leads to: nearer to the column, or to the documents of a report."""

from __future__ import annotations

from dataclasses import replace

from scrapy.http import Response

from archive.frontier import Task
from parsers.decode import decode
from parsers.errors import ReadError

from . import discover
from .attachments import PICTURE, attachments, parts, shown
from .links import Link
from .shells import is_scripted

HOPS = 3  # of pages that only send on by script
# Files, not pages: no links are looked for in them.
_FILES = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
)


def walk(task: Task, text: str, room: int) -> list[Task]:
    """From a page that is no column. Such a page has the number 0 at home, -1 a click away ...;
    `room` is how many more of them may be asked for."""
    columns = discover.columns(text, task.url)
    if columns:
        return [_listing(task, one.link, 1) for one in columns]
    page = (task.page or 0) - 1
    if -page >= discover.DEPTH or room < 1:
        return []
    found = [_listing(task, one.link, page) for one in discover.steps(text, task.url)]
    return found[:room]


def _listing(task: Task, link: Link, page: int) -> Task:
    return Task(
        url=link.url,
        portal=task.portal,
        kind="listing",
        found_on=task.url,
        link_text=link.text,
        page=page,
    )


def moved(task: Task, response: Response) -> Task:
    """A report's page that only sends its reader on by script: the page it sends to."""
    target = str(response.meta["moved_to"])
    return replace(task, url=target, fetch="", found_on=task.url, depth=task.depth + 1)


def is_shell(task: Task, response: Response) -> bool:
    """A report's page that shows nothing before its script has run."""
    if task.kind != "report" or not str(response.meta["error"]).startswith("empty"):
        return False
    try:
        return is_scripted(decode(response.body).text)
    except ReadError:
        return False


def attached(task: Task, response: Response) -> list[Task]:
    """The documents of a report page; a report that is a file itself has none."""
    if response.body.startswith(_FILES):
        return []
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    try:
        text = decode(response.body, content_type).text
    except ReadError:
        return []
    links = [*attachments(text, response.url), *parts(text, response.url)]
    return [
        *(_leaf(task, response.url, link) for link in links),
        *(_leaf(task, task.url, link, PICTURE) for link in _shown(text, response.url)),
    ]


def _shown(text: str, url: str) -> list[Link]:
    try:
        return shown(text, url)
    except ReadError:  # too large for a tree: its reading says so
        return []


def _leaf(task: Task, page: str, link: Link, note: str = "") -> Task:
    return Task(
        url=link.url,
        portal=task.portal,
        kind="attachment",
        found_on=page,
        link_text=link.text or task.link_text,
        year=task.year,
        agency=task.agency,
        note=note,
    )
