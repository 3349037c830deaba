"""A stored list page read again: by the spider as it comes, by the audit from the archive."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive.frontier import Task
from parsers.decode import decode
from parsers.listing import column_name
from parsers.model import RENDER, Candidate
from parsers.titles import Title

from .discover import is_annual, report_in
from .families import FAMILIES, Family, Listing, sniff
from .jumps import jumps
from .links import Link, absolute
from .pagers import PAGERS, Ask, Page
from .registry import Portal
from .shells import is_scripted
from .subcolumns import DEEPEST, subcolumns

_WANTED = ("report", "revised", "cover")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One page of a column, with what the next pages need to know of the first."""

    url: str
    name: str
    family: Family
    listing: Listing
    inner: tuple[tuple[Link, str], ...] = ()  # columns inside it, each with its body
    scripted: bool = False  # rows of it are there only once a script has run
    itself: Title | None = None  # of the report that stands here in place of a list

    def wants(self, row: Candidate) -> bool:
        """A bare 年报 is a report only where everything is one."""
        return row.kind in _WANTED or (row.kind == "weak" and is_annual(self.name))


def column_of(task: Task) -> str:
    """The entry page of the column that a list page belongs to."""
    return task.found_on if task.note else task.url


def read(
    portal: Portal, task: Task, body: bytes, content_type: str = "", *, at: str = ""
) -> Column:
    """ReadError or ValueError when the page is no list. `note` is the family of a first page;
    `at` is where a redirect led, which is what its addresses are relative to."""
    at = at or task.url
    text = decode(body, content_type).text
    chosen = task.note or ("" if portal.family == "auto" else portal.family)
    family = FAMILIES[chosen] if chosen in FAMILIES else sniff(text, at)
    name = task.link_text if task.note else column_name(text) or task.link_text
    page = Page(
        url=at,
        text=text,
        number=task.page or 1,
        method=task.method,
        body=task.request_body,
    )
    listing = family.read(page, name, PAGERS.get(portal.pager))
    rows = frozenset(absolute(row.url, at) for row in listing.rows)
    found = subcolumns(text, at, rows, portal.name) if _looks_inside(task) else []
    if not (listing.rows or listing.turn.asks or found) and _looks_inside(task):
        found = [(link, "") for link, _ in jumps(text, at)]
    own = tuple((link, body) for link, body in found if portal.owns(link.url))
    asked = listing.turn.asks and not listing.turn.guess
    bare = not (listing.rows or asked or own)
    return Column(
        url=column_of(task),
        name=name,
        family=family,
        listing=listing,
        inner=own,
        scripted=listing.turn.drawn or (bare and is_scripted(text)),
        itself=_itself(task, listing, text, name),
    )


def _itself(task: Task, listing: Listing, text: str, column: str) -> Title | None:
    """The year of a column may be a link to that year's report."""
    if task.method != "GET" or task.note or listing.turn.asks:
        return None
    return None if any(row.kind in _WANTED for row in listing.rows) else report_in(text, column)


def as_report(task: Task, title: Title, agency: str) -> Task:
    """What was asked for as a list, as the report that it is; it keeps its page number."""
    return replace(task, kind="report", year=title.year, agency=title.agency or agency)


def drawn(task: Task) -> Task:
    """The same page once more, as a browser draws it."""
    return replace(task, method=RENDER, request_body=b"")


def _looks_inside(task: Task) -> bool:
    return task.method != "POST" and not task.note and task.depth < DEEPEST


def children(task: Task, column: Column, agency: str) -> list[Task]:
    """The other pages of the column, and the reports of this one. A report is its title's."""
    pages = [_page(task, column, ask) for ask in column.listing.turn.asks]
    wanted = (row for row in column.listing.rows if column.wants(row))
    reports = (_report(task, row, agency) for row in wanted)
    inner = (_inner(task, column, link, body or agency) for link, body in column.inner)
    return [*pages, *inner, *(report for report in reports if report.url)]


def _inner(task: Task, column: Column, link: Link, agency: str) -> Task:
    return Task(
        url=link.url,
        portal=task.portal,
        kind="listing",
        found_on=column.url,
        link_text=link.text if is_annual(link.text) else f"{link.text}{column.name}",
        agency=agency,
        page=1,
        depth=task.depth + 1,
    )


def _page(task: Task, column: Column, ask: Ask) -> Task:
    return Task(
        url=absolute(ask.url, column.url),
        portal=task.portal,
        kind="listing",
        method=ask.method,
        request_body=ask.body,
        found_on=column.url,
        link_text=column.name,
        page=ask.number,
        note=column.family.name,
        agency=task.agency,
        depth=task.depth,
    )


def _report(task: Task, row: Candidate, agency: str) -> Task:
    return Task(
        url=absolute(row.url, task.url),
        portal=task.portal,
        kind="report",
        found_on=task.url,
        link_text=row.title,
        year=row.year,
        agency=row.agency or agency,
    )
