"""When to try again: by the frontier's clock, so that a wait survives a crash."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parsedate_to_datetime

from parsers.model import Outcome

_STATUSES = frozenset({408, 500, 502, 504, 522, 524})
_BUSY = frozenset({429, 503})
_OUTCOMES: frozenset[Outcome] = frozenset({"timeout", "connection", "truncated", "dns", "tls"})
BUSY_WAIT = 300.0
LONGEST_WAIT = 7 * 86_400.0


def is_busy(status: int | None) -> bool:
    """The host asks for a pause; every request to it waits, not only this one."""
    return status in _BUSY


def again(
    outcome: Outcome, status: int | None, attempts: int, backoff: Sequence[float]
) -> float | None:
    """Seconds until the next try after `attempts` failures; None is never.

    A cut body is worth one more try only. Challenges and other statuses are answers.
    """
    tries = 1 if outcome == "truncated" else len(backoff)
    passing = outcome in _OUTCOMES or (outcome == "http-error" and status in _STATUSES | _BUSY)
    return backoff[attempts] if passing and attempts < tries else None


def retry_after(value: str, now: float) -> float:
    """Seconds that a Retry-After header asks for, or the default when it is unreadable."""
    text = value.strip()
    if text.isascii() and text.isdecimal():
        return min(float(text[:12]), LONGEST_WAIT)
    try:
        wanted = parsedate_to_datetime(text).timestamp() - now
    except (TypeError, ValueError, OverflowError):
        return BUSY_WAIT
    return min(max(wanted, 0.0), LONGEST_WAIT)
