"""What is still to be fetched, kept beside the captures so that a kill loses and repeats nothing.

A *round* is one visit of one portal, from its entry pages to its last report. A *cycle* is what
one command works on: one round for each of its portals. A round that a killed or stopped command
left open is adopted by the next cycle that names its portal, so `crawl jian` after a killed
`crawl` goes on where that left 吉安, and a later `crawl` goes on with the other portals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from archive.capture import CaptureStore, now
from archive.sqlite import plain_errors, sqlite3
from archive.stored import storable
from parsers.errors import ArchiveError

TaskKind = Literal["listing", "report", "attachment"]
TaskState = Literal["waiting", "leased", "done", "failed", "refused"]

STATES: tuple[TaskState, ...] = ("waiting", "leased", "done", "failed", "refused")
# Past this age the lists that an open round has read say nothing about today: it is given up,
# and a new round finds the same reports again.
ROUND_LIFE = timedelta(days=30)
# Within a round: listings, then reports from the newest year down, then attachments likewise.
RANKS = {"listing": 0, "report": 10_000, "attachment": 20_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One request to make. `put` and `expand` ignore what the frontier itself sets (last line)."""

    url: str
    portal: str
    kind: TaskKind
    method: str = "GET"
    request_body: bytes = b""
    found_on: str = ""
    link_text: str = ""
    year: int | None = None
    agency: str = ""
    page: int | None = None  # of the listing, as its pager counts
    note: str = ""  # whatever a pager wants back with the task
    fetch: str = ""  # the address to ask for, where `url` is it without its session id
    depth: int = 0  # columns above this one
    id: int = 0
    cycle: int = 0
    state: TaskState = "waiting"
    attempts: int = 0  # failures so far

    @property
    def address(self) -> str:
        """What goes over the wire."""
        return self.fetch or self.url


COLUMNS = tuple(field.name for field in fields(Task) if field.name not in ("portal", "cycle", "id"))
GIVEN = tuple(name for name in COLUMNS if name not in ("state", "attempts"))
INSERT = (
    f"INSERT INTO frontier (round, rank, state, attempts, reason, {', '.join(GIVEN)}) "
    f"VALUES (?, ?, 'waiting', 0, '', {', '.join('?' * len(GIVEN))}) "
    "ON CONFLICT (round, method, url, request_body) DO NOTHING"
)
DUE = "state = 'waiting' AND (retry_at IS NULL OR retry_at <= :now)"
OF_CYCLE = "round IN (SELECT id FROM rounds WHERE cycle = :cycle)"


class Frontier:
    """The queue of one open CaptureStore; every method is one transaction."""

    def __init__(self, store: CaptureStore) -> None:
        self._store = store

    def start_cycle(self, portals: Sequence[str]) -> int:
        """The cycle for exactly these portals that is still open, else a new one.

        Leases on these portals return to waiting: the lock on the file proves that whoever held
        them is dead.
        """
        wanted = sorted(set(portals))
        with self._store.transaction() as connection:
            _give_up_old(connection, wanted)
            opened = _open_rounds(connection, wanted)
            cycle = _same_cycle(connection, wanted, opened) or _new_cycle(connection)
            for portal in wanted:
                if portal in opened:
                    _adopt(connection, opened[portal], cycle)
                else:
                    _open_round(connection, portal, cycle)
            _close_empty_cycles(connection)
        return cycle

    def put(self, tasks: Iterable[Task], cycle: int) -> int:
        """How many were new: a request stands once in a round, whatever became of it."""
        with self._store.flowing() as connection:
            return _insert(connection, tasks, cycle)

    def lease(self, cycle: int, *, limit: int, portal: str | None = None) -> list[Task]:
        """Up to `limit` due tasks: listings, then reports from the newest year down.

        Portals share the batch, those with the fewest tasks in hand first; a host takes one
        request at a time, and a batch of one portal would leave the others idle.
        """
        tasks: list[Task] = []
        with self._store.flowing() as connection:
            while rounds := _rounds_by_need(connection, cycle, portal)[: limit - len(tasks)]:
                share = -(-(limit - len(tasks)) // len(rounds))
                for key in rounds:
                    due = _due(connection, key, min(share, limit - len(tasks)))
                    tasks += [_leased(connection, found) for found in due]
        return sorted(tasks, key=_order)

    def listings(self, cycle: int) -> list[Task]:
        """Every list page of the cycle, whatever became of it, in the order of discovery; also
        those that proved to be reports themselves."""
        names = ", ".join(COLUMNS)
        sql = (
            f"SELECT frontier.id, portal, cycle, {names} FROM frontier "
            "JOIN rounds ON rounds.id = round WHERE cycle = ? "
            "AND (kind = 'listing' OR kind = 'report' AND page IS NOT NULL) ORDER BY frontier.id"
        )
        with plain_errors(self._store.path):
            rows = self._store.db.conn.execute(sql, (cycle,)).fetchall()
        return [_task(row) for row in rows]

    def expand(self, task: Task, children: Iterable[Task]) -> int:
        """Closes a listing together with its children: a kill costs one fetch, never a child."""
        with self._store.flowing() as connection:
            added = _insert(connection, children, task.cycle)
            place = (task.page, task.id)  # a page on the way may have turned out to be a column
            connection.execute("UPDATE frontier SET page = ? WHERE id = ?", place)
            _set_state(connection, task, "done", None, "")
        return added

    def recast(self, task: Task) -> None:
        """A listing that proved to be a report itself waits again, to be asked for as one."""
        changed = (task.kind, _rank(task), task.year, storable(task.agency), task.page, task.id)
        with self._store.flowing() as connection:
            connection.execute(
                "UPDATE frontier SET kind = ?, rank = ?, year = ?, agency = ?, page = ?, "
                "state = 'waiting', retry_at = NULL, attempts = 0 WHERE id = ?",
                changed,
            )

    def fail(
        self,
        task: Task,
        state: Literal["failed", "refused"],
        *,
        retry_at: str | None = None,
        reason: str = "",
    ) -> None:
        """Closes a task without an answer, or lets it wait until `retry_at` (`now()`'s form)."""
        with self._store.flowing() as connection:
            _set_state(connection, task, "waiting" if retry_at else state, retry_at, reason)

    def release(self, cycle: int) -> int:
        """Gives back every lease of a crawl that stops before its end."""
        with self._store.transaction() as connection:
            cursor = connection.execute(
                f"UPDATE frontier SET state = 'waiting' WHERE state = 'leased' AND {OF_CYCLE}",
                {"cycle": cycle},
            )
        return cursor.rowcount

    def finish_cycle(self, cycle: int) -> int:
        """Ends the rounds with nothing left; tasks that still wait stay for the next command.

        Returns how many those are: 0 means that the whole cycle is over.
        """
        self.release(cycle)
        with self._store.transaction() as connection:
            connection.execute(
                "UPDATE rounds SET finished = ? WHERE cycle = ? AND finished IS NULL AND NOT "
                "EXISTS (SELECT 1 FROM frontier WHERE round = rounds.id AND state = 'waiting')",
                (now(), cycle),
            )
            _close_empty_cycles(connection)
        return self.waiting(cycle)

    def waiting(self, cycle: int) -> int:
        """Tasks still to be fetched, due or not."""
        return self.counts(cycle)["waiting"]

    def next_due(self, cycle: int) -> str | None:
        """When the next waiting task may be fetched; "" is at once, None is never."""
        sql = (
            "SELECT min(coalesce(retry_at, '')) FROM frontier "
            f"WHERE state = 'waiting' AND {OF_CYCLE}"
        )
        with plain_errors(self._store.path):
            row = self._store.db.conn.execute(sql, {"cycle": cycle}).fetchone()
        return None if row[0] is None else str(row[0])

    def counts(self, cycle: int) -> dict[str, int]:
        """Tasks by state, every state named."""
        total = dict.fromkeys(STATES, 0)
        for states in self.counts_by_portal(cycle).values():
            for state, number in states.items():
                total[state] += number
        return {str(state): number for state, number in total.items()}

    def counts_by_portal(self, cycle: int) -> dict[str, dict[TaskState, int]]:
        """Tasks by portal and state; states that do not occur are left out."""
        sql = (
            "SELECT portal, state, count(*) FROM frontier JOIN rounds ON rounds.id = round "
            "WHERE cycle = ? GROUP BY portal, state"
        )
        found: dict[str, dict[TaskState, int]] = {}
        with plain_errors(self._store.path):
            for portal, state, number in self._store.db.conn.execute(sql, (cycle,)):
                found.setdefault(portal, {})[state] = number
        return found


def _order(task: Task) -> tuple[int, int]:
    return _rank(task), task.id


def _rank(task: Task) -> int:
    """Of listings, columns come before the pages that may lead to one."""
    if task.kind == "listing":
        page = task.page or 0
        return 0 if page > 0 else 1 - page
    return RANKS[task.kind] + 9_999 - min(max(task.year or 0, 0), 9_999)


def _insert(connection: sqlite3.Connection, tasks: Iterable[Task], cycle: int) -> int:
    rounds = dict(
        connection.execute(
            "SELECT portal, id FROM rounds WHERE cycle = ? AND finished IS NULL", (cycle,)
        ).fetchall()
    )
    before = connection.total_changes
    connection.executemany(INSERT, _rows(tasks, rounds, cycle))
    return connection.total_changes - before


def _rows(
    tasks: Iterable[Task], rounds: dict[str, int], cycle: int
) -> Iterator[tuple[object, ...]]:
    for task in tasks:
        if task.portal not in rounds:
            raise ArchiveError(f"portal {task.portal!r} is not part of cycle {cycle}")
        values = (getattr(task, name) for name in GIVEN)
        texts = (storable(value) if isinstance(value, str) else value for value in values)
        yield rounds[task.portal], _rank(task), *texts


def _rounds_by_need(connection: sqlite3.Connection, cycle: int, portal: str | None) -> list[int]:
    sql = f"""
        SELECT id FROM rounds WHERE cycle = :cycle AND finished IS NULL
            AND portal = coalesce(:portal, portal)
            AND EXISTS (SELECT 1 FROM frontier WHERE round = rounds.id AND {DUE})
        ORDER BY (SELECT count(*) FROM frontier WHERE round = rounds.id AND state = 'leased'), id
    """
    rows = connection.execute(sql, {"cycle": cycle, "portal": portal, "now": now()})
    return [row[0] for row in rows.fetchall()]


def _due(connection: sqlite3.Connection, key: int, limit: int) -> list[int]:
    sql = f"SELECT id FROM frontier WHERE round = :key AND {DUE} ORDER BY rank, id LIMIT :limit"
    rows = connection.execute(sql, {"key": key, "limit": limit, "now": now()})
    return [row[0] for row in rows.fetchall()]


def _leased(connection: sqlite3.Connection, key: int) -> Task:
    connection.execute("UPDATE frontier SET state = 'leased', retry_at = NULL WHERE id = ?", (key,))
    names = ", ".join(COLUMNS)
    row = connection.execute(
        f"SELECT frontier.id, portal, cycle, {names} FROM frontier "
        "JOIN rounds ON rounds.id = round WHERE frontier.id = ?",
        (key,),
    ).fetchone()
    return _task(row)


def _task(row: Sequence[Any]) -> Task:
    return Task(**dict(zip(("id", "portal", "cycle", *COLUMNS), row, strict=True)))


def _set_state(
    connection: sqlite3.Connection, task: Task, state: TaskState, retry_at: str | None, reason: str
) -> None:
    cursor = connection.execute(
        "UPDATE frontier SET state = ?, retry_at = ?, reason = ?, attempts = attempts + ? "
        "WHERE id = ?",
        (state, retry_at, storable(reason), int(state != "done"), task.id),
    )
    if not cursor.rowcount:
        raise ArchiveError(f"there is no task {task.id}")


def _open_rounds(connection: sqlite3.Connection, portals: Sequence[str]) -> dict[str, int]:
    rows = connection.execute("SELECT portal, id FROM rounds WHERE finished IS NULL").fetchall()
    return {portal: key for portal, key in rows if portal in set(portals)}


def _same_cycle(
    connection: sqlite3.Connection, portals: Sequence[str], opened: dict[str, int]
) -> int | None:
    """Only when the cycle is theirs alone; otherwise its counts would mix in other portals."""
    if sorted(opened) != sorted(portals):
        return None
    sql = "SELECT id FROM cycles WHERE finished IS NULL ORDER BY id DESC"
    for (cycle,) in connection.execute(sql).fetchall():
        rows = connection.execute("SELECT id FROM rounds WHERE cycle = ?", (cycle,)).fetchall()
        if {row[0] for row in rows} == set(opened.values()):
            return int(cycle)
    return None


def _new_cycle(connection: sqlite3.Connection) -> int:
    cursor = connection.execute("INSERT INTO cycles (started) VALUES (?)", (now(),))
    return int(cursor.lastrowid or 0)


def _adopt(connection: sqlite3.Connection, key: int, cycle: int) -> None:
    connection.execute("UPDATE rounds SET cycle = ? WHERE id = ?", (cycle, key))
    connection.execute(
        "UPDATE frontier SET state = 'waiting' WHERE round = ? AND state = 'leased'", (key,)
    )


def _open_round(connection: sqlite3.Connection, portal: str, cycle: int) -> None:
    """Tasks of the round before the last are dropped: the captures are what must last."""
    connection.execute(
        "DELETE FROM frontier WHERE round IN (SELECT id FROM rounds WHERE portal = ? "
        "ORDER BY id DESC LIMIT -1 OFFSET 1)",
        (portal,),
    )
    connection.execute(
        "INSERT INTO rounds (cycle, portal, started) VALUES (?, ?, ?)", (cycle, portal, now())
    )


def _give_up_old(connection: sqlite3.Connection, portals: Sequence[str]) -> None:
    oldest = (datetime.now(UTC) - ROUND_LIFE).isoformat(timespec="milliseconds")
    connection.executemany(
        "UPDATE rounds SET finished = ? WHERE finished IS NULL AND portal = ? AND started < ?",
        [(now(), portal, oldest) for portal in portals],
    )


def _close_empty_cycles(connection: sqlite3.Connection) -> None:
    connection.execute(
        "UPDATE cycles SET finished = ? WHERE finished IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM rounds WHERE cycle = cycles.id AND finished IS NULL)",
        (now(),),
    )
