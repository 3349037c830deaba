"""How a task ends that did not bring its page: tried again, given up, refused."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace

from archive.frontier import Task
from parsers.model import Outcome

from .queue import moment
from .retry import again, is_busy, retry_after
from .session import Session

_GONE = (404, 410)
_LAST = re.compile(r"_\d+(\.s?html?)$")


def without_page(
    session: Session,
    task: Task,
    outcome: Outcome,
    reason: str,
    *,
    backoff: Sequence[float],
    status: int | None = None,
    wanted: str | None = None,
) -> None:
    """`wanted` is the Retry-After header of the answer, if it had one."""
    wait = again(outcome, status, task.attempts, backoff)
    told = f"{outcome}{f' {status}' if status else ''}{f': {reason}' if reason else ''}"
    if wait is None and status in _GONE and (other := other_base(task)):
        session.frontier.put([other], session.cycle)
        session.frontier.fail(task, "refused", reason=f"{told}; {other.url} is tried")
        return
    if wait is None:
        _give_up(session, task, outcome, told, status)
        return
    if is_busy(status):
        wait = max(wait, retry_after(wanted or "", time.time()))
    session.frontier.fail(task, "failed", retry_at=moment(wait), reason=told)


def other_base(task: Task) -> Task | None:
    """UCAP counts its static pages from 1, some of its sites from 0: page 2 is then `list_1`."""
    if task.note != "ucap" or task.method != "GET" or (task.page or 0) < 2:
        return None
    first = _LAST.sub(r"_1\1", task.url)
    return None if first == task.url else replace(task, url=first, fetch="")


def misnumbered(session: Session, task: Task, other: Task) -> None:
    """Page 1 came again: the page may stand under the number before it."""
    session.frontier.put([other], session.cycle)
    reason = f"page 1 came again; {other.url} is tried"
    session.frontier.fail(task, "refused", reason=reason)


def refused(session: Session, task: Task, outcome: str, reason: str) -> None:
    """Not asked for. A refused report is no fault of the crawl, a refused column is."""
    session.frontier.fail(task, "refused", reason=reason)
    session.tallies[task.portal].refused += 1
    _note_listing(session, task, outcome, reason)


def unreadable(session: Session, task: Task, reason: str) -> None:
    """It came, but it is not the list it should be."""
    session.frontier.fail(task, "failed", reason=reason)
    session.tallies[task.portal].failed += int(not _is_step(task))
    _note_listing(session, task, "failed", reason)


def _give_up(
    session: Session, task: Task, outcome: Outcome, reason: str, status: int | None
) -> None:
    session.frontier.fail(task, "failed", reason=reason)
    tally = session.tallies[task.portal]
    if outcome == "blocked":
        tally.blocked += 1
    elif not _is_step(task):
        tally.failed += 1
        tally.gone += int(status in _GONE)
    _note_listing(session, task, outcome, reason)


def _note_listing(session: Session, task: Task, outcome: str, reason: str) -> None:
    if task.kind == "listing" and not _is_step(task):
        if not task.found_on:
            session.tallies[task.portal].entry = outcome
        session.tallies[task.portal].notes.append(f"{task.url}: {reason}")


def _is_step(task: Task) -> bool:
    """A page tried on the way to a column: that it led nowhere is no fault of the crawl."""
    return task.kind == "listing" and bool(task.found_on) and (task.page or 0) < 1
