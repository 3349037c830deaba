"""Whole crawls in this process: what is found, asked for, left alone and written down."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from archive.capture import CaptureStore
from parsers.errors import Locked, RegistryError
from spiders.registry import Portal

from . import crawls, sites
from .sites import Asked, Reply, Site


def outcomes(data: Path, where: str = "kind <> 'robots'") -> Counter[str]:
    return Counter(one.outcome for one in crawls.captures(data, where))


@pytest.fixture
def site():
    with sites.serve("127.0.0.2") as one:
        yield one


@pytest.fixture
def other():
    with sites.serve("127.0.0.3") as one:
        yield one


def test_second_crawl_asks_whether_and_stores_nothing_new(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2008, 2020), per_page=5)
    first = crawls.crawl(tmp_path, [crawls.portal(site)])
    bodies = {one.body_sha256 for one in crawls.captures(tmp_path)}
    second = crawls.crawl(tmp_path, [crawls.portal(site)])
    assert (first.exit_code, second.exit_code) == (0, 0)
    one, two = first.portals["sample"], second.portals["sample"]
    assert (one.listed, one.reports, one.fetched, one.new, one.unchanged) == (12, 12, 12, 12, 0)
    assert (two.listed, two.reports, two.fetched, two.new, two.unchanged) == (12, 12, 12, 0, 12)
    assert {one.body_sha256 for one in crawls.captures(tmp_path)} == bodies
    again = crawls.captures(tmp_path, "crawl = 2 AND kind <> 'robots'")
    assert {one.outcome for one in again} == {"not-modified"}
    assert all(one.revisit_of for one in again)


def test_only_the_edited_report_is_fetched_whole(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2010, 2016))
    crawls.crawl(tmp_path, [crawls.portal(site)])
    site.routes["/nb/201203/t20120301_2012.html"] = sites.page(sites.report(2012, "改样市"))
    tally = crawls.crawl(tmp_path, [crawls.portal(site)]).portals["sample"]
    assert (tally.fetched, tally.unchanged, tally.new) == (6, 5, 0)
    assert outcomes(tmp_path, "crawl = 2 AND kind = 'report'") == {"ok": 1, "not-modified": 5}


def test_same_bytes_without_validators_are_unchanged(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2010, 2011))
    plain = sites.page(sites.report(2010), etag=False)
    site.routes["/nb/201003/t20100301_2010.html"] = plain
    crawls.crawl(tmp_path, [crawls.portal(site)])
    tally = crawls.crawl(tmp_path, [crawls.portal(site)]).portals["sample"]
    assert (tally.fetched, tally.unchanged) == (1, 1)


@pytest.mark.parametrize("burst", [8, 100])
def test_robots_burst_fetches_nothing(site: Site, tmp_path: Path, burst: int) -> None:
    site.routes["/robots.txt"] = Reply(body=b"User-agent: *\nDisallow: /\n")
    columns = tuple(f"{site.url}/nb/{number}" for number in range(burst))
    done = crawls.crawl(tmp_path, [crawls.portal(site, columns=columns)])
    assert site.paths() == ["/robots.txt"]
    assert outcomes(tmp_path) == {"robots": burst}
    assert done.portals["sample"].refused == burst
    assert done.exit_code == 5


@pytest.mark.parametrize(
    ("robots", "fetched"),
    [
        (Reply(status=404, body=b"User-agent: *\nDisallow: /\n"), True),
        (Reply(status=403, body=b"<html>forbidden</html>"), True),
        (Reply(status=503, body=b""), False),
        (Reply(status=500, body=b"User-agent: *\nAllow: /\n"), False),
        (Reply(raw=b"garbage\r\n\r\n"), False),
        (Reply(body=b"User-agent: gongkai\nDisallow: /\n\nUser-agent: *\nAllow: /\n"), False),
        (Reply(body=b"\xef\xbb\xbfUser-agent: *\nDisallow: /nb/2\n"), True),
        (Reply(body=b"User-agent: *\nCrawl-delay: 999999\n"), False),
    ],
)
def test_robots_status_first(site: Site, tmp_path: Path, robots: Reply, fetched: bool) -> None:
    sites.static_portal(site, range(2010, 2011))
    site.routes["/robots.txt"] = robots
    done = crawls.crawl(tmp_path, [crawls.portal(site)])
    assert bool(site.pages()) == fetched
    assert done.exit_code == (0 if fetched and b"/nb/2" not in robots.body else 5 * (not fetched))
    assert outcomes(tmp_path, "kind = 'robots'").total() == 1


def test_a_deferred_host_keeps_its_tasks_for_the_next_crawl(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2010, 2013))
    site.routes["/robots.txt"] = Reply(status=503)
    done = crawls.crawl(tmp_path, [crawls.portal(site)])
    assert (done.exit_code, done.portals["sample"].waiting, site.pages()) == (5, 1, [])
    site.routes["/robots.txt"] = Reply(status=404)
    done = crawls.crawl(tmp_path, [crawls.portal(site)])
    assert (done.exit_code, done.portals["sample"].fetched) == (0, 3)


def test_crawl_delay_is_kept(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2010, 2013), delay="0.4")
    crawls.crawl(tmp_path, [crawls.portal(site)])
    times = [one.at for one in site.asked]
    gaps = [later - sooner for sooner, later in pairwise(times)]
    assert len(gaps) == 4
    assert min(gaps[1:]) >= 0.39  # from the first page on


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (412, b"<html><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></html>"),
        (521, b"<script>document.cookie=('_')+('_')+('j')+('s')+('l');</script>"),
        (403, "<html>您的请求存在潜在安全风险，被网站安全防护拦截</html>".encode()),
    ],
)
def test_a_challenged_host_is_left_alone(
    site: Site, tmp_path: Path, status: int, body: bytes
) -> None:
    """Also by the requests that waited behind the one that was challenged."""
    sites.static_portal(site, range(2000, 2020))
    newest = "/nb/201903/t20190301_2019.html"
    site.routes[newest] = Reply(status=status, body=body, headers=(("Content-Type", "text/html"),))
    done = crawls.crawl(tmp_path, [crawls.portal(site)])
    assert site.pages() == ["/nb/", newest]
    assert outcomes(tmp_path, "kind = 'report'") == {"blocked": 1}
    assert (done.portals["sample"].blocked, done.portals["sample"].fetched) == (20, 0)
    assert done.exit_code == 5


def test_challenge_on_robots_blocks_everything(site: Site, tmp_path: Path) -> None:
    site.routes["/robots.txt"] = Reply(status=412, body=b"<script>$_ts=window['$_ts']</script>")
    done = crawls.crawl(tmp_path, [crawls.portal(site)])
    assert site.paths() == ["/robots.txt"]
    assert done.exit_code == 6
    assert outcomes(tmp_path, "kind = 'robots'") == {"blocked": 1}


def test_one_blocked_portal_is_no_reason_to_stop_the_others(
    site: Site, other: Site, tmp_path: Path
) -> None:
    site.routes["/robots.txt"] = Reply(status=412, body=b"<script>$_ts=window['$_ts']</script>")
    sites.static_portal(other, range(2010, 2013))
    two = [crawls.portal(site), crawls.portal(other, "other")]
    done = crawls.crawl(tmp_path, two)
    assert (done.exit_code, done.portals["other"].fetched) == (5, 3)


def test_redirect_to_itself_with_a_cookie(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2010, 2011))
    path = "/nb/201003/t20100301_2010.html"

    def gate(asked: Asked) -> Reply:
        if "CT6T=1" in asked.headers.get("cookie", ""):
            return Reply(body=sites.report(2010).encode())
        return Reply(status=302, headers=(("Location", path), ("Set-Cookie", "CT6T=1; path=/")))

    site.routes[path] = gate
    tally = crawls.crawl(tmp_path, [crawls.portal(site)]).portals["sample"]
    assert (tally.fetched, tally.failed) == (1, 0)
    assert outcomes(tmp_path, "kind = 'report'") == {"redirect": 1, "ok": 1}


@pytest.mark.parametrize(
    "target", ["http://127.0.0.3:{port}/x", "http://10.1.2.3/x", "http://[::1]/", "http://a.test/"]
)
def test_redirect_off_the_portal(site: Site, other: Site, tmp_path: Path, target: str) -> None:
    sites.static_portal(site, range(2010, 2011))
    address = target.format(port=other.port)
    site.routes["/nb/201003/t20100301_2010.html"] = Reply(
        status=302, headers=(("Location", address),)
    )
    done = crawls.crawl(tmp_path, [crawls.portal(site)])
    refusal = crawls.captures(tmp_path, "outcome = 'off-portal'")
    assert [one.url for one in refusal] == [address]
    assert refusal[0].error
    assert other.asked == []
    assert (done.exit_code, done.portals["sample"].refused) == (0, 1)


def test_redirect_within_the_portal_keeps_each_host_at_its_own_pace(
    site: Site, other: Site, tmp_path: Path
) -> None:
    sites.static_portal(site, range(2010, 2014))
    other.routes["/robots.txt"] = Reply(body=b"User-agent: *\nCrawl-delay: 0.3\n")
    for year in range(2010, 2014):
        path = f"/nb/{year}03/t{year}0301_{year}.html"
        location = ("Location", f"{other.url}{path}")
        site.routes[path] = Reply(status=302, headers=(location,))
        other.routes[path] = sites.page(sites.report(year))
    both = crawls.portal(site, hosts=(f"{other.host}:{other.port}",))
    assert crawls.crawl(tmp_path, [both]).portals["sample"].fetched == 4
    times = [one.at for one in other.asked][1:]
    assert all(b - a >= 0.29 for a, b in pairwise(times))


def test_soft_404_and_gone_are_no_reports(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2010, 2013))
    lie = "<html><title>提示</title>您访问的页面不存在</html>".encode()
    site.routes["/nb/201003/t20100301_2010.html"] = Reply(
        body=lie, headers=(("Content-Type", "text/html; charset=utf-8"),)
    )
    del site.routes["/nb/201103/t20110301_2011.html"]
    done = crawls.crawl(tmp_path, [crawls.portal(site)])
    assert outcomes(tmp_path, "kind = 'report'") == {"ok": 1, "failed": 1, "http-error": 1}
    tally = done.portals["sample"]
    assert (tally.failed, tally.gone, done.exit_code) == (2, 1, 5)


def test_passing_errors_are_tried_again(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2010, 2011))
    path = "/nb/201003/t20100301_2010.html"
    left = [Reply(status=502), Reply(status=502)]
    good = sites.page(sites.report(2010))
    site.routes[path] = lambda asked: left.pop() if left else good(asked)
    done = crawls.crawl(tmp_path, [crawls.portal(site)])
    assert site.paths().count(path) == 3
    assert (done.exit_code, done.portals["sample"].fetched) == (0, 1)


def test_retry_after_holds_the_whole_host(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2010, 2014))
    path = "/nb/201303/t20130301_2013.html"
    left = [Reply(status=503, headers=(("Retry-After", "1"),))]
    good = sites.page(sites.report(2013))
    site.routes[path] = lambda asked: left.pop() if left else good(asked)
    done = crawls.crawl(tmp_path, [crawls.portal(site)])
    times = [one.at for one in site.asked if one.path.startswith("/nb/2")]
    assert times[1] - times[0] >= 0.95
    assert (done.exit_code, done.portals["sample"].fetched) == (0, 4)


def test_three_errors_in_a_row_end_the_visit(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2000, 2010))
    for year in range(2000, 2010):
        site.routes[f"/nb/{year}03/t{year}0301_{year}.html"] = Reply(status=500)
    done = crawls.crawl(tmp_path, [crawls.portal(site)])
    assert len([path for path in site.paths() if path.startswith("/nb/2")]) == 3
    assert (done.exit_code, done.portals["sample"].waiting) == (5, 10)


def test_from_the_home_page_alone(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2010, 2013))
    site.routes["/"] = sites.page('<a href="/open/">政务公开</a><a href="/news/">新闻</a>')
    site.routes["/open/"] = sites.page('<dd><a href="/nb/">政府信息公开年报</a></dd>')
    done = crawls.crawl(tmp_path, [crawls.portal(site, columns=())])
    assert site.pages()[:3] == ["/", "/open/", "/nb/"]
    assert (done.exit_code, done.portals["sample"].fetched) == (0, 3)


def test_a_home_page_without_a_column_is_partial(site: Site, tmp_path: Path) -> None:
    site.routes["/"] = sites.page('<a href="/news/">新闻</a>')
    done = crawls.crawl(tmp_path, [crawls.portal(site, columns=())])
    assert done.exit_code == 5
    assert done.portals["sample"].notes == ["no column of annual reports was found"]


def test_rows_that_are_no_reports_are_counted_not_fetched(site: Site, tmp_path: Path) -> None:
    rows = "".join(
        [
            sites.row("/r1.html", "鄂尔多斯市2018年政府信息公开年度报告"),
            sites.row("/r2.html", "样例区召开2019年度工作会议"),
            sites.row("/r3.html", "2017年度报告"),
            sites.row("/r4.html", "一图读懂样例市2019年政府信息公开工作年度报告"),
        ]
    )
    site.routes["/nb/"] = sites.page(sites.column(rows))
    for number in (1, 2, 3, 4):
        site.routes[f"/r{number}.html"] = sites.page(sites.report(2018))
    tally = crawls.crawl(tmp_path, [crawls.portal(site)]).portals["sample"]
    assert set(site.pages()) == {"/nb/", "/r1.html", "/r3.html"}
    assert (tally.listed, tally.reports, sum(tally.others.values())) == (4, 2, 2)


def test_documents_of_a_report(site: Site, other: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2010, 2011))
    links = (
        '<a href="./P01.pdf">附件</a><iframe src="/v/viewer.html?file=/files/b.pdf"></iframe>'
        f'<a href="{other.url}/c.doc">别处</a>'
    )
    body = sites.report(2010).replace("</body>", links + "</body>")
    site.routes["/nb/201003/t20100301_2010.html"] = sites.page(body)
    pdf = Reply(body=b"%PDF-1.4", headers=(("Content-Type", "application/pdf"),))
    site.routes |= {"/nb/201003/P01.pdf": pdf, "/files/b.pdf": pdf}
    tally = crawls.crawl(tmp_path, [crawls.portal(site)]).portals["sample"]
    kept = crawls.captures(tmp_path, "kind = 'attachment'")
    assert sorted((one.url.rpartition("/")[2], one.outcome) for one in kept) == [
        ("P01.pdf", "ok"),
        ("b.pdf", "ok"),
        ("c.doc", "off-portal"),
    ]
    assert (tally.fetched, tally.refused, other.asked) == (3, 1, [])


def finecms(site: Site, total: int, *, repeat: bool = False, promised: int | None = None) -> None:
    """The list is asked for by POST; `repeat` always answers page 1."""
    script = (
        'var kinds = ["21_xxgk", "166000", "21", "xxgk", "Y-m-d", "50", "20"],'
        ' orders = ["is_top DESC", "displayorder DESC", "inputtime DESC"];'
        '$.post("/api-ajax_list-" + page + ".html", {ajax_type: kinds.concat([orders, ""])})'
    )
    site.routes["/xxgk-list-gknb.html"] = sites.page(sites.column("", script))
    years = range(2000, 2000 + total)
    rows = [
        {
            "id": str(year),
            "title": f"样例市{year}年政府信息公开工作年度报告",
            "url": f"/xxgk-show-{year}.html",
            "inputtime": "2020-01-01",
        }
        for year in years
    ]
    for year in years:
        site.routes[f"/xxgk-show-{year}.html"] = sites.page(sites.report(year))
    for page in range(1, -(-(promised or total) // 20) + 1):
        start = 0 if repeat else 20 * (page - 1)
        answer = {"total": str(promised or total), "data": rows[start : start + 20]}
        site.routes[f"/api-ajax_list-{page}.html"] = Reply(
            body=json.dumps(answer).encode(), headers=(("Content-Type", "text/html"),)
        )


def test_finecms_asks_as_the_page_itself_would(site: Site, tmp_path: Path) -> None:
    finecms(site, 45)
    one = crawls.portal(site, columns=(f"{site.url}/xxgk-list-gknb.html",))
    done = crawls.crawl(tmp_path, [one])
    tally = done.portals["sample"]
    assert (done.exit_code, tally.promised, tally.listed, tally.fetched) == (0, 45, 45, 45)
    posts = [asked for asked in site.asked if asked.method == "POST"]
    assert sorted(asked.path for asked in posts) == [f"/api-ajax_list-{n}.html" for n in (1, 2, 3)]
    assert posts[0].headers["x-requested-with"] == "XMLHttpRequest"
    names = [name for name, _ in parse_qsl(posts[0].body.decode(), keep_blank_values=True)]
    assert names == ["ajax_type[]"] * 7 + ["ajax_type[7][]"] * 3 + ["ajax_type[8]", "is_ds"]


@pytest.mark.parametrize(
    ("fault", "note"),
    [
        ({"promised": 50}, "45 rows listed, 50 promised"),
        ({"repeat": True}, "page 2 repeats page 1"),
    ],
)
def test_a_pager_that_fails_a_check_is_partial(
    site: Site, tmp_path: Path, fault: dict[str, int], note: str
) -> None:
    finecms(site, 45, **fault)  # type: ignore[arg-type]
    one = crawls.portal(site, columns=(f"{site.url}/xxgk-list-gknb.html",))
    done = crawls.crawl(tmp_path, [one])
    assert done.exit_code == 5
    assert any(note in told for told in done.portals["sample"].notes)


def test_limit_takes_the_newest_and_leaves_the_rest(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2000, 2010))
    done = crawls.crawl(tmp_path, [crawls.portal(site)], limit=3)
    assert sorted(site.pages()[1:]) == [f"/nb/{y}03/t{y}0301_{y}.html" for y in (2007, 2008, 2009)]
    assert (done.exit_code, done.portals["sample"].waiting) == (0, 7)
    crawls.crawl(tmp_path, [crawls.portal(site)])
    reports = [path for path in site.pages() if path != "/nb/"]
    assert len(reports) == len(set(reports)) == 10
    assert site.pages().count("/nb/") == 1


def test_a_locked_archive_is_not_touched(site: Site, tmp_path: Path) -> None:
    with CaptureStore.open(tmp_path), pytest.raises(Locked):
        crawls.crawl(tmp_path, [crawls.portal(site)])
    assert site.asked == []


def test_nothing_to_crawl_says_why(tmp_path: Path) -> None:
    closed = Portal(id="gone", name="某县", region="360800", level="county", agency="某县", home="")
    with pytest.raises(RegistryError, match=r"nothing to crawl: gone \(its home is not known\)"):
        crawls.crawl(tmp_path, [closed])


def test_many_portals_share_a_process(tmp_path: Path) -> None:
    with sites.serve("127.0.0.2") as one, sites.serve("127.0.0.3") as two:
        for site in (one, two):
            sites.static_portal(site, range(2010, 2014), delay="0.2")
        both = [crawls.portal(one), crawls.portal(two, "other")]
        done = crawls.crawl(tmp_path, both)
    assert {tally.fetched for tally in done.portals.values()} == {4}
    first, second = ([asked.at for asked in site.asked] for site in (one, two))
    assert first[0] < second[-1]
    assert second[0] < first[-1]  # side by side, not one after the other
