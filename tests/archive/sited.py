"""A published archive for the site: sample portals' pages, a PDF, a hostile page, a script."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from archive.build import build
from archive.capture import CaptureStore
from archive.reparse import reparse
from archive.serve import Served, ended
from parsers.model import Capture
from spiders.simulator import World

MADE = Path(__file__).parents[1] / "documents" / "made"
WANTED = {("吉安市", 2017), ("吉安市", 2018), ("吉安市", 2023), ("海坛县", 2020), ("海坛县", 2022)}
OPENED: list[Any] = []
HOST = "http://archive.example"
# What an archived page may try; `BAIT` is an address that would be asked if anything got through.
HOSTILE = """
<script>document.title='ran';fetch('BAIT/script')</script>
<script src="BAIT/outside.js"></script><base href="BAIT/">
<meta http-equiv="refresh" content="0;url=BAIT/refresh">
<link rel="stylesheet" href="BAIT/sheet.css"><style>@import url(BAIT/import.css);
body{background:url("BAIT/back.png")}
@font-face{font-family:x;src:url(BAIT/font.woff)}td{font-family:x}</style>
<img src="BAIT/image.png" onerror="fetch('BAIT/error')"><iframe src="BAIT/frame"></iframe>
<form action="BAIT/form"><button>go</button></form><object data="BAIT/object"></object>
<svg onload="fetch('BAIT/svg')"><script>fetch('BAIT/svgscript')</script></svg>
<div style="background-image:url(BAIT/style.png)" onmouseover="fetch('BAIT/over')">x</div>
<a href="javascript:fetch('BAIT/link')">y</a><video src="BAIT/video" autoplay></video>
<math><mtext><table><mglyph><style><!--</style>
<img title="--&gt;&lt;img src=BAIT/mutation onerror=alert(1)&gt;">
</table></mtext></math><body onload="fetch('BAIT/load')">
"""


def made(data: Path, bait: str) -> Path:
    """Crawled twice, so that one number changed; read by the parsers that ship; published."""
    world = World()
    before = _captures(world, day=1)
    world.edit()
    after = [c for c in _captures(world, day=2) if c.body not in {b.body for b in before}]
    _keep(data, [*before, *_others(world, bait)])
    reparse(data)
    _keep(data, after)
    reparse(data)
    build(data)
    return data


def _captures(world: World, day: int) -> list[Capture]:
    kept = [t for t in world.truth() if (t.agency, t.year) in WANTED | {("吉安市", 2016)}]
    return [
        _capture(f"{HOST}{t.path}", world.sites[t.portal].pages[t.path].body, day, t.portal)
        for t in kept
    ]


def _others(world: World, bait: str) -> list[Capture]:
    (truth,) = [t for t in world.truth() if (t.agency, t.year) == ("吉安市", 2024)]
    page = world.sites["jian"].pages[truth.path].body.decode("utf-8")
    hostile = page.replace("<body", HOSTILE.replace("BAIT", bait) + "<body", 1)
    (truth,) = [t for t in world.truth() if (t.agency, t.year) == ("吉安市", 2021)]
    page = world.sites["jian"].pages[truth.path].body.decode("utf-8")
    start, stop = page.index("<table"), page.rindex("</table>") + len("</table>")
    escaped = json.dumps(page[start:stop]).replace("</", "<\\/")
    script = f"<script>var content = {escaped};</script>"
    return [
        _capture(f"{HOST}/hostile.html", hostile.encode(), 1, "jian"),
        _capture(f"{HOST}/script.html", (page[:start] + script + page[stop:]).encode(), 1, "jian"),
        _capture(f"{HOST}/file.pdf", (MADE / "pingtan-2024.chromium.pdf").read_bytes(), 1, "jian"),
        _capture(f"{HOST}/file.docx", (MADE / "shanghai-2019.docx").read_bytes(), 1, "jian"),
        _capture(f"{HOST}/list.html", b"<html>list of reports", 1, "jian", kind="listing"),
    ]


def _capture(url: str, body: bytes, day: int, portal: str, kind: str = "report") -> Capture:
    return Capture(
        url=url,
        body=body,
        fetched_at=f"2026-01-{day:02}T08:00:00.000Z",
        outcome="ok",
        status=200,
        response_head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
        kind=kind,  # type: ignore[arg-type]
        portal=portal,
    )


def _keep(data: Path, captures: list[Capture]) -> None:
    with CaptureStore.open(data) as store:
        crawl = store.begin_crawl(reason="crawl", settings={})
        for capture in captures:
            store.record(capture, crawl=crawl)
        store.end_crawl(crawl, reason="finished", stats={})


@contextmanager
def running(path: Path) -> Iterator[str]:
    """`gongkai serve`'s application on a free port of loopback."""
    import uvicorn

    config = uvicorn.Config(Served(path), port=0, log_level="error", server_header=False)
    server = uvicorn.Server(config)
    thread = Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def site(*files: Path, **options: Any) -> Any:
    """An in-process Datasette on these files, started."""
    from datasette.app import Datasette

    made_site = Datasette(immutables=[str(file) for file in files], **options)
    OPENED.append(made_site)
    asyncio.run(made_site.invoke_startup())
    return made_site


def close_all() -> None:
    """Every in-process Datasette: its threads, then their connections."""
    while OPENED:
        ended(OPENED.pop())


def get(made_site: Any, path: str, **headers: str) -> Any:
    """One answer of it."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return asyncio.run(made_site.client.get(path, headers=sent))
