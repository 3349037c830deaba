"""A portal on loopback whose every answer is scripted, and which writes down every request."""

from __future__ import annotations

import hashlib
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is sent; `raw` is the whole answer, byte for byte, and ends the connection."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    at: float
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Script = Reply | Callable[[Asked], Reply]
MISSING = Reply(status=404, body=b"<html><h1>Not Found</h1></html>")


@dataclass(slots=True)
class Site:
    """`routes` may be changed while it runs."""

    host: str
    port: int
    routes: dict[str, Script] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    scheme: str = "http"
    at: dict[int, Callable[[], None]] = field(
        default_factory=dict
    )  # what the n-th request sets off

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    def paths(self, method: str = "GET") -> list[str]:
        return [one.path for one in self.asked if one.method == method]

    def pages(self) -> list[str]:
        """Everything but robots.txt."""
        return [one.path for one in self.asked if one.path != "/robots.txt"]

    def answer(self, asked: Asked) -> Reply:
        plain = asked.path.partition("?")[0]  # a route without a query answers every query
        script = self.routes.get(asked.path) or self.routes.get(plain, MISSING)
        return script if isinstance(script, Reply) else script(asked)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 40 ms for its acknowledgement
    site: ClassVar[Site]

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        asked = Asked(
            at=time.monotonic(),
            method=self.command,
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        self.site.asked.append(asked)
        self.site.at.pop(len(self.site.asked), bool)()
        self._send(self.site.answer(asked))

    do_POST = do_GET

    def _send(self, reply: Reply) -> None:
        if reply.raw:
            self.wfile.write(reply.raw)
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """pytest shows enough."""


@contextmanager
def serve(host: str, *, certificate: Path | None = None, old: bool = False) -> Iterator[Site]:
    site = Site(host=host, port=0, scheme="https" if certificate else "http")
    handler = type("Handler", (_Handler,), {"site": site})
    server = ThreadingHTTPServer((host, 0), handler)
    server.daemon_threads = True
    site.port = server.server_address[1]
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        if old:  # what the libraries of this century no longer speak
            context.set_ciphers("ALL:@SECLEVEL=0")
            with warnings.catch_warnings(action="ignore"):
                context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def page(text: str, *, etag: bool = True) -> Callable[[Asked], Reply]:
    """A page with validators: asked again with them, it says 304."""
    body = text.encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
    headers = (("Content-Type", "text/html; charset=utf-8"), *([("ETag", tag)] if etag else []))

    def answer(asked: Asked) -> Reply:
        if etag and asked.headers.get("if-none-match") == tag:
            return Reply(status=304, headers=(("ETag", tag),))
        return Reply(body=body, headers=headers)

    return answer


def column(rows: str, script: str = "") -> str:
    return (
        "<html><head><title>政府信息公开年报</title>"
        '<meta name="ColumnName" content="政府信息公开年报"></head>'
        f"<body><ul>{rows}</ul><script>{script}</script></body></html>"
    )


def row(path: str, title: str) -> str:
    return f'<li><a href="{path}" title="{title}">{title}</a><span>2020-01-02</span></li>'


def report(year: int, body: str = "样例市") -> str:
    text = f"<p>{body}{year}年政府信息公开工作年度报告。" + "本年度主动公开政府信息若干条。" * 40
    return f"<html><head><title>{year}</title></head><body>{text}</p></body></html>"


def static_portal(site: Site, years: range, *, per_page: int = 100, delay: str = "") -> None:
    """A TRS column under /nb/: pages of rows, one report a year."""
    paths = {year: f"./{year}03/t{year}0301_{year}.html" for year in reversed(years)}
    rows = [row(path, f"样例市{year}年政府信息公开工作年度报告") for year, path in paths.items()]
    parts = [rows[i : i + per_page] for i in range(0, len(rows), per_page)] or [[]]
    for number, part in enumerate(parts):
        call = f'createPageHTML({len(parts)}, {number}, "index", "html");'
        text = page(column("".join(part), call))
        site.routes[f"/nb/index{f'_{number}' if number else ''}.html"] = text
        if not number:
            site.routes["/nb/"] = text
    for year, path in paths.items():
        site.routes["/nb" + path[1:]] = page(report(year))
    if delay:
        robots = f"User-agent: *\nCrawl-delay: {delay}\n".encode()
        site.routes["/robots.txt"] = Reply(body=robots)
