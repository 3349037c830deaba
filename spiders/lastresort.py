"""When nothing is left to ask and a portal has shown no column: the home page, the site map."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from archive.frontier import Task

from . import discover
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


def _resort(session: Session, portal: str, tasks: Iterable[Task]) -> list[Task]:
    home = session.portals[portal].home
    entries = [task for task in tasks if not task.found_on]
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


def _portal(task: Task) -> str:
    return task.portal


def _has_column(tasks: Iterable[Task]) -> bool:
    return any((task.page or 0) > 0 and task.state == "done" for task in tasks)
