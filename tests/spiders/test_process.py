"""Crawls as users run them: another process, the reactor, Scrapy's default handler."""

from __future__ import annotations

import gzip
import os
import re
import runpy
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from archive.capture import CaptureStore
from spiders import settings
from spiders.crawl import scrapy_settings

from . import crawls, sites
from .sites import Reply, Site


@pytest.fixture
def site():
    with sites.serve("127.0.0.4") as one:
        yield one


PACKED = gzip.compress(sites.report(2010).encode("gb18030"), mtime=0)
HEAD = (
    b"HTTP/1.1 200 \xcf\xc2\xd4\xd8\r\nserver: x\r\nServer: y\r\nX-Odd:1\r\n"
    b"Content-Disposition: inline; filename=\xc4\xea\xb1\xa8.html\r\nno colon here\r\n"
    b"content-encoding: gzip\r\nConnection: close\r\n"
    b"Content-Length: " + str(len(PACKED)).encode() + b"\r\n\r\n"
)
REPORT = "/nb/201003/t20100301_2010.html"
# What a host sends in place of its one report -> how often it is asked, what is recorded
SENT = {
    "whole": (HEAD + PACKED, 1, "ok"),
    "cut": (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<html>cut", 2, "truncated"),
    "cut-gzip": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\n"
        + gzip.compress(b"x" * 500, mtime=0)[:12],
        2,
        "truncated",
    ),
    "huge": (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n<html>", 1, "too-large"),
    "noise": (b"\x00", 3, "connection"),
}
BURST = 100


def test_what_hosts_send(tmp_path: Path, subtests: pytest.Subtests) -> None:
    """By Scrapy's default handler, in one crawl; with a host that is gone, and one that forbids
    all that a burst asks for."""
    with ExitStack() as stack:
        served = {
            name: stack.enter_context(sites.serve(f"127.0.0.{number}"))
            for number, name in enumerate((*SENT, "burst"), 51)
        }
        for name, (raw, _, _) in SENT.items():
            sites.static_portal(served[name], range(2010, 2011))
            served[name].routes[REPORT] = Reply(raw=raw)
        burst = served["burst"]
        burst.routes["/robots.txt"] = Reply(body=b"User-agent: *\nDisallow: /\n")
        columns = tuple(f"{burst.url}/nb/{number}" for number in range(BURST))
        with sites.serve("127.0.0.5") as dead:
            gone = crawls.portal(dead, "dead")
        entries = [crawls.portal(served[name], name) for name in SENT]
        entries += [crawls.portal(burst, "burst", columns=columns), gone]
        code, _, err = crawls.run(tmp_path, crawls.registry(tmp_path, *entries))
    assert (code, err) == (5, "")
    for name, (_, tries, outcome) in SENT.items():
        with subtests.test(name):
            kept = crawls.captures(tmp_path, f"portal = '{name}' AND kind = 'report'")
            assert [one.outcome for one in kept] == [outcome] * tries
            assert served[name].paths().count(REPORT) == tries
    assert [one.outcome for one in crawls.captures(tmp_path, "portal = 'dead'")] == ["connection"]
    assert burst.paths() == ["/robots.txt"]
    (whole,) = crawls.captures(tmp_path, "portal = 'whole' AND kind = 'report'")
    assert whole.response_head == HEAD
    assert whole.head_is_wire
    assert (whole.wire_length, whole.wire_encoding, whole.decoded) == (len(PACKED), "gzip", True)
    with CaptureStore.reader(tmp_path) as store:
        assert store.body(whole.body_sha256 or "") == sites.report(2010).encode("gb18030")
    assert b"Accept-Language: zh-CN" in whole.request_head
    assert served["whole"].asked[-1].headers["user-agent"].startswith("gongkai/")


def test_a_killed_crawl_goes_on_where_it_was(site: Site, tmp_path: Path) -> None:
    """The union is complete, and next to nothing is asked for twice."""
    sites.static_portal(site, range(2000, 2100), per_page=50)
    file = crawls.registry(tmp_path, crawls.portal(site))
    for reach in (10, 60):
        with crawls.started(tmp_path, file) as process:
            site.at[reach] = process.kill
            process.wait(120)
    code, _, err = crawls.run(tmp_path, file)
    assert (code, err) == (0, "")
    good = crawls.captures(tmp_path, "kind = 'report' AND outcome IN ('ok', 'not-modified')")
    assert len({one.url for one in good}) == 100
    assert len(site.pages()) <= 102 + 2 * 2


def test_an_interrupt_ends_tidily(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2000, 2020), delay="0.2")
    file = crawls.registry(tmp_path, crawls.portal(site))
    with crawls.started(tmp_path, file) as process:
        site.at[4] = lambda: process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
        assert process.returncode == 5
    with CaptureStore.reader(tmp_path) as store:
        ((reason,),) = store.db.conn.execute("SELECT end_reason FROM crawls").fetchall()
    assert reason == "shutdown"


def test_an_archive_that_fails_ends_the_crawl_in_one_line(site: Site, tmp_path: Path) -> None:
    """A file-size limit stands in for a full disk."""
    sites.static_portal(site, range(2000, 2100))
    file = crawls.registry(tmp_path, crawls.portal(site))
    cramped = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
    done = subprocess.run(
        [sys.executable, "-c", cramped + crawls.RUN, str(tmp_path), str(file)],
        cwd=crawls.ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("Unwritable: cannot ")
    assert len(site.pages()) < 100
    with CaptureStore.open(tmp_path) as store:
        assert all(store.body(one.body_sha256) for one in store.captures() if one.body_sha256)
    assert crawls.run(tmp_path, file)[0] == 0


def scrapy(data: Path, file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"GONGKAI_DATA": str(data), "GONGKAI_PORTALS": str(file)}
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=crawls.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_scrapy_crawl_is_the_same_crawl(site: Site, tmp_path: Path) -> None:
    sites.static_portal(site, range(2010, 2013))
    site.routes["/robots.txt"] = Reply(body=b"User-agent: *\nDisallow: /nb/2011\n")
    file = crawls.registry(tmp_path, crawls.portal(site))
    done = scrapy(tmp_path, file, "crawl", "portal", "-a", "portal=sample")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    kept = crawls.captures(tmp_path, "kind = 'report'")
    assert sorted(one.outcome for one in kept) == ["ok", "ok", "robots"]


def test_scrapy_crawl_of_an_unknown_portal_is_one_line(site: Site, tmp_path: Path) -> None:
    file = crawls.registry(tmp_path, crawls.portal(site))
    done = scrapy(tmp_path, file, "crawl", "portal", "-a", "portal=sampel")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "there is no portal 'sampel', perhaps sample" in done.stderr


def test_scrapy_list(tmp_path: Path) -> None:
    done = scrapy(tmp_path, tmp_path / "none", "list")
    assert (done.returncode, done.stdout) == (0, "portal\n")
    assert list(tmp_path.iterdir()) == []


def test_doors_are_shut() -> None:
    for name in ("TELNETCONSOLE", "REMOTE_CONTROL", "HTTPCACHE", "AUTOTHROTTLE"):
        assert not scrapy_settings({}).getbool(f"{name}_ENABLED")


def test_the_contact_stands_in_the_user_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_CONTACT", "https://example.org/crawl")
    agent = runpy.run_path(str(settings.__file__))["USER_AGENT"]
    assert re.fullmatch(r"gongkai/\S+ \(\+https://example\.org/crawl\)", agent)


def test_a_name_that_leads_into_a_private_network(site: Site, tmp_path: Path) -> None:
    """The look-up is replaced, since there is no such name; nothing may be sent."""
    there = f"http://portal.test:{site.port}/nb/"
    here = crawls.portal(site, home=f"http://portal.test:{site.port}/", columns=(there,), delay=1.0)
    lookup = 'import socket; socket.gethostbyname = lambda name: "127.0.0.4"\n'
    file = crawls.registry(tmp_path, here)
    done = subprocess.run(
        [sys.executable, "-c", lookup + crawls.RUN, str(tmp_path), str(file)],
        cwd=crawls.ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (5, "")
    assert site.asked == []
    (kept,) = crawls.captures(tmp_path)
    assert kept.outcome == "off-portal"
    assert kept.error == "portal.test leads to 127.0.0.4, a private address"
