"""HTTP heads as bytes: read one field, or write what the wire no longer shows."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.http.headers import Headers


def field(head: bytes, name: str) -> bytes:
    """The last value of that field, b"" when there is none."""
    wanted = name.lower().encode() + b":"
    lines = (line.strip() for line in head.split(b"\n"))  # a drawn page has no status line
    values = [line[len(wanted) :].strip() for line in lines if line.lower().startswith(wanted)]
    return values[-1] if values else b""


def of_request(request: Request) -> bytes:
    """As the handler writes it, but for the order of the fields."""
    parts = urlsplit(request.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{request.method} {path} HTTP/1.1".encode(), b"Host: " + parts.netloc.encode()]
    return b"\r\n".join([*lines, *_lines(request.headers), b"", b""])


def of_response(response: Response) -> bytes:
    """Rebuilt from what Scrapy kept: names re-cased, their order and the reason lost."""
    protocol = response.protocol or "HTTP/1.1"
    start = f"{protocol} {response.status}".encode()
    return b"\r\n".join([start, *_lines(response.headers), b"", b""])


def _lines(headers: Headers) -> list[bytes]:
    return [name + b": " + value for name in headers for value in headers.getlist(name)]
