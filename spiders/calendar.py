"""When a portal is due again: the dates of the law, and what its last visits brought."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from archive.law import GOVERNMENTS
from archive.visits import Visit, VisitState

from .pace import CHINA
from .registry import Portal

# 条例 art. 49: departments by 31 January, governments by 31 March; columns move around both.
SEASON = (date(2000, 1, 15), date(2000, 4, 15))
WEEK, MONTH, LONGEST = 7.0, 30.0, 60.0
FASTER, SLOWER = 0.8, 1.5
# Days after the first such visit; each further one in a row doubles it, up to the second number.
COOLING: dict[VisitState, tuple[float, float]] = {
    "blocked": (7, 90),
    "unreachable": (1, 30),
    "refused": (30, 90),
    "empty": (7, 30),
    "partial": (1, 7),
}


def next_visit(
    portal: Portal,
    state: VisitState,
    *,
    changed: bool,
    reason: str,
    now: datetime,
    before: Visit | None = None,
) -> Visit:
    """The row for this visit, with the time of the next one."""
    streak = before.streak + 1 if before and before.state == state else 1
    days = _days(state, changed, now, before, streak)
    due = min([now + timedelta(days=days), *_landmarks(portal.level, now, state)])
    return Visit(
        portal=portal.id,
        visited_at=stamp(now),
        changed_at=stamp(now) if changed else before.changed_at if before else None,
        state=state,
        streak=streak,
        days=days,
        due_at=stamp(due),
        reason=reason,
    )


def in_season(day: date) -> bool:
    """Whether reports are being published: 15 January to 15 April."""
    return SEASON[0] <= day.replace(year=2000) <= SEASON[1]


def _days(
    state: VisitState, changed: bool, now: datetime, before: Visit | None, streak: int
) -> float:
    if state in COOLING:
        first, most = COOLING[state]
        return float(min(first * 2 ** min(streak - 1, 10), most))
    season = in_season(now.astimezone(CHINA).date())
    last = before.days if before and before.state == "ok" else WEEK if season else MONTH
    wanted = last * (FASTER if changed else SLOWER) if before else last
    return min(max(wanted, WEEK), WEEK if season else LONGEST)


def _landmarks(level: str, now: datetime, state: VisitState) -> list[datetime]:
    """Days on which a healthy portal is looked at whatever its rhythm: the opening of the
    season, and the morning after its deadline, so that a late report is known to be late."""
    if state != "ok":
        return []
    here = now.astimezone(CHINA)
    deadline = (4, 1) if level in GOVERNMENTS or level == "central" else (2, 1)
    days = [
        datetime(year, month, day, 1, tzinfo=CHINA)
        for year in (here.year, here.year + 1)
        for month, day in ((1, 15), deadline)
    ]
    return [day for day in days if day > here]


def stamp(at: datetime) -> str:
    """As the archive writes time."""
    text = at.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
