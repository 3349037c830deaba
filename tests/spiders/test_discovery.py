"""From a home page alone to every column of annual reports, and the columns inside them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.capture import CaptureStore
from spiders import discover
from spiders.jumps import jumps
from spiders.subcolumns import subcolumns

from . import crawls, sites
from .sites import Reply, Site

URL = "http://x.gov.cn/zwgk/nb/index.html"
NAV = "".join(f'<a href="/n{number}/">要闻{number}</a>' for number in range(9))


@pytest.fixture
def site() -> Iterator[Site]:
    with sites.serve("127.0.0.41") as served:
        yield served


def found(site: Site, tmp_path: Path, delay: float = 0.0) -> int:
    """Reports of a crawl from the home page alone."""
    done = crawls.crawl(tmp_path, [crawls.portal(site, columns=(), delay=delay)])
    return done.portals["sample"].fetched


HOMES = {
    "frameset": '<frameset rows="80,*"><frame src="/top.html"><frame src="/open/"></frameset>',
    "script": "<script>window.location.replace('/open/');</script>",
    "script with a phone": "<script>x?location.href='/wap/':location.href='/open/'</script>",
    "meta refresh": '<meta http-equiv="refresh" content="9; url=/open/">',
    "icon": f'{NAV}<a href="/open/"><img src="a.png" alt="政府信息公开"></a>',
    "image map": f'{NAV}<map><area href="/open/" alt="x" title="政务公开"></map>',
    "opened by script": f'{NAV}<div onclick="window.open(\'/open/\')" title="政府信息公开"></div>',
    "menu in a script": NAV
    + '<script>var menu=[{"name":"政府信息公开","id":7,"url":"\\/open\\/"}]</script>',
    "slug alone": f'{NAV}<a href="/zwgk/open.html">公开</a>',
    "site map": f'{NAV}<a href="/map.html">网站地图</a>',
}


@pytest.mark.parametrize("home", HOMES, ids=str)
def test_ways_from_home(site: Site, tmp_path: Path, home: str) -> None:
    sites.static_portal(site, range(2010, 2013))
    site.routes["/"] = sites.page(f"<html><title>首页</title>{HOMES[home]}</html>")
    site.routes["/open/"] = sites.page(f'{NAV}<a href="/nb/">政府信息公开年报</a>')
    site.routes["/zwgk/open.html"] = site.routes["/map.html"] = site.routes["/open/"]
    assert found(site, tmp_path) == 3
    assert len([path for path in site.pages() if not path.startswith("/nb/")]) <= 5


def test_a_site_map_file_is_the_last_resort(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2010, 2013))
    site.routes["/"] = sites.page(NAV)
    site.routes["/xxgknb/index.html"] = site.routes["/nb/"]
    for path, answer in list(site.routes.items()):
        if path.startswith("/nb/2"):
            site.routes["/xxgknb" + path[3:]] = answer
    places = ("/news/1.html", "/xxgknb/index.html")
    urls = "".join(f"<url><loc>{site.url}{place}</loc></url>" for place in places)
    text = f"<urlset>{urls}</urlset>"
    site.routes["/sitemap.xml"] = Reply(body=text.encode(), headers=(("Content-Type", "text/xml"),))
    assert found(site, tmp_path) == 3


def test_a_column_that_is_gone_is_looked_for_from_home(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2010, 2013))
    site.routes["/"] = sites.page(f'{NAV}<a href="/nb/">政府信息公开年报</a>')
    old = crawls.portal(site, columns=(f"{site.url}/gone/",))
    done = crawls.crawl(tmp_path, [old])
    assert (done.portals["sample"].fetched, done.exit_code) == (3, 5)
    assert any("/gone/" in note for note in done.portals["sample"].notes)


def test_an_article_in_the_folder_of_the_column_is_no_column() -> None:
    """Home pages show the newest articles; the way to the column must not end at them."""
    text = (
        '<a href="/xxgk/xxgknb/201906/t20190614_2389850.html">示范区召开考核表彰大会</a>'
        '<a href="/xxgk/xxgknb/index_1.html">下一页</a><a href="/xxgk/">信息公开</a>'
        '<a href="/fdzdgknr/zfwzndbb/">年度报告</a>'
    )
    url = "http://x.gov.cn/"
    assert discover.columns(text, url) == []
    assert [one.link.url for one in discover.steps(text, url)] == ["http://x.gov.cn/xxgk/"]


def test_never_more_than_a_handful_on_the_way(site: Site, tmp_path: Path) -> None:
    names = ["政府信息公开", "政务公开", "信息公开", "公开", "网站地图", "法定主动公开内容"]

    def maze(asked: sites.Asked) -> Reply:
        links = "".join(f'<a href="{asked.path}{i}/">{name}</a>' for i, name in enumerate(names))
        return Reply(body=f"{links}{NAV}".encode(), headers=(("Content-Type", "text/html"),))

    site.routes = dict.fromkeys(["/", *(f"/{i}/" for i in range(6))], maze)
    for i in range(6):
        site.routes |= {f"/{i}/{j}/": maze for j in range(6)}
    assert found(site, tmp_path) == 0
    assert len(site.pages()) <= discover.HANDFUL + 2  # home and the site map


def test_the_step_is_left_when_the_column_is_found(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2010, 2013))
    site.routes["/"] = sites.page(
        f'{NAV}<a href="/open/">政府信息公开</a><a href="/a/">政务公开</a><a href="/b/">公开</a>'
    )
    site.routes["/open/"] = sites.page(f'{NAV}<a href="/nb/">政府信息公开年报</a>')
    assert found(site, tmp_path, delay=0.1) == 3
    assert "/b/" not in site.pages()


def test_scores_and_reasons() -> None:
    text = (
        '<a href="/a/zfxxgknb/">政府信息公开年报</a><a href="/b/">部门年报</a>'
        '<a href="/c/">企业年报</a><a href="/d/">政府信息公开年报解读</a><a href="/e/">年报</a>'
    )
    best = discover.columns(text, URL)
    assert [(one.link.url[15:], one.points) for one in best] == [
        ("/a/zfxxgknb/", 14),
        ("/b/", 6),
        ("/e/", 4),
    ]
    assert [str(clue) for clue in best[0].clues] == [
        "fixed column of the 2019 platform (+10)",
        "slug (+4)",
    ]


@pytest.mark.parametrize(
    ("slug", "known"),
    [
        ("/zwgk/zfxxgknb/", True),
        ("/cnsq/gknb/xxgknb2019_list.shtml", True),
        ("/csrc/c100028/common_zfxxgknb.shtml", True),
        ("/gk/zfxxgk/zfxxgkgznb/index.html", True),
        ("/zfxxgk/zfxxgk_gknbz.shtml", True),
        ("/ndbg.thtml", True),
        ("/module/xxgk/xxgkAnnualReport.jsp", True),
        ("/nbjb/news/", False),
        ("/zwgk/zfxxgkzn/", False),
        ("/qiye/binb.html", False),
    ],
)
def test_slugs(slug: str, known: bool) -> None:
    names = [
        str(clue) for clue in discover.clues(discover.Link(url=f"http://x.cn{slug}", text="x"))
    ]
    assert names == (["slug (+4)"] if known else [])


def test_only_a_page_that_says_nothing_itself_moves_on() -> None:
    script = "<script>location.href='/a/'</script>"
    assert [link.url for link, _ in jumps(script, URL)] == ["http://x.gov.cn/a/"]
    assert jumps(script + "字" * 500, URL) == jumps(script + NAV, URL) == []


def test_columns_inside_a_column() -> None:
    text = (
        '<a href="2023n/">2023年</a><a href="2022/index.html">2022年度政府信息公开年报</a>'
        '<a href="bm/jyj/">市教育局</a><a href="bm/jzq/list.html">吉州区人民政府</a>'
        '<a href="../jyj/">市教育局</a><a href="/qt/">部门年报</a>'
        '<a href="202301/t1.html">2021年</a>'
        '<a href="index_1.html">下一页</a><a href="/">首页</a><a href="http://y.cn/">民政部</a>'
    )
    inner = subcolumns(text, URL, frozenset(), "吉安市")
    assert [
        (link.url[24:] if "nb/" in link.url else link.url[15:], body) for link, body in inner
    ] == [
        ("2023n/", ""),
        ("2022/index.html", ""),
        ("bm/jyj/", "吉安市教育局"),
        ("bm/jzq/list.html", "吉州区人民政府"),
        ("/qt/", ""),
    ]


def departments(site: Site) -> None:
    """A column of years and departments; each department has a column of its own."""
    links = '<a href="./2019/">2019年</a><a href="./jyj/">市教育局</a><a href="./czj/">市财政局</a>'
    site.routes["/nb/"] = sites.page(sites.column(links))
    site.routes["/nb/2019/"] = sites.page(
        sites.column(sites.row("./t20200301_1.html", "样例市2019年政府信息公开工作年度报告"))
    )
    site.routes["/nb/2019/t20200301_1.html"] = sites.page(sites.report(2019))
    for number, name in enumerate(("jyj", "czj"), 2):
        rows = "".join(
            sites.row(f"./t{year}0301_{number}.html", f"{year}年度报告") for year in (2018, 2019)
        )
        site.routes[f"/nb/{name}/"] = sites.page(sites.column(rows))
        for year in (2018, 2019):
            page = sites.page(
                f"<html><head><title>{year}年度报告</title></head>{'报告正文。' * 99}"
            )
            site.routes[f"/nb/{name}/t{year}0301_{number}.html"] = page


def test_years_and_departments_are_followed(site: Site, tmp_path: Path) -> None:
    departments(site)
    done = crawls.crawl(tmp_path, [crawls.portal(site)])
    assert (done.exit_code, done.portals["sample"].reports) == (0, 5)
    kept = crawls.captures(tmp_path, "kind = 'report'")
    assert sorted(one.agency for one in kept) == [
        "样例市",
        "样例市教育局",
        "样例市教育局",
        "样例市财政局",
        "样例市财政局",
    ]
    with CaptureStore.reader(tmp_path) as store:
        settings = json.loads(store.db.execute("SELECT settings FROM crawls").fetchone()[0])
    assert settings["portals"]["sample"]["agency"] == "样例市人民政府"


def test_inner_pages_and_parts_of_a_report(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2019, 2020))
    path = "/nb/201903/t20190301_2019"
    script = '<script>createPageHTML(2, 0, "t20190301_2019", "html");</script>'
    frames = '<iframe src="/inner/table.html"></iframe><iframe src="/top.html"></iframe>'
    site.routes[f"{path}.html"] = sites.page(sites.report(2019) + script + frames)
    site.routes[f"{path}_1.html"] = site.routes["/inner/table.html"] = sites.page(
        sites.report(2019)
    )
    assert crawls.crawl(tmp_path, [crawls.portal(site)]).exit_code == 0
    kept = crawls.captures(tmp_path, "kind = 'attachment'")
    assert sorted(one.url[len(site.url) :] for one in kept) == [
        "/inner/table.html",
        f"{path}_1.html",
    ]
    assert {one.link_text for one in kept} == {"样例市2019年政府信息公开工作年度报告"}


def test_probe_prints_what_it_found_and_the_entry(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2010, 2013))
    told = {"SiteName": "吉安市人民政府网", "SiteIDCode": "3608000001"}
    metas = "".join(f'<meta name="{name}" content="{value}">' for name, value in told.items())
    site.routes["/"] = sites.page(f'{metas}{NAV}<a href="/nb/">政府信息公开年报</a>')
    told = crawls.probe(tmp_path, site.url)
    (column,) = told["columns"]
    assert (column["reports"], column["years"], column["family"]) == (3, [2010, 2011, 2012], "trs")
    assert column["why"] == ["fixed column of the 2019 platform (+10)", "slug (+4)"]
    file = tmp_path / "entry.toml"
    file.write_text(told["entry"], "utf-8")
    (entry,) = tomllib.loads(told["entry"])["portal"]
    assert (entry["region"], entry["columns"]) == ("360800", [f"{site.url}/nb/"])
    checked = CliRunner().invoke(
        __import__("gongkai").main, ["portals", "check", "--portals", str(file)]
    )
    assert checked.output == "1 portals, 1 of them crawled: no fault\n"
    assert not any(path.startswith("/nb/2") for path in site.pages())  # no report was fetched
