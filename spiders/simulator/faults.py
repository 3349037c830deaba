"""What goes wrong on real portals, switched on per host: a fault turns an answer into another."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from gzip import compress

from .knowledge import load
from .site import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`kind` is one of `kinds()`; it hits targets that start with `path`, `times` times."""

    kind: str
    path: str = "/"
    times: int | None = None  # None: until it is cleared
    seconds: float = 0.2  # latency only


BOMB = 128 << 20  # bytes behind the gzip bomb
_HTML = "text/html"
_META = re.compile(rb"<meta charset=[^>]*>", re.IGNORECASE)
_CALL = re.compile(rb"(createPageHTML\((?:'[^']*',)?)(\d+)")


def kinds() -> tuple[str, ...]:
    return (*TRANSPORT, *MOVES, *load("faults"))


def hit(answer: Answer, fault: Fault, target: str) -> Answer:
    """The answer as the fault leaves it; canned answers come from the data file."""
    if fault.kind in MOVES:
        return _moved(fault.kind, target)
    if fault.kind in TRANSPORT:
        return TRANSPORT[fault.kind](answer, fault)
    canned = load("faults")[fault.kind]
    headers = {"Content-Type": "text/html", **canned.get("headers", {})}
    body = canned.get("body", "").encode()
    return Answer(status=canned["status"], body=body, headers=tuple(headers.items()))


def _latency(answer: Answer, fault: Fault) -> Answer:
    return replace(answer, delay=answer.delay + fault.seconds)


def _reset(answer: Answer, fault: Fault) -> Answer:
    return replace(answer, reset=True)


def _reset_inside(answer: Answer, fault: Fault) -> Answer:
    return replace(answer, reset=True, cut=0.5)


def _truncated(answer: Answer, fault: Fault) -> Answer:
    return replace(answer, cut=0.5)


def _broken_gzip(answer: Answer, fault: Fault) -> Answer:
    """Complete as far as HTTP can tell, cut inside the compressed stream."""
    packed = compress(answer.body, mtime=0)
    headers = (*answer.headers, ("Content-Encoding", "gzip"))
    return replace(answer, body=packed[: len(packed) // 2], headers=headers)


def _typed(answer: Answer, kind: str, body: bytes | None = None) -> Answer:
    kept = tuple(pair for pair in answer.headers if pair[0] != "Content-Type")
    body = answer.body if body is None else body
    return replace(answer, body=body, headers=(*kept, ("Content-Type", kind)))


def _wrong_type(answer: Answer, fault: Fault) -> Answer:
    return _typed(answer, "application/octet-stream")


def _says_gb2312(answer: Answer, fault: Fault) -> Answer:
    """UTF-8 under another name."""
    body = _META.sub(b'<meta charset="gb2312">', answer.body)
    return _typed(answer, f"{_HTML}; charset=gb2312", body)


def _says_utf_8(answer: Answer, fault: Fault) -> Answer:
    return _typed(answer, f"{_HTML}; charset=utf-8", _gb18030(answer.body))


def _says_nothing(answer: Answer, fault: Fault) -> Answer:
    return _typed(answer, _HTML, _META.sub(b"", _gb18030(answer.body)))


def _gb18030(body: bytes) -> bytes:
    return body.decode().encode("gb18030")


def _bom_inside(answer: Answer, fault: Fault) -> Answer:
    """As where files that begin with one were joined: also inside the cells of a table."""
    return replace(answer, body=answer.body.replace(b"</td>", b"\xef\xbb\xbf</td>", 40))


def _gbk_head(answer: Answer, fault: Fault) -> Answer:
    name = "年度报告.html".encode("gbk").decode("latin-1")  # as its bytes go on the wire
    extra = ("Content-Disposition", f'inline; filename="{name}"')
    return replace(answer, headers=(*answer.headers, extra))


def _endless(answer: Answer, fault: Fault) -> Answer:
    return replace(answer, endless=True)


def _bomb(answer: Answer, fault: Fault) -> Answer:
    return replace(
        answer, body=_bomb_body(), headers=(*answer.headers, ("Content-Encoding", "gzip"))
    )


@cache
def _bomb_body() -> bytes:
    return compress(bytes(BOMB), 1, mtime=0)


def _growing(answer: Answer, fault: Fault) -> Answer:
    """Between two calls the column has become a page longer."""
    body = _CALL.sub(lambda found: found[1] + str(int(found[2]) + 1).encode(), answer.body)
    return replace(answer, body=body)


def _moved(kind: str, target: str) -> Answer:
    """Sends the visitor on: to the same address with a cookie, or by the page to another one."""
    if kind == "cookie-redirect":
        headers = (("Location", target), ("Set-Cookie", "CT6T=1; path=/"))
        return Answer(status=302, headers=headers)
    there = f"{target}{'&' if '?' in target else '?'}from=1"
    return Answer(body=MOVES[kind].format(there).encode(), headers=(("Content-Type", _HTML),))


MOVES = {
    "cookie-redirect": "",
    "meta-refresh": '<html><head><meta http-equiv="refresh" content="0;url={}"></head></html>',
    "script-redirect": '<html><script>window.location.href="{}";</script><body></body></html>',
}
TRANSPORT: dict[str, Callable[[Answer, Fault], Answer]] = {
    "latency": _latency,
    "reset": _reset,
    "reset-inside": _reset_inside,
    "truncated": _truncated,
    "broken-gzip": _broken_gzip,
    "wrong-type": _wrong_type,
    "says-gb2312": _says_gb2312,
    "says-utf-8": _says_utf_8,
    "says-nothing": _says_nothing,
    "bom-inside": _bom_inside,
    "gbk-head": _gbk_head,
    "endless": _endless,
    "gzip-bomb": _bomb,
    "growing": _growing,
}
