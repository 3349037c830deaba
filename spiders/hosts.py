"""How each host stands with us during one crawl: open, pausing, put off, or blocked."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from .outcomes import HostBlocked, Postponed

ERRORS_IN_A_ROW = 3


@dataclass(slots=True)
class Hosts:
    """By host name. What stands here lasts until the process ends."""

    blocked: dict[str, str] = field(default_factory=dict)
    deferred: dict[str, str] = field(default_factory=dict)
    _pauses: dict[str, float] = field(default_factory=dict)
    _errors: dict[str, int] = field(default_factory=dict)
    _turns: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def turn(self, host: str) -> None:
        """Waits until every earlier answer of `host` is judged."""
        await self._turns.setdefault(host, asyncio.Lock()).acquire()

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

    def error(self, host: str, reason: str) -> None:
        """Counts towards leaving a host that does not answer."""
        self._errors[host] = self._errors.get(host, 0) + 1
        if self._errors[host] >= ERRORS_IN_A_ROW:
            self.defer(host, f"{ERRORS_IN_A_ROW} errors in a row, the last: {reason}")

    def answer(self, host: str) -> None:
        self._errors.pop(host, None)
