"""A portal of many reports on loopback that counts what a visitor does; for the benchmarks.

Plain asyncio, so that the server costs little beside the crawler it measures.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

ROWS, PAGES = 50, 200  # rows of a list page, unless the column would have more pages than that
TEXT = "本年度本机关主动公开政府信息若干条，依申请公开若干件。" * 60
PAGE = '<html><head><meta charset="utf-8"><title>{0}</title></head><body>{1}</body></html>'


@dataclass(slots=True)
class Host:
    """One host's log; `open` counts connections between accept and the end of the stream."""

    reports: int
    robots: bytes = b""
    bare: bool = False  # sends no validators
    open: int = 0
    most: int = 0
    at_once: int = 0
    most_at_once: int = 0
    starts: list[float] = field(default_factory=list)
    whole: Counter[str] = field(default_factory=Counter)
    bytes: int = 0

    @property
    def rows(self) -> int:
        return max(ROWS, -(-self.reports // PAGES))

    def page(self, path: str) -> bytes | None:
        if path == "/robots.txt":
            return self.robots or None
        if path == "/":
            return _html("首页", '<a href="/nb/index.html">政府信息公开年报</a>')
        if path.startswith("/nb/index"):
            return self._column(path)
        number = path.removeprefix("/nb/t20200101_").removesuffix(".html")
        if number.isdecimal() and int(number) < self.reports:
            title = f"样例市{2000 + int(number) % 25}年政府信息公开工作年度报告{number}"
            return _html(title, f"<h1>{title}</h1><p>{TEXT}</p>")
        return None

    def _column(self, path: str) -> bytes:
        stem = path.removeprefix("/nb/index").removesuffix(".html").strip("_")
        page, pages = int(stem or 0), -(-self.reports // self.rows)
        numbers = range(page * self.rows, min((page + 1) * self.rows, self.reports))
        rows = "".join(
            f'<li><a href="t20200101_{n}.html">局{n}样例市{2004 + n % 20}年政府信息公开年度报告</a>'
            "<span>2020-01-02</span></li>"
            for n in numbers
        )
        call = f'createPageHTML({pages}, {page}, "index", "html");'
        return _html("政府信息公开年报", f"<ul>{rows}</ul><script>{call}</script>")


def _html(title: str, body: str) -> bytes:
    return PAGE.format(title, body).encode()


async def serve(host: Host, address: str, port: int) -> asyncio.Server:
    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host.open += 1
        host.most = max(host.most, host.open)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await _answer(host, head, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            host.open -= 1
            writer.close()

    return await asyncio.start_server(visit, address, port)


async def _answer(host: Host, head: bytes, writer: asyncio.StreamWriter) -> None:
    host.starts.append(time.monotonic())
    host.at_once += 1
    host.most_at_once = max(host.most_at_once, host.at_once)
    path = head.split(b" ", 2)[1].decode()
    body = host.page(path)
    tag = hashlib.sha256(body or b"").hexdigest()[:16].encode()
    if body is not None and tag in head:
        status, body = b"304 Not Modified", b""
    elif body is None:
        status, body = b"404 Not Found", b"<h1>404</h1>"
    else:
        status = b"200 OK"
        host.whole[path] += 1
        host.bytes += len(body)
    length = b"" if status[:3] == b"304" else b"Content-Length: %d\r\n" % len(body)
    mark = b"" if host.bare else b'ETag: "%b"\r\n' % tag
    writer.write(
        b"HTTP/1.1 %b\r\nContent-Type: text/html; charset=utf-8\r\n%b%b\r\n%b"
        % (status, mark, length, body)
    )
    host.at_once -= 1
    await writer.drain()


def figures(host: Host) -> dict[str, object]:
    gaps = [b - a for a, b in zip(host.starts, host.starts[1:], strict=False)]
    return {
        "requests": len(host.starts),
        "whole": dict(host.whole),
        "bytes": host.bytes,
        "most_connections": host.most,
        "most_at_once": host.most_at_once,
        "least_gap": min(gaps, default=None),
    }


async def main(hosts: int, reports: int, port: int, delay: float, bare: bool) -> None:
    """Serves until stdin ends; every line on stdin is answered by the figures, and forgets them."""
    robots = f"User-agent: *\nCrawl-delay: {delay}\n".encode() if delay else b""
    served = [Host(reports, robots, bare) for _ in range(hosts)]
    for number, host in enumerate(served):
        await serve(host, f"127.0.1.{number + 1}", port)
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps([figures(host) for host in served]), flush=True)
        for host in served:
            host.starts, host.whole, host.bytes = [], Counter(), 0


if __name__ == "__main__":
    hosts, reports, port = map(int, sys.argv[1:4])
    asyncio.run(main(hosts, reports, port, float(sys.argv[4]), sys.argv[5] == "bare"))
