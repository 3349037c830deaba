"""When nothing is left to ask and a portal has shown no column: the home page, the site map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from urllib.parse import urlsplit

from archive.frontier import Task

from . import discover
from .addresses import party
from .links import absolute
from .session import Session


def last_resorts(session: Session) -> list[Task]:
    """What is put on the frontier now; each portal gets each resort once a crawl."""
    lost = {name for name in session.portals if name not in session.settled}
    if not lost - session.resorted:
        return []
    listings = session.frontier.listings(session.cycle)
    found: list[Task] = []
    for portal, tasks in groupby(sorted(listings, key=_portal), key=_portal):
        if portal in lost - session.resorted:
            found += _resort(session, portal, list(tasks))
    session.frontier.put(found, session.cycle)
    return found


def _resort(session: Session, portal: str, tasks: Sequence[Task]) -> list[Task]:
    home = session.portals[portal].home
    entries = [task for task in tasks if not task.found_on]
    if swapped := _other_scheme(session, portal, entries):
        return swapped
    steps = [task for task in tasks if (task.page or 0) < 1]
    # Columns drift: within days of being noted, ten of sixteen were gone or had moved.
    if entries and not steps and all(task.state == "failed" for task in entries):
        return [Task(url=home, portal=portal, kind="listing", page=0)]
    if not any(task.state == "done" for task in steps) or _has_column(tasks):
        return []
    session.resorted.add(portal)
    url = absolute("/sitemap.xml", home)
    return [
        Task(
            url=url,
            portal=portal,
            kind="listing",
            found_on=home,
            link_text="sitemap.xml",
            page=1 - discover.DEPTH,
        )
    ]


def _other_scheme(session: Session, portal: str, entries: Sequence[Task]) -> list[Task]:
    """http where https gives no answer, and the other way round; tried once, and said."""
    lost = [task for task in entries if party(task.url) in session.unreached]
    lost = [task for task in lost if task.state != "done" and urlsplit(task.url).port is None]
    if not lost or len(lost) < len(entries) or len({task.url[:5] for task in entries}) > 1:
        return []
    tally = session.tallies[portal]
    for task in lost:
        other = _swapped(task.url)
        session.frontier.fail(task, "refused", reason=f"no answer, {other} is tried")
        tally.notes.append(f"{task.url}: no answer, tried {other}")
        tally.entry = "connection"
    return [replace(task, url=_swapped(task.url), fetch="") for task in lost]


def _swapped(url: str) -> str:
    scheme, rest = url.split(":", 1)
    return f"{'http' if scheme == 'https' else 'https'}:{rest}"


def _portal(task: Task) -> str:
    return task.portal


def _has_column(tasks: Sequence[Task]) -> bool:
    """A page that was read as one, or that proved to be a report itself."""
    pages = (task for task in tasks if (task.page or 0) > 0)
    return any(task.state == "done" or task.kind == "report" for task in pages)
