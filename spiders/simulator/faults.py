"""What goes wrong on real portals, switched on per host: a fault turns an answer into another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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


def kinds() -> tuple[str, ...]:
    return (*TRANSPORT, *load("faults"))


def hit(answer: Answer, fault: Fault) -> Answer:
    """The answer as the fault leaves it; canned answers come from the data file."""
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


def _truncated(answer: Answer, fault: Fault) -> Answer:
    return replace(answer, cut=0.5)


def _broken_gzip(answer: Answer, fault: Fault) -> Answer:
    """Complete as far as HTTP can tell, cut inside the compressed stream."""
    packed = compress(answer.body, mtime=0)
    headers = (*answer.headers, ("Content-Encoding", "gzip"))
    return replace(answer, body=packed[: len(packed) // 2], headers=headers)


def _wrong_type(answer: Answer, fault: Fault) -> Answer:
    kept = tuple(pair for pair in answer.headers if pair[0] != "Content-Type")
    return replace(answer, headers=(*kept, ("Content-Type", "application/octet-stream")))


TRANSPORT: dict[str, Callable[[Answer, Fault], Answer]] = {
    "latency": _latency,
    "reset": _reset,
    "truncated": _truncated,
    "broken-gzip": _broken_gzip,
    "wrong-type": _wrong_type,
}
