"""The tasks in hand: leased from the frontier in batches, never the whole frontier at once."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from archive.frontier import Task

from .session import Session

BATCH = 400


class Queue:
    """A task is in hand from its lease until it is settled; a killed process settles nothing."""

    def __init__(self, session: Session, batch: int = BATCH) -> None:
        self._session = session
        self._batch = batch
        self._open: set[int] = set()
        self._parked: list[tuple[float, Task]] = []
        self._taken: Counter[str] = Counter()

    @property
    def low(self) -> bool:
        return len(self._open) <= self._batch // 2

    def take(self) -> list[Task]:
        """What may be asked for now, up to a batch; tasks that waited for their host first."""
        tasks = self._unpark()
        while len(self._open) < self._batch:
            room = self._batch - len(self._open)
            leased = self._session.frontier.lease(self._session.cycle, limit=room)
            wanted = [task for task in leased if self._within_limit(task)]
            self._open.update(task.id for task in wanted)
            tasks += wanted
            if not leased:
                break
        return tasks

    def settle(self, task: Task) -> None:
        self._open.discard(task.id)

    def park(self, task: Task, until: float | None) -> None:
        """Keeps the lease; without `until` the task goes back when the crawl ends."""
        self._open.discard(task.id)
        if until is not None:
            self._parked.append((until, task))

    def soonest(self) -> float | None:
        """When something will be due again, in seconds since the epoch; None is never."""
        moments = [until for until, _ in self._parked]
        due = self._session.frontier.next_due(self._session.cycle)
        if due:
            moments.append(datetime.fromisoformat(due).timestamp())
        return min(moments, default=None)

    def _unpark(self) -> list[Task]:
        now = time.time()
        ready = [task for until, task in self._parked if until <= now]
        self._parked = [(until, task) for until, task in self._parked if until > now]
        self._open.update(task.id for task in ready)
        return ready

    def _within_limit(self, task: Task) -> bool:
        """Reports beyond the limit stay leased, hence untouched, and wait for the next command."""
        if task.kind != "report" or self._session.limit is None:
            return True
        self._taken[task.portal] += 1
        return self._taken[task.portal] <= self._session.limit


def moment(seconds: float) -> str:
    """So many seconds from now, as the frontier writes time."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
