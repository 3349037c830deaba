"""How each host stands with us during one crawl: open, pausing, put off, or blocked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

from .outcomes import HostBlocked, Postponed

ERRORS_IN_A_ROW = 3  # of different pages


@dataclass(slots=True)
class Turn:
    """A lock that goes to the most urgent of those who wait; among equals, to the first."""

    held: bool = False
    _waiting: list[tuple[int, int, asyncio.Future[None]]] = field(default_factory=list)
    _serial: Iterator[int] = field(default_factory=count)

    async def acquire(self, priority: int) -> None:
        if not self.held:
            self.held = True
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (-priority, next(self._serial), mine))
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self.release()
            raise

    def release(self) -> None:
        while self._waiting:
            _, _, waiting = heappop(self._waiting)
            if not waiting.done():
                waiting.set_result(None)
                return
        self.held = False


@dataclass(slots=True)
class Hosts:
    """By host name. What stands here lasts until the process ends."""

    blocked: dict[str, str] = field(default_factory=dict)
    deferred: dict[str, str] = field(default_factory=dict)
    _pauses: dict[str, float] = field(default_factory=dict)
    _errors: dict[str, set[str]] = field(default_factory=dict)
    _turns: dict[str, Turn] = field(default_factory=dict)

    async def turn(self, host: str, priority: int) -> None:
        """Waits until every earlier answer of `host` is judged, and nothing urgent waits."""
        await self._turns.setdefault(host, Turn()).acquire(priority)

    def release(self, host: str) -> None:
        self._turns[host].release()

    def check(self, host: str) -> None:
        """Raises when nothing may be sent to `host` now."""
        if host in self.blocked:
            raise HostBlocked(f"{host} is left alone: {self.blocked[host]}")
        if host in self.deferred:
            raise Postponed(f"{host} is left for another day: {self.deferred[host]}")
        until = self._pauses.get(host, 0.0)
        if until > time.time():
            raise Postponed(f"{host} asked for a pause", until)

    def block(self, host: str, reason: str) -> None:
        """A challenge: nothing more is asked of it, not even its robots.txt."""
        self.blocked.setdefault(host, reason)

    def defer(self, host: str, reason: str) -> None:
        self.deferred.setdefault(host, reason)

    def pause(self, host: str, seconds: float) -> None:
        self._pauses[host] = max(self._pauses.get(host, 0.0), time.time() + seconds)

    def error(self, host: str, url: str, reason: str) -> None:
        """Counts towards leaving a host that does not answer; one bad page is no bad host."""
        failed = self._errors.setdefault(host, set())
        failed.add(url)
        if len(failed) >= ERRORS_IN_A_ROW:
            self.defer(host, f"{ERRORS_IN_A_ROW} pages in a row failed, the last: {reason}")

    def answer(self, host: str) -> None:
        self._errors.pop(host, None)
