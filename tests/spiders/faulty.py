"""Hosts that do one thing wrong each, crawled together: what the archive tells of every fault.

`benchmarks/faults.py` prints it as the table that docs/operations.md holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.stored import StoredCapture
from spiders.simulator import Fault
from spiders.simulator.judge import Judgement, Request
from spiders.simulator.site import Site
from spiders.tally import CrawlSummary, PortalTally

from . import crawls, tiny

NEWEST = tiny.path(2023)
MOVES = ("meta-refresh", "script-redirect", "cookie-redirect")
# Faults of the newest of three reports, by the simulator's names.
ON_A_REPORT = (
    "latency", "reset", "reset-inside", "truncated", "broken-gzip", "wrong-type", "says-gb2312",
    "says-utf-8", "says-nothing", "bom-inside", "gbk-head", "endless", "gzip-bomb", "unavailable",
    "too-many", "forbidden", "gone", "captcha", "challenge-412", "challenge-468", "challenge-521",
    "stub-200", "soft-404", "maintenance", "redirect-home", "redirect-elsewhere",
    "redirect-private", *MOVES,
)  # fmt: skip
# Faults of robots.txt and of the column: what strikes where.
AROUND = {
    "robots-missing": Fault(kind="gone", path="/robots.txt"),
    "robots-all": Fault(kind="disallow-all", path="/robots.txt"),
    "robots-slow": Fault(kind="crawl-delay", path="/robots.txt"),
    "robots-503": Fault(kind="unavailable", path="/robots.txt"),
    "robots-429": Fault(kind="too-many", path="/robots.txt"),
    "robots-challenge": Fault(kind="challenge-412", path="/robots.txt"),
    "robots-stub": Fault(kind="stub-200", path="/robots.txt"),
    "column-gone": Fault(kind="gone", path="/nb/", times=1),
    "column-blocked": Fault(kind="challenge-521", path="/nb/"),
    "column-elsewhere": Fault(kind="redirect-elsewhere", path="/nb/"),
    "column-private": Fault(kind="redirect-private", path="/nb/"),
    "column-cookie": Fault(kind="cookie-redirect", path="/nb/", times=1),
    "column-script": Fault(kind="script-redirect", path="/nb/", times=1),
    "last-page-gone": Fault(kind="gone", path="/nb/index_1"),
    "one-page-more": Fault(kind="growing", path="/nb/", times=1),
    "clone-row": Fault(kind="latency", path="/nothing"),
}
CALL = '<script>createPageHTML({}, 0, "index", "html");</script>'
CLONE = '<a href="http://127.0.3.250:8/nb/2020.html">样例县2020年政府信息公开工作年度报告</a>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is known of one host after the crawl."""

    fault: Fault
    kept: tuple[StoredCapture, ...]
    tally: PortalTally
    asked: tuple[Request, ...]
    judgement: Judgement

    @property
    def recorded(self) -> str:
        """Outcomes of the page that was struck, each once, in the order they came."""
        return " ".join(dict.fromkeys(one.outcome for one in self.kept if self._struck(one)))

    @property
    def exit_code(self) -> int:
        """That of a crawl of this portal alone."""
        return CrawlSummary(portals={"one": self.tally}, crawl=1).exit_code

    @property
    def came(self) -> int:
        """Reports."""
        return sum(one.kind == "report" and one.outcome == "ok" for one in self.kept)

    def _struck(self, one: StoredCapture) -> bool:
        if self.judgement.portal == "clone-row":
            return "127.0.3.250" in one.url
        if self.fault.path == NEWEST:
            return one.kind == "report" and (NEWEST in one.url or "2023" in one.link_text)
        wanted = "robots" if self.fault.path == "/robots.txt" else "listing"
        return one.kind == wanted and (wanted == "robots" or self._at(one))

    def _at(self, one: StoredCapture) -> bool:
        """At the address that was struck, or at the one that it sent to."""
        return self.fault.path in one.url or one.outcome == "off-portal"


def on_a_report(kind: str, seconds: float = 0.1) -> Fault:
    return Fault(kind=kind, path=NEWEST, times=1 if kind in MOVES else None, seconds=seconds)


def reports(data: Path) -> dict[str, Told]:
    """Every fault of a report, in one crawl."""
    faults = {kind: on_a_report(kind) for kind in ON_A_REPORT}
    return _crawled(
        data, faults, range(11, 90), _plain, DOWNLOAD_MAXSIZE=1 << 20, DOWNLOAD_TIMEOUT=30
    )


def silence(data: Path) -> dict[str, Told]:
    """A page that does not answer in time, twice."""
    faults = {"silent": on_a_report("latency", seconds=9)}
    waits = {"DOWNLOAD_TIMEOUT": 1.5, "GONGKAI_BACKOFF": [0.05]}
    return _crawled(data, faults, range(90, 100), _plain, **waits)


def around(data: Path) -> dict[str, Told]:
    """Every fault of robots.txt and of a column, in one crawl."""
    return _crawled(data, AROUND, range(101, 130), _column, DOWNLOAD_TIMEOUT=30)


def _plain(name: str, number: int) -> Site:
    return tiny.site(name, number, tiny.pages())


def _column(name: str, number: int) -> Site:
    """A pager that says there is a second page, or a row on another host, where that is it."""
    more = CLONE if name == "clone-row" else CALL.format(2 if name == "last-page-gone" else 1)
    return tiny.site(name, number, tiny.pages(more))


def _crawled(
    data: Path,
    faults: Mapping[str, Fault],
    numbers: Iterable[int],
    made: Callable[[str, int], Site],
    **settings: object,
) -> dict[str, Told]:
    hosts = [made(name, number) for name, number in zip(faults, numbers, strict=False)]
    with tiny.served(*hosts) as servers:
        for name, server in servers.items():
            server.set_faults((faults[name],))
        done = crawls.crawl(data, [tiny.portal(one) for one in servers.values()], **settings)
        asked = {name: server.judge.requests() for name, server in servers.items()}
        judged = {name: server.judge.judgement() for name, server in servers.items()}
    kept = crawls.captures(data)
    return {
        name: Told(
            fault=faults[name],
            kept=tuple(one for one in kept if one.portal == name),
            tally=done.portals[name],
            asked=asked[name],
            judgement=judged[name],
        )
        for name in faults
    }
