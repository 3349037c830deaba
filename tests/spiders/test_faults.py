"""What goes wrong on real portals, each on a host of its own, all in one crawl: recorded, told by
the exit code as docs/operations.md says, and nothing landed that the page does not print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from archive.capture import CaptureStore
from archive.stored import StoredCapture
from parsers.model import Fact
from parsers.read import read
from spiders.simulator.faults import kinds

from . import crawls, faulty, tiny
from .promises import faults
from .test_tls import TOLD

# fault -> part of the note, requests for anything but robots.txt
NOTED = {
    "robots-missing": ("", 4),
    "robots-all": ("robots.txt", 0),
    "robots-slow": ("", 4),
    "robots-503": ("", 0),
    "robots-429": ("", 0),
    "robots-challenge": ("", 0),
    "robots-stub": ("", 0),
    "column-gone": ("404", 3),
    "column-blocked": ("", 1),
    "column-elsewhere": ("portal.example", 1),
    "column-private": ("10.0.0.1", 1),
    "column-cookie": ("", 5),
    "column-script": ("", 5),
    "last-page-gone": ("page 2 was not read", 5),
    "one-page-more": ("page 2 was not read", 5),
    "clone-row": ("", 4),
}


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


def as_promised(told: Mapping[str, faulty.Told], subtests: pytest.Subtests) -> None:
    promised = faults()
    for name, one in told.items():
        with subtests.test(name):
            assert (one.recorded, one.exit_code, one.came) == promised[name]
            assert one.judgement.polite, one.judgement


def test_every_fault_is_tried_and_promised() -> None:
    struck = {fault.kind for fault in faulty.AROUND.values()}
    assert set(kinds()) == {*faulty.ON_A_REPORT, *struck}
    known = {*faulty.ON_A_REPORT, *faulty.AROUND, "silent", *TOLD}
    assert known - {"good"} == set(faults())


def test_faults_of_a_report(tmp_path: Path, subtests: pytest.Subtests) -> None:
    told = faulty.reports(tmp_path)
    as_promised(told, subtests)
    kept = [one for host in told.values() for one in host.kept if one.kind == "report"]
    assert misread(tmp_path, [one for one in kept if one.outcome in ("ok", "truncated")]) == []


def test_a_report_that_does_not_answer(tmp_path: Path, subtests: pytest.Subtests) -> None:
    as_promised(faulty.silence(tmp_path), subtests)


def test_faults_around_the_reports(tmp_path: Path, subtests: pytest.Subtests) -> None:
    told = faulty.around(tmp_path)
    as_promised(told, subtests)
    for name, (note, pages) in NOTED.items():
        with subtests.test(name):
            notes = told[name].tally.notes
            assert any(note in one for one in notes) or not note, notes
            assert sum(one.target != "/robots.txt" for one in told[name].asked) == pages
    assert min(told["robots-slow"].judgement.gaps) >= 0.29


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
