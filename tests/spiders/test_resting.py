"""Pages without validators: a person who asks gets them whole, the calendar lets them rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spiders.resting import rest

from . import crawls, sites
from .sites import Reply, Site

NEWEST = "/nb/202203/t20220301_2022.html"
PDF = Reply(body=b"%PDF-1.4", headers=(("Content-Type", "application/pdf"),))


@pytest.fixture
def site() -> Iterator[Site]:
    """Three reports, the newest with a document; only the list has a validator."""
    with sites.serve("127.0.0.33") as served:
        sites.static_portal(served, range(2020, 2023))
        for path in [one for one in served.routes if one.startswith("/nb/20")]:
            served.routes[path] = sites.page(sites.report(int(path[4:8])), etag=False)
        text = sites.report(2022).replace("</body>", '<a href="./P01.pdf">附件</a></body>')
        served.routes[NEWEST] = sites.page(text, etag=False)
        served.routes["/nb/202203/P01.pdf"] = PDF
        yield served


@pytest.mark.parametrize(
    ("year", "days"),
    [(None, 6), (2025, 6), (2024, 24), (2023, 60), (2010, 60)],
)
def test_a_tenth_of_its_age(year: int | None, days: int) -> None:
    assert rest(year, datetime(2025, 11, 27, tzinfo=UTC)).days == days


def test_a_scheduled_visit_sweeps_the_list_and_lets_the_rest_be(site: Site, tmp_path: Path) -> None:
    crawls.crawl(tmp_path, [crawls.portal(site)])
    before = len(site.pages())
    done = crawls.crawl(tmp_path, [crawls.portal(site)], scheduled=True)
    assert site.pages()[before:] == ["/nb/"]
    tally = done.portals["sample"]
    assert (done.exit_code, tally.resting, tally.fetched, tally.waiting) == (0, 4, 0, 0)
    assert len(crawls.captures(tmp_path, "kind = 'report'")) == 3  # nothing was asked, nothing kept


def test_a_person_who_asks_gets_everything_whole(site: Site, tmp_path: Path) -> None:
    crawls.crawl(tmp_path, [crawls.portal(site)])
    tally = crawls.crawl(tmp_path, [crawls.portal(site)]).portals["sample"]
    assert (tally.fetched, tally.unchanged, tally.resting) == (4, 4, 0)


def test_what_came_badly_the_last_time_does_not_rest(site: Site, tmp_path: Path) -> None:
    crawls.crawl(tmp_path, [crawls.portal(site)])
    good = site.routes[NEWEST]
    site.routes[NEWEST] = Reply(status=404)
    crawls.crawl(tmp_path, [crawls.portal(site)])
    site.routes[NEWEST] = good
    before = len(site.pages())
    crawls.crawl(tmp_path, [crawls.portal(site)], scheduled=True)
    assert set(site.pages()[before:]) == {"/nb/", NEWEST}


def test_a_new_report_is_fetched_beside_those_that_rest(site: Site, tmp_path: Path) -> None:
    crawls.crawl(tmp_path, [crawls.portal(site)])
    sites.static_portal(site, range(2020, 2024))
    before = len(site.pages())
    tally = crawls.crawl(tmp_path, [crawls.portal(site)], scheduled=True).portals["sample"]
    assert site.pages()[before:] == ["/nb/", "/nb/202303/t20230301_2023.html"]
    assert (tally.new, tally.resting) == (1, 4)
