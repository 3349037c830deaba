"""The report of one crawl, for people (Markdown) and for programs (JSON), beside the archive."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.placing import write_text

from .aftermath import CURES, judge
from .session import Session
from .tally import CrawlSummary, PortalTally

FOLDER = "crawls"
MOST_NOTES = 20  # of one portal
COLUMNS = (
    "reports", "fetched", "new", "edited", "unchanged", "resting", "refused", "blocked", "failed",
)  # fmt: skip
MEANINGS = {
    0: "fine",
    5: "partial: something is left, or a pager promised more than it gave",
    6: "every portal is blocked",
    7: "the disk or the size limit",
}


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    state: str
    ailment: str

    @property
    def cure(self) -> str:
        return CURES.get(self.ailment, "")


def write(data: Path, session: Session, done: CrawlSummary) -> Path:
    """`crawls/crawl-000012.md` and `.json`; the newest also as `crawls/last.md` and `.json`."""
    lines = {
        name: _Line(session.portals[name].name, *judge(tally, session.portals[name], session.hosts))
        for name, tally in done.portals.items()
    }
    record = json.dumps(_record(session, done, lines), ensure_ascii=False, indent=1)
    texts = {"md": "\n".join(_markdown(done, lines, done.exit_code)), "json": record}
    folder = data / FOLDER
    for suffix, text in texts.items():
        for name in (f"crawl-{done.crawl:06d}", "last"):
            write_text(folder / f"{name}.{suffix}", text + "\n")
    return folder / f"crawl-{done.crawl:06d}.md"


def _record(session: Session, done: CrawlSummary, lines: Mapping[str, _Line]) -> dict[str, object]:
    return {
        "crawl": done.crawl,
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "reason": done.reason,
        "exit_code": done.exit_code,
        "meaning": MEANINGS.get(done.exit_code, ""),
        "totals": _totals(done.portals.values()),
        "hosts_blocked": dict(session.hosts.blocked),
        "hosts_deferred": dict(session.hosts.deferred),
        "portals": {
            name: {
                "name": lines[name].name,
                "state": lines[name].state,
                "class": lines[name].ailment,
                "cure": lines[name].cure,
                **tally.as_dict(),
            }
            for name, tally in done.portals.items()
        },
    }


def _totals(tallies: Iterable[PortalTally]) -> dict[str, int]:
    names = (*COLUMNS, "changed", "waiting", "asked", "wire")
    found = list(tallies)
    return {name: sum(getattr(tally, name) for tally in found) for name in names}


def _markdown(done: CrawlSummary, portals: Mapping[str, _Line], code: int) -> Iterator[str]:
    total = _totals(done.portals.values())
    yield f"# Crawl {done.crawl}: exit {code}, {MEANINGS.get(code, done.reason)}"
    yield ""
    yield (
        f"{len(portals)} portals, {total['reports']} reports listed, {total['asked']} requests, "
        f"{total['wire'] / 1e6:.1f} MB; {total['new']} new, {total['edited']} "
        f"edited, {total['waiting']} left for the next command. Ended: {done.reason}."
    )
    ill = {name: line for name, line in portals.items() if line.state != "ok"}
    if ill:
        yield from ("", "## What needs a look", "", "| portal | state | class | what to do |")
        yield "|---|---|---|---|"
    for name, line in ill.items():
        yield f"| {name} {line.name} | {line.state} | {line.ailment} | {line.cure} |"
    yield from ("", "## Portals", "", f"| portal | state | {' | '.join(COLUMNS)} | left |")
    yield f"|---|---|{'---|' * (len(COLUMNS) + 1)}"
    for name, tally in done.portals.items():
        counts = " | ".join(str(getattr(tally, column)) for column in COLUMNS)
        yield f"| {name} | {portals[name].state} | {counts} | {tally.waiting} |"
    for name, tally in done.portals.items():
        if tally.notes:
            yield from ("", f"### {name}", "", *(f"- {note}" for note in tally.notes[:MOST_NOTES]))
