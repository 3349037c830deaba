"""How fast a host may be asked: the delay, its jitter, the budget of the day, the hours."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from .addresses import party
from .registry import MIN_DELAY, Portal

DEFAULT = 3.0
JITTER = 0.4  # upward only: 3.0 to 4.2 s
SLACK = 0.01  # clocks and timers are not exact; a floor is
CHINA = timezone(timedelta(hours=8))


@dataclass(slots=True, kw_only=True)
class Pace:
    """By party. `asked` and `kept` are floors in seconds: robots.txt's and ours."""

    delay: float | None = None  # for every portal, in place of its own
    daily: int | None = None  # requests a host and day, where the entry names no number
    asked: dict[str, float] = field(default_factory=dict)
    kept: dict[str, float] = field(default_factory=dict)
    spent: dict[str, int] = field(default_factory=dict)
    _ready: dict[str, float] = field(default_factory=dict)  # monotonic
    _killed: float | None = None  # when this process began, if the one before was killed

    def remember(self, visits: Mapping[str, tuple[int, str]], *, killed: bool) -> None:
        """What earlier processes asked in the last day. After a kill one more request may have
        gone out than the archive knows of: as if it had been sent right now."""
        now = datetime.now(UTC)
        for url, (number, last) in visits.items():
            host = party(url)
            ago = (now - datetime.fromisoformat(last)).total_seconds()
            self.spent[host] = self.spent.get(host, 0) + number
            at = time.monotonic() - max(ago, 0.0)
            self._ready[host] = max(at, self._ready.get(host, at))
        if killed:
            self._killed = time.monotonic()
            self._ready.clear()

    def floor(self, host: str, portal: Portal) -> float:
        """Portals may share a host: the slowest wish counts for all of them."""
        wanted = self.delay if self.delay is not None else portal.delay
        delay = DEFAULT if wanted is None else wanted
        if not portal.on_loopback:
            delay = max(delay, MIN_DELAY)
        self.kept[host] = max(delay, self.kept.get(host, 0.0))
        return max(self.kept[host], self.asked.get(host, 0.0))

    def wait(self, host: str, portal: Portal) -> float:
        """Seconds until the next request, counted from the end of the last answer."""
        floor = self.floor(host, portal)
        last = self._ready.get(host, self._killed)
        if last is None or not floor:
            return 0.0
        jitter = 0.0 if portal.on_loopback else random.uniform(0, JITTER)
        return last + floor * (1 + jitter) + SLACK - time.monotonic()

    def answered(self, host: str) -> None:
        self._ready[host] = time.monotonic()
        self.spent[host] = self.spent.get(host, 0) + 1

    def budget(self, host: str, portal: Portal) -> int | None:
        """Requests a day; loopback has no budget but that of its entry."""
        return portal.daily if portal.daily or portal.on_loopback else self.daily


def opens_in(hours: str, now: datetime) -> float:
    """Seconds until the window opens; 0 within it, or when there is none."""
    if not hours:
        return 0.0
    start, end = (int(part) % 24 for part in hours.split("-"))
    here = now.astimezone(CHINA)
    inside = start <= here.hour < end if start < end else not end <= here.hour < start
    if inside or start == end:
        return 0.0
    opening = here.replace(hour=start, minute=0, second=0, microsecond=0)
    return (opening - here).total_seconds() % 86_400
