"""After the last page: did every column give what its pager promised? Read from the archive, so
that a killed crawl is judged as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from archive.frontier import Task
from parsers.model import RENDER

from .endings import other_base
from .landing import again
from .pagers import MAX_PAGES
from .reading import Column, column_of
from .session import Session
from .shells import BARE, MORE, NOTE
from .tally import PortalTally

Pages = Mapping[Task, Column]
MOST_OTHERS = 200  # titles kept of one portal


def audit(session: Session) -> None:
    """Fills in what a portal lists and promises, and notes every column that falls short; of a
    portal that was not visited it says only why."""
    tasks = sorted(session.frontier.listings(session.cycle), key=_place)
    left = {
        portal
        for portal, states in session.frontier.counts_by_portal(session.cycle).items()
        if states.get("waiting") or states.get("leased")
    }
    for portal in sorted(left & session.postponed.keys()):
        session.tallies[portal].notes.append(f"left for later: {session.postponed[portal]}")
    for portal, of_portal in groupby(tasks, key=lambda task: task.portal):
        if portal in left and session.tallies[portal].untouched:
            continue
        pages = [task for task in of_portal if (task.page or 0) > 0]
        columns = [task for task in pages if task.kind == "listing"]
        tally = session.tallies[portal]
        tally.listed += len(pages) - len(columns)
        tally.reports += len(pages) - len(columns)
        if not pages:
            tally.notes.append("no column of annual reports was found")
        above = {task.found_on for task in pages if task.depth}
        seen: set[str] = set()
        empty = [
            url
            for url, pages in groupby(columns, key=column_of)
            if not _column(session, tally, url, list(pages), seen) and url not in above
        ]
        entries = {task.url for task in columns if not task.found_on}
        read = {column_of(task) for task in columns if task.state == "done"}
        told = [url for url in empty if url in read and (url in entries or not tally.reports)]
        tally.notes += [f"{url}: lists no annual report" for url in told]


def _place(task: Task) -> tuple[str, str, int, int]:
    return task.portal, column_of(task), task.page or 0, task.id


def _column(
    session: Session, tally: PortalTally, url: str, tasks: Sequence[Task], seen: set[str]
) -> int:
    """How many reports it lists; a candidate or a year without any is no fault by itself. `seen`
    are the rows of columns before it: a row that two columns show counts once."""
    read_pages = {task: page for task in tasks if (page := _again(session, task))}
    rows = {row.url: row for page in read_pages.values() for row in page.listing.rows}
    wanted = {row.url for page in read_pages.values() for row in filter(page.wants, rows.values())}
    others = [row.title for row in rows.values() if row.url not in wanted]
    tally.listed += len(rows.keys() - seen)
    tally.reports += len(wanted - seen)
    seen.update(rows)
    for title in others[: MOST_OTHERS - len(tally.others)]:
        tally.others[title] = tally.others.get(title, 0) + 1
    promised = max((page.listing.turn.promised or 0 for page in read_pages.values()), default=0)
    if promised:
        tally.promised = (tally.promised or 0) + promised
    tally.notes += [f"{url}: {fault}" for fault in _faults(tasks, read_pages, len(rows), promised)]
    return len(wanted)


def _again(session: Session, task: Task) -> Column | None:
    return again(session.store, session.portals[task.portal], task)


def _faults(tasks: Sequence[Task], pages: Pages, listed: int, promised: int) -> list[str]:
    """The three checks of every pager, and the pages that did not come."""
    missing = [task for task in tasks if task not in pages and not _has_twin(task, pages)]
    faults = [f"page {task.page} was not read" for task in missing]
    faults += _undrawn(tasks, pages)
    if listed < promised:
        faults.append(f"{listed} rows listed, {promised} promised")
    firsts = (_first(page) for task, page in pages.items() if task.page == 1)
    first = next(filter(None, firsts), "")
    fewest = min((len(page.listing.rows) for page in pages.values()), default=0)
    for task, page in pages.items():
        turn = page.listing.turn
        if turn.echo not in (None, task.page) and not _is_complete(pages):
            faults.append(f"page {task.page} calls itself {turn.echo}")
        grown = task.method == RENDER and len(page.listing.rows) > fewest
        if (task.page or 1) > 1 and first and _first(page) == first and not grown:
            faults.append(f"page {task.page} repeats page 1")
        if (turn.pages or 0) > MAX_PAGES and task.page == 1:
            faults.append(f"{turn.pages} pages promised, {MAX_PAGES} are the bound")
    return faults


def _is_complete(pages: Pages) -> bool:
    """Whether the pages that came are all there, whatever number each was asked for by."""
    return {page.listing.turn.echo for page in pages.values()} == {task.page for task in pages}


def _has_twin(task: Task, pages: Pages) -> bool:
    """Whether the page that stands under the other number was read in its place."""
    other = other_base(task) if task.state == "refused" else None
    return other is not None and any(one.url == other.url for one in pages)


def _undrawn(tasks: Sequence[Task], pages: Pages) -> list[str]:
    """What a list that waits for a script comes to; one that a browser drew is as good as any."""
    waits = [page for task, page in pages.items() if page.scripted and task.method != RENDER]
    answered = any(page.listing.rows for page in pages.values())
    if all(page.listing.turn.guess and answered for page in waits):
        return []
    if not any(task.method == RENDER for task in tasks):
        return [MORE if any(page.listing.rows for page in waits) else NOTE]
    drawn = (page for task, page in pages.items() if task.method == RENDER)
    return [] if any(page.listing.rows or page.inner for page in drawn) else [BARE]


def _first(page: Column) -> str:
    return page.listing.rows[0].url if page.listing.rows else ""
