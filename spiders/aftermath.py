"""What a crawl came to, portal by portal: a class, its cure, and the next visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from archive.visits import Visit, VisitState

from .calendar import next_visit
from .hosts import Hosts
from .registry import Portal
from .tally import PortalTally

# Many portals out of reach at once: that is our own line, and says nothing about theirs.
OUR_FAULT = 0.5
SEVERAL = 5
# The last word on an entry page -> the class of a dead portal, and what a person does about it.
CURES: Mapping[str, str] = {
    "dns": "the name is gone: look for the new host, then set home, or status = closed",
    "connection": "refused: try a browser from the same network; status = unreachable if it lasts",
    "timeout": "no answer: often foreign addresses are dropped; crawl from inside, or unreachable",
    "tls": "no secure connection: where a certificate is refused, tls = unverified or an http home",
    "blocked": "a challenge: leave it alone; save pages by hand and gongkai import html",
    "robots": "robots.txt forbids the pages: do not crawl; import by hand",
    "off-portal": "it moved to another host: check who runs that, then add it to hosts",
    "http-error": "the column is gone: gongkai portals probe HOME, then set columns",
    "failed": "an error page, or the home page in place of the column: probe again",
    "no-column": "no column was found: look by hand, then set columns",
    "empty": "the column lists no report: it may have moved; probe again",
    "not-visited": "nothing was asked: the notes say why",
    "stale": "the newest year does not grow: the live column may be another one",
}


def judge(tally: PortalTally, portal: Portal, hosts: Hosts) -> tuple[VisitState, str]:
    """The state of a visit, and the class of what ails it ("" for a good one)."""
    if tally.untouched and not tally.reports:
        return "partial", "not-visited"
    names = portal.parties()
    if tally.shut or (not tally.reports and any(name in hosts.blocked for name in names)):
        return "blocked", "blocked"
    dead = next((hosts.deferred[name] for name in sorted(names) if name in hosts.deferred), "")
    if not tally.reports and (dead or tally.entry in ("dns", "connection", "timeout", "tls")):
        return "unreachable", tally.entry or "timeout"
    if not tally.reports and tally.refused:
        return "refused", "off-portal" if tally.entry == "off-portal" else "robots"
    if not tally.reports:
        return "empty", tally.entry or ("empty" if tally.listed else "no-column")
    return ("partial", tally.entry) if tally.partial or tally.waiting else ("ok", "")


def plan(
    portals: Mapping[str, Portal],
    tallies: Mapping[str, PortalTally],
    hosts: Hosts,
    before: Mapping[str, Visit],
    now: datetime,
) -> list[Visit]:
    """The visits to write down; none for portals that never had their turn."""
    judged = {
        name: judge(tally, portals[name], hosts)
        for name, tally in tallies.items()
        if not tally.untouched
    }
    lost = [name for name, (state, _) in judged.items() if state == "unreachable"]
    ours = len(lost) >= SEVERAL and len(lost) > OUR_FAULT * len(judged)
    return [
        next_visit(
            portals[name],
            state,
            changed=tallies[name].changed > 0,
            reason=why,
            now=now,
            before=before.get(name),
        )
        for name, (state, why) in judged.items()
        if not (ours and state == "unreachable")
    ]


def due(portals: Iterable[Portal], known: Mapping[str, Visit], now: str) -> tuple[Portal, ...]:
    """Those whose time has come, the longest overdue first; a new portal is overdue for ever."""
    waiting = [
        (known[portal.id].due_at if portal.id in known else "", number, portal)
        for number, portal in enumerate(portals)
        if portal.crawlable
    ]
    return tuple(portal for at, _, portal in sorted(waiting, key=_place) if at <= now)


def _place(row: tuple[str, int, Portal]) -> tuple[str, int]:
    return row[:2]
