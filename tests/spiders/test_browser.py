"""Portals that a script draws, crawled as users do: with the real plugin and a real browser."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from archive.capture import CaptureStore
from archive.stored import StoredCapture
from parsers.model import RENDER
from spiders.pagers import PAGERS, Page
from spiders.registry import load
from spiders.shells import BARE
from spiders.simulator import World
from spiders.simulator.site import Answer, Asked

from . import crawls, tiny

needs_browser = pytest.mark.skipif(
    find_spec("scrapy_playwright") is None
    or not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    reason="the extra `browser` or Chromium is not installed",
)
# What runs the tests may be a container that has no user namespaces.
NO_SANDBOX = 'import os\nos.environ["GONGKAI_BROWSER"] = "nosandbox"\n'
SHELL = '<html><head><title></title></head><body><div id="app"></div><script src="{}"></script>'
REPORT = """fetch("/api/one").then((got) => got.text()).then((text) => {
  document.title = "报告"; document.getElementById("app").innerHTML = text; });"""
LOST = 'fetch("http://cdn.invalid/vue.js"); document.title = "年报";'


def script(text: str) -> Answer:
    return Answer(body=text.encode(), headers=(("Content-Type", "text/javascript"),))


def drawn_reports(asked: Asked) -> Answer | None:
    """A plain list; the page of 2023 is drawn, and that of the column /lost/ never is."""
    table = tiny.articles()[0].html
    answers = {
        tiny.path(2023): Answer(body=SHELL.format("/one.js").encode()),
        "/one.js": script(REPORT),
        "/api/one": Answer(body=f"<h1>{tiny.articles()[0].plan.title}</h1>{table}".encode()),
        "/lost/": Answer(body=SHELL.format("/lost.js").encode()),
        "/lost.js": script(LOST),
    }
    found = answers.get(asked.path)
    return (
        replace(found, headers=found.headers or (("Content-Type", tiny.UTF8),)) if found else None
    )


@dataclass(frozen=True, slots=True)
class Crawled:
    """One crawl of three portals: a drawn one by its column, and from home; a plain one."""

    data: Path
    world: World
    root: str
    lines: dict[str, str]  # portal -> its tally, as printed

    def captures(self, where: str) -> list[StoredCapture]:
        return crawls.captures(self.data, where)

    def body(self, capture: StoredCapture | None) -> str:
        assert capture is not None
        with CaptureStore.reader(self.data) as store:
            return store.body(str(capture.body_sha256)).decode()


@contextmanager
def crawled(folder: Path) -> Iterator[Crawled]:
    world = World(portals=("drawn",))
    plain = tiny.site("one", 142, tiny.pages(), drawn_reports)
    with world.start(), tiny.served(plain) as servers:
        (folder / "world.toml").write_text(world.registry_toml(), "utf-8")
        [drawn] = load(folder / "world.toml")
        base = servers["one"].base
        one = tiny.portal(servers["one"], columns=(f"{base}/nb/", f"{base}/lost/"))
        chosen = (replace(drawn, delay=0.1), replace(drawn, id="home", columns=(), delay=0.1), one)
        code, out, errors = crawls.run(folder, crawls.registry(folder, *chosen), 300, NO_SANDBOX)
        assert code == 5, errors
        lines = dict(line.split(" ", 1) for line in out.splitlines())
        yield Crawled(folder, world, world.base("drawn"), lines)


@needs_browser
def test_what_a_script_draws(tmp_path: Path, subtests: pytest.Subtests) -> None:
    with crawled(tmp_path) as done:
        for check in (all_reports, both_captures, manners, what_is_lost):
            with subtests.test(check.__name__):
                check(done)


def all_reports(done: Crawled) -> None:
    """Every report of three pages of rows, from the column and from the home page, and no noise."""
    rows = done.world.sites["drawn"].rows
    kept = done.captures("kind = 'report' AND outcome = 'ok'")
    wanted = {done.root + row.path for row in rows if row.expect == "report"}
    assert {one.url for one in kept if one.url.startswith(done.root)} == wanted
    assert all("'notes': []" in done.lines[name] for name in ("drawn", "home"))


def both_captures(done: Crawled) -> None:
    """What the server sent, and beside it, marked, what the browser made of it."""
    pages = done.captures(f"method = '{RENDER}'")
    assert {one.handler for one in pages} == {"browser"}
    own = {one.request_body for one in pages if one.url == f"{done.root}/open/annual"}
    assert own == {b"", b"page=2", b"page=3"}
    with CaptureStore.reader(done.data) as store:
        raw = store.last_good(f"{done.root}/open/annual")
    assert "<li>" not in done.body(raw)
    [report] = done.captures(f"method = '{RENDER}' AND kind = 'report'")
    assert "<table" in done.body(report)


def manners(done: Crawled) -> None:
    """No pictures, styles or sockets; nothing twice; never two connections, never too soon."""
    asked = [request.target for request in done.world.requests("drawn")]
    shells = {"/", "/open", "/open/annual", "/robots.txt"}
    own = [path for path in asked if path not in shells and not path.startswith("/open/detail/")]
    assert own == ["/static/js/app.js", *["/api/govinfo/page"] * 3]
    judged = done.world.judgement()["drawn"]
    assert judged.most_connections == 1
    assert min(judged.gaps) >= 0.09
    others = {one.url: one.outcome for one in done.captures("kind = 'other'")}
    away = ("http://127.0.1.99:9/leak", "http://cdn.invalid/vue.js")
    assert [others[url] for url in away] == ["off-portal", "off-portal"]


def what_is_lost(done: Crawled) -> None:
    assert BARE in done.lines["one"]
    assert "its script wants cdn.invalid" in done.lines["one"]


@needs_browser
def test_a_script_that_never_ends_ends_its_page_alone(tmp_path: Path) -> None:
    def respond(asked: Asked) -> Answer | None:
        shell = Answer(body=SHELL.format("/s.js").encode(), headers=(("Content-Type", tiny.UTF8),))
        return {"/loop/": shell, "/s.js": script("while (true) {}")}.get(asked.path)

    with tiny.served(tiny.site("one", 143, tiny.pages(), respond)) as servers:
        base = servers["one"].base
        one = tiny.portal(servers["one"], columns=(f"{base}/loop/", f"{base}/nb/"))
        soon = "from spiders.browser.drawing import Drawing\nDrawing.LONGEST = 2.0\n"
        file = crawls.registry(tmp_path, one)
        code, out, errors = crawls.run(tmp_path, file, 300, NO_SANDBOX + soon)
    assert code == 5, errors
    assert "did not end in 2 s" in out, out
    assert len(crawls.captures(tmp_path, "kind = 'report' AND outcome = 'ok'")) == 3


MORE = """<ul id=l>{row}</ul><a href="javascript:;" id=m>加载更多</a><a href="/news/">查看更多</a>
<script>let n = 1; const m = document.getElementById("m");
m.onclick = async () => {{ const got = await fetch("/rows?page=" + ++n);
  document.getElementById("l").insertAdjacentHTML("beforeend", await got.text());
  if (n > 2) m.style.display = "none"; }};</script>"""


@needs_browser
def test_a_button_that_brings_more_rows(tmp_path: Path) -> None:
    rows = [tiny.row(one) for one in tiny.articles()]

    def respond(asked: Asked) -> Answer | None:
        if asked.path != "/rows":
            return None
        row = rows[int(asked.query.removeprefix("page=")) - 1]
        return Answer(body=row.encode(), headers=(("Content-Type", tiny.UTF8),))

    page = tiny.page(tiny.listing("", MORE.format(row=rows[0])))
    with tiny.served(tiny.site("one", 144, tiny.pages() | {"/more/": page}, respond)) as servers:
        one = tiny.portal(servers["one"], columns=(f"{servers['one'].base}/more/",))
        code, out, errors = crawls.run(tmp_path, crawls.registry(tmp_path, one), 300, NO_SANDBOX)
    assert (code, "'notes': []" in out) == (0, True), out + errors
    assert len(crawls.captures(tmp_path, "kind = 'report' AND outcome = 'ok'")) == 3


@needs_browser
def test_without_a_chromium_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from spiders.browser.handler import NoBrowser, Provider

    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(NoBrowser, match="install chromium"):
        asyncio.run(Provider(None).launch_browser())


def test_only_a_drawn_page_turns_by_clicks() -> None:
    text = '<p>共 <b>12</b> 条</p><button data-gongkai-next="">下一页</button>'
    turn = PAGERS["clicks"].turn(Page(url="http://x.cn/a", text=text, number=2, method=RENDER))
    assert turn is not None
    assert (turn.promised, [ask.body for ask in turn.asks]) == (12, [b"page=3"])
    assert PAGERS["clicks"].turn(Page(url="http://x.cn/a", text=text)) is None
