"""Politeness as the served host sees it: who came when, how many at once, where they should not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock
from time import monotonic

from .column import Host

# Threads and timers are not exact: only a gap clearly too short is held against a crawler.
TOLERANCE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One line of a host's log; `at` in seconds since the host was opened."""

    portal: str
    at: float
    connection: int
    method: str
    target: str
    conditional: bool
    agent: str
    status: int
    sent: int  # body bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one host has to say about its visitors; `gaps` lie between starts of requests.

    `most_connections` counts closed ones until their end is seen: more than one is no violation.
    """

    portal: str
    requests: int
    most_at_once: int
    most_connections: int
    gaps: tuple[float, ...]
    trespasses: tuple[str, ...]
    violations: tuple[str, ...]

    @property
    def polite(self) -> bool:
        return not self.violations


class Judge:
    """The log of one host; every method may be called from any thread."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._lock = Lock()
        self._serial = self._connections = 0
        self._waiting: dict[int, Callable[[], bool]] = {}
        self.clear()

    def clear(self) -> None:
        """Forget all visits, as for the next crawl."""
        with self._lock:
            self._opened = monotonic()
            self._log: list[Request] = []
            self._visits: Counter[str] = Counter()
            self._starts: list[tuple[float, str]] = []
            self._most, self._most_connections = self._at_once(), self._connections

    def connected(self) -> int:
        """A connection was opened; its number."""
        with self._lock:
            self._serial += 1
            self._connections += 1
            self._most_connections = max(self._most_connections, self._connections)
            return self._serial

    def disconnected(self) -> None:
        with self._lock:
            self._connections -= 1

    def begun(
        self, connection: int, target: str, on_the_line: Callable[[], bool]
    ) -> tuple[float, int]:
        """A request came in: its time and how often its target was asked for by now. Who has
        hung up waits no more, even before the thread that serves him has noticed."""
        with self._lock:
            at = monotonic() - self._opened
            self._starts.append((at, target))
            self._visits[target] += 1
            self._waiting[connection] = on_the_line
            self._most = max(self._most, self._at_once())
            return at, self._visits[target]

    def ended(self, request: Request) -> None:
        with self._lock:
            del self._waiting[request.connection]
            self._log.append(request)

    def _at_once(self) -> int:
        return sum(there() for there in self._waiting.values())

    def requests(self) -> tuple[Request, ...]:
        with self._lock:
            return tuple(sorted(self._log, key=lambda request: request.at))

    def judgement(self) -> Judgement:
        with self._lock:
            starts, most, connections = list(self._starts), self._most, self._most_connections
        gaps = tuple(later[0] - earlier[0] for earlier, later in pairwise(starts))
        trespasses = tuple(
            target for _, target in starts if target.startswith(self.host.disallow or ("\0",))
        )
        return Judgement(
            portal=self.host.id,
            requests=len(starts),
            most_at_once=most,
            most_connections=connections,
            gaps=gaps,
            trespasses=trespasses,
            violations=self._violations(starts, most, trespasses),
        )

    def _violations(
        self, starts: list[tuple[float, str]], most: int, trespasses: tuple[str, ...]
    ) -> tuple[str, ...]:
        found = [f"{target} is disallowed by robots.txt" for target in trespasses]
        if most > 1:
            found.append(f"{most} requests at once")
        least = self.host.crawl_delay * TOLERANCE
        for (before, first), (after, second) in pairwise(starts):
            if first != "/robots.txt" and after - before < least:  # unknown until it is read
                found.append(f"{second} only {after - before:.3f} s after {first}")
        return tuple(found)
