"""From a portal to coverage: every state is reached by a crawl, and told with its reason."""

from __future__ import annotations

import json
import zlib
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.build import build
from archive.coverage import order
from archive.reparse import reparse
from archive.sqlite import sqlite3
from gongkai import main
from spiders.registry import Portal
from spiders.simulator import World

from . import crawls, sites
from .sites import Reply, Site

CRAWLED = "2026-02-10T08:00:00.000Z"  # after the day of departments, before that of governments
CHALLENGE = Reply(status=412, body=b"<script>$_ts=window['$_ts']</script>")
ERROR = Reply(status=500)
# A white PNG of 90 x 90 points, one bit each: a picture that opens and shows no table.
_PARTS = {
    b"IHDR": b"\0\0\0Z\0\0\0Z\1\0\0\0\0",
    b"IDAT": zlib.compress((b"\0" + b"\xff" * 12) * 90),
    b"IEND": b"",
}
PICTURE = Reply(
    body=b"\x89PNG\r\n\x1a\n"
    + b"".join(
        len(part).to_bytes(4, "big") + name + part + zlib.crc32(name + part).to_bytes(4, "big")
        for name, part in _PARTS.items()
    ),
    headers=(("Content-Type", "image/png"),),
)
GONE = sites.page("<html><title>404</title><body>您访问的页面不存在</body></html>")
# Each portal: agency, region, what /robots.txt and the column answer.
SHUT = {
    "challenged": ("吉安市吉州区人民政府", "360802", None, CHALLENGE),
    "guarded": ("吉安市青原区人民政府", "360803", CHALLENGE, None),
    "forbidden": ("吉水县人民政府", "360822", Reply(body=b"User-agent: *\nDisallow: /"), None),
    "moved": ("泰和县人民政府", "360826", None, None),
    "empty": ("安福县人民政府", "360829", None, sites.page(sites.column(""))),
}
RULING = """
kind = "missing"
by = "王五"
decided = 2026-02-11
why = "the office says none was made"
agency = "吉安市"
region = "360800"
year = 2015
"""
EXPECTED = {
    ("吉安市", 2013): ("no_table", "the report is there, without a statistics table"),
    ("吉安市", 2014): ("soft_404", "the listed page answers, but holds no report: soft-404: 404"),
    ("吉安市", 2015): ("confirmed_missing", "王五, 2026-02-11: the office says none was made"),
    ("吉安市", 2016): ("not_found", "the listed page answers with an error: 404"),
    ("吉安市", 2017): ("not_found", "no page of a report was found, though earlier and later ones "
                                 "were"),
    ("吉安市", 2018): ("ok", "numbers were read"),
    ("吉安市", 2019): ("ok", "numbers were read"),
    ("吉安市", 2020): ("image_only", "the report is there, its tables are pictures"),
    ("吉安市", 2021): ("suspicious", "two tables print the same section"),
    ("吉安市", 2022): ("partial", "2 of the three sections A, B, C have numbers"),
    ("吉安市", 2023): ("ok", "numbers were read"),
    ("吉安市", 2024): ("not_found", "no page of a report was found, though earlier ones were"),
    ("吉安市", 2025): ("not_due", "the deadline has not passed"),
    ("吉安市吉州区人民政府", 2024): ("blocked", "the host answers our address with a challenge"),
    ("吉安市青原区人民政府", 2024): ("blocked", "the host answers our address with a challenge"),
    ("吉水县人民政府", 2024): ("blocked", "robots.txt forbids the column"),
    ("泰和县人民政府", 2024): ("not_found", "the column answers with an error"),
    ("安福县人民政府", 2024): ("not_found", "no report of this body was found"),
    ("万安县人民政府", 2024): ("unreachable", "the host refused the connection"),
    ("万安县人民政府", 2025): ("not_due", "the deadline has not passed"),
    ("吉安市教育局", 2025): ("unreachable", "the host refused the connection"),
}  # fmt: skip


@pytest.fixture
def crawled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One crawl of portals with every ailment, on a fixed day, read and published."""
    monkeypatch.setattr("spiders.exchange.now", lambda: CRAWLED)
    with ExitStack() as stack:
        site = stack.enter_context(sites.serve("127.0.0.21"))
        column(site)
        portals = [entry(site, "whole", "吉安市人民政府", "360800")]
        for number, (name, (agency, region, robots, lists)) in enumerate(SHUT.items(), 22):
            shut = stack.enter_context(sites.serve(f"127.0.0.{number}"))
            shut.routes |= {"/robots.txt": robots} if robots else {}
            shut.routes |= {"/nb/": lists} if lists else {}
            portals.append(entry(shut, name, agency, region))
        portals.append(entry(Site("127.0.0.1", 1), "nobody", "万安县人民政府", "360828"))
        portals.append(entry(Site("127.0.0.2", 1), "bureau", "吉安市教育局", "360800"))
        crawls.crawl(tmp_path, portals)
    (tmp_path / "rulings").mkdir()
    (tmp_path / "rulings" / "none-2015.toml").write_text(RULING, "utf-8")
    reparse(tmp_path)
    build(tmp_path)
    return tmp_path


def entry(site: Site, name: str, agency: str, region: str) -> Portal:
    return replace(crawls.portal(site, name, since=2023), agency=agency, region=region)


def column(site: Site) -> None:
    """A column with a page for each state that a page can have."""
    world = World()
    whole = {
        truth.year: world.sites["jian"].pages[truth.path].body.decode("utf-8")
        for truth in world.truth()
        if truth.agency == "吉安市"
    }
    broken_off = whole[2022][: len(whole[2022]) * 6 // 10]
    again = whole[2022].replace("2022", "2021")  # other numbers under the same year
    pages = {year: sites.page(whole[year]) for year in (2018, 2019, 2023)}
    pages[2022] = sites.page(broken_off)
    pages[2021] = sites.page(whole[2021].replace("</body>", again + "</body>"))
    pages |= {2013: sites.page(sites.report(2013, "吉安市")), 2014: GONE}
    titled = "吉安市{}年政府信息公开工作年度报告"
    rows = [sites.row(f"/nb/{year}.html", titled.format(year)) for year in (*pages, 2016)]
    rows.append(sites.row("/nb/2020.png", titled.format(2020)))
    site.routes |= {f"/nb/{year}.html": page for year, page in pages.items()}
    site.routes |= {"/nb/": sites.page(sites.column("".join(rows))), "/nb/2020.png": PICTURE}


def test_every_state_is_reached_and_shown_with_its_reason(crawled: Path) -> None:
    said = CliRunner().invoke(main, ["coverage", "--json", "--data", str(crawled)])
    told = [json.loads(line) for line in said.output.splitlines()]
    found = {(cell["agency"], cell["year"]): (cell["state"], cell["reason"]) for cell in told}
    assert {key: found.get(key) for key in EXPECTED} == EXPECTED
    assert {state for state, _ in EXPECTED.values()} == set(order())
    with sqlite3.connect(crawled / "gongkai.db") as db:
        rows = db.execute("SELECT agency, year, state, reason FROM coverage").fetchall()
    db.close()
    assert {(agency, year): told for agency, year, *told in rows} == {
        key: list(value) for key, value in found.items()
    }
