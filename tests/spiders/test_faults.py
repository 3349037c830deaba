"""What goes wrong on real portals, each on a host of its own, all in one crawl: recorded, told by
the exit code, and nothing landed that the page does not print."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.capture import CaptureStore
from archive.stored import StoredCapture
from parsers.model import Fact
from parsers.read import read
from spiders.simulator import Fault
from spiders.simulator.faults import kinds
from spiders.simulator.site import Site
from spiders.tally import CrawlSummary, PortalTally

from . import crawls, tiny

NEWEST = tiny.path(2023)
# fault -> what the archive says of the newest report, exit code, reports that came
ON_A_REPORT: dict[str, tuple[str, int, int]] = {
    "latency": ("ok", 0, 3),
    "reset": ("connection", 5, 2),
    "truncated": ("truncated", 5, 2),
    "broken-gzip": ("truncated", 5, 2),
    "wrong-type": ("ok", 0, 3),
    "says-gb2312": ("ok", 0, 3),
    "says-utf-8": ("ok", 0, 3),
    "says-nothing": ("ok", 0, 3),
    "bom-inside": ("ok", 0, 3),
    "gbk-head": ("ok", 0, 3),
    "endless": ("too-large", 5, 2),
    "gzip-bomb": ("too-large", 5, 2),
    "unavailable": ("http-error", 5, 2),
    "too-many": ("http-error", 5, 2),
    "forbidden": ("blocked", 5, 0),
    "gone": ("http-error", 0, 2),
    "captcha": ("blocked", 5, 0),
    "challenge-412": ("blocked", 5, 0),
    "challenge-468": ("blocked", 5, 0),
    "challenge-521": ("blocked", 5, 0),
    "stub-200": ("blocked", 5, 0),
    "soft-404": ("failed", 5, 2),
    "maintenance": ("failed", 5, 2),
    "redirect-home": ("failed", 5, 2),
    "redirect-elsewhere": ("off-portal", 0, 2),
    "redirect-private": ("off-portal", 0, 2),
    "meta-refresh": ("ok", 0, 3),
    "script-redirect": ("ok", 0, 3),
    "cookie-redirect": ("ok", 0, 3),
}
MOVES = ("meta-refresh", "script-redirect", "cookie-redirect")
ELSEWHERE = ("growing", "disallow-all", "crawl-delay")  # faults of a column or of robots.txt


def fault(kind: str, path: str = NEWEST) -> Fault:
    return Fault(kind=kind, path=path, times=1 if kind in MOVES else None, seconds=0.1)


def code(tally: PortalTally) -> int:
    """The exit code of a crawl of this portal alone."""
    return CrawlSummary(portals={"one": tally}, crawl=1).exit_code


def misread(data: Path, kept: list[StoredCapture]) -> list[str]:
    """Pages out of which other numbers were read than they print."""
    with CaptureStore.reader(data) as store:
        bodies = {one.body_sha256: one for one in kept if one.body_sha256 and one.decoded}
        said = {one: read(store.body(sha), url=str(one.url)) for sha, one in bodies.items()}
    return [
        f"{one.portal} {one.url}"
        for one, report in said.items()
        if report.facts and {numbers(fact) for fact in report.facts} != printed(report.year)
    ]


def numbers(fact: Fact) -> tuple[str, str, str | None]:
    return fact.indicator, fact.column, None if fact.value is None else str(fact.value)


def printed(year: int | None) -> set[tuple[str, str, str | None]]:
    return {(fact.indicator, fact.column, fact.value) for fact in tiny.truth()[year or 0].facts}


def test_every_fault_is_tried() -> None:
    assert set(kinds()) == {*ON_A_REPORT, *ELSEWHERE}


def test_faults_of_a_report(tmp_path: Path, subtests: pytest.Subtests) -> None:
    names = list(ON_A_REPORT)
    hosts = [tiny.site(name, number, tiny.pages()) for number, name in enumerate(names, 11)]
    with tiny.served(*hosts) as servers:
        for name, server in servers.items():
            server.set_faults((fault(name),))
        done = crawls.crawl(
            tmp_path,
            [tiny.portal(server) for server in servers.values()],
            DOWNLOAD_MAXSIZE=1 << 20,
        )
        judged = {name: server.judge.judgement() for name, server in servers.items()}
    kept = crawls.captures(tmp_path, "kind = 'report'")
    for name, (outcome, wanted, came) in ON_A_REPORT.items():
        with subtests.test(name):
            told = [one for one in kept if one.portal == name]
            newest = [one.outcome for one in told if NEWEST in one.url or "2023" in one.link_text]
            assert set(newest) - {"redirect"} >= {outcome}, newest
            assert sum(one.outcome == "ok" for one in told) == came
            assert code(done.portals[name]) == wanted, done.portals[name]
            assert judged[name].polite
    assert misread(tmp_path, [one for one in kept if one.outcome in ("ok", "truncated")]) == []


# fault, where it strikes, part of the note, exit code, requests for anything but robots.txt
AROUND: dict[str, tuple[Fault, str, int, int]] = {
    "robots-missing": (Fault(kind="gone", path="/robots.txt"), "", 0, 4),
    "robots-all": (Fault(kind="disallow-all", path="/robots.txt"), "robots.txt", 5, 0),
    "robots-slow": (Fault(kind="crawl-delay", path="/robots.txt"), "", 0, 4),
    "robots-503": (Fault(kind="unavailable", path="/robots.txt"), "", 5, 0),
    "robots-429": (Fault(kind="too-many", path="/robots.txt"), "", 5, 0),
    "robots-challenge": (Fault(kind="challenge-412", path="/robots.txt"), "", 6, 0),
    "robots-stub": (Fault(kind="stub-200", path="/robots.txt"), "", 6, 0),
    "column-gone": (Fault(kind="gone", path="/nb/", times=1), "404", 5, 3),
    "column-blocked": (Fault(kind="challenge-521", path="/nb/"), "", 6, 1),
    "column-elsewhere": (Fault(kind="redirect-elsewhere", path="/nb/"), "portal.example", 5, 1),
    "column-private": (Fault(kind="redirect-private", path="/nb/"), "10.0.0.1", 5, 1),
    "column-cookie": (Fault(kind="cookie-redirect", path="/nb/", times=1), "", 0, 5),
    "column-script": (Fault(kind="script-redirect", path="/nb/", times=1), "", 0, 5),
    "last-page-gone": (Fault(kind="gone", path="/nb/index_1"), "page 2 was not read", 5, 5),
    "one-page-more": (Fault(kind="growing", path="/nb/", times=1), "page 2 was not read", 5, 5),
}


def around(name: str, number: int) -> Site:
    """A column whose pager says that there is a second page, where the fault is about that."""
    own = tiny.pages(CALL.format(2 if name == "last-page-gone" else 1))
    return tiny.site(name, number, own)


CALL = '<script>createPageHTML({}, 0, "index", "html");</script>'


def test_faults_around_the_reports(tmp_path: Path, subtests: pytest.Subtests) -> None:
    hosts = [around(name, number) for number, name in enumerate(AROUND, 101)]
    with tiny.served(*hosts) as servers:
        for name, server in servers.items():
            server.set_faults((AROUND[name][0],))
        done = crawls.crawl(tmp_path, [tiny.portal(server) for server in servers.values()])
        asked = {name: server.judge.requests() for name, server in servers.items()}
        judged = {name: server.judge.judgement() for name, server in servers.items()}
    for name, (_, note, wanted, pages) in AROUND.items():
        with subtests.test(name):
            tally = done.portals[name]
            assert any(note in one for one in tally.notes) or not note, tally.notes
            assert code(tally) == wanted, tally
            assert sum(one.target != "/robots.txt" for one in asked[name]) == pages
            assert judged[name].polite
    assert min(judged["robots-slow"].gaps) >= 0.29


def test_what_a_portal_does_between_two_crawls(tmp_path: Path) -> None:
    """A report withdrawn, another corrected under a new address, a third moved: nothing is lost."""
    newest, second, third = tiny.articles()
    own = tiny.pages()
    with tiny.served(tiny.site("one", 131, own)) as servers:
        server = servers["one"]
        where = [tiny.portal(server)]
        assert crawls.crawl(tmp_path, where).exit_code == 0
        title = f"{second.plan.title}（更正版）"
        later = replace(second, plan=replace(second.plan, title=title))
        rows = "".join(map(tiny.row, (newest, second))) + (
            f'<li><a href="/nb/fixed.html">{title}</a></li>'
            f'<li><a href="/xxgk/{third.plan.year}.html">{third.plan.title}</a></li>'
        )
        server.site = tiny.site(
            "one",
            131,
            {
                "/nb/": tiny.page(tiny.listing(rows)),
                tiny.path(2022): own[tiny.path(2022)],
                "/nb/fixed.html": tiny.page(tiny.detail(later)),
                f"/xxgk/{third.plan.year}.html": own[tiny.path(third.plan.year)],
            },
        )
        again = crawls.crawl(tmp_path, where)
    [tally] = again.portals.values()
    assert (again.exit_code, tally.gone, tally.failed) == (0, 1, 1)
    kept = crawls.captures(tmp_path, "kind = 'report' AND outcome = 'ok'")
    assert len(kept) == 3 + 2
    withdrawn = crawls.captures(tmp_path, "kind = 'report' AND outcome = 'http-error'")
    assert [one.url.endswith("2023.html") for one in withdrawn] == [True]
    assert misread(tmp_path, kept) == []
