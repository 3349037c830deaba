"""Exchanges to store: pages that compress like real ones, and heads that are not text."""

from __future__ import annotations

import random
from pathlib import Path

from archive.capture import CaptureStore, now
from parsers.model import Capture

GBK_HEAD = "HTTP/1.1 200 OK\r\nContent-Disposition: 公开.doc\r\n\r\n".encode("gbk")
HOST = "http://www.jian.gov.cn"


def page(number: int) -> bytes:
    """A report of a host whose pages share their furniture; about 24 KB."""
    furniture = random.Random(1).randbytes(11_000).hex()
    own = random.Random(number).randbytes(300).hex()
    return f"<!DOCTYPE html><html><!--{furniture}--><td>{number}</td>{own}</html>".encode()


def exchange(number: int = 1, **fields: object) -> Capture:
    """A good report; `fields` replaces any of its parts."""
    given: dict[str, object] = {
        "url": f"{HOST}/xxgk-show-{number}.html",
        "request_head": b"GET / HTTP/1.1\r\nAccept-Language: zh-CN\r\n\r\n",
        "fetched_at": now(),
        "outcome": "ok",
        "status": 200,
        "response_head": GBK_HEAD,
        "head_is_wire": True,
        "body": page(number),
        "wire_encoding": "gzip",
        "wire_length": 9_000,
        "wire_sha1": "0" * 40,
        "portal": "jian",
        "kind": "report",
        "found_on": f"{HOST}/list.html",
        "link_text": f"吉安市{number}年年度报告",
        "ip": "127.0.0.2",
        "protocol": "HTTP/1.1",
        "verified": None,
        "elapsed_ms": 12,
    }
    return Capture(**(given | fields))  # type: ignore[arg-type]  # a table of cases


def filled(data: Path, pages: int) -> None:
    """An archive of `pages` good reports, closed and at rest."""
    with CaptureStore.open(data) as store:
        crawl = store.begin_crawl(reason="test", settings={})
        store.record_all([exchange(number) for number in range(pages)], crawl=crawl)


def flip(path: Path, near: bytes, offset: int = 0) -> None:
    """Turns one bit of the byte `offset` after the only place that holds `near`."""
    content = bytearray(path.read_bytes())
    at = content.index(near)
    assert content.find(near, at + 1) == -1
    content[at + offset] ^= 1
    path.write_bytes(content)
