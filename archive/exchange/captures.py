"""An exchange of a WARC file as a capture."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import Any

from archive.coding import decode_entity
from parsers.errors import TooLarge
from parsers.model import Capture

from . import judging, messages
from .pairing import Exchange
from .records import Record, sha1_of
from .remarks import DRAWN, understood

OURS_ALONE = ("rewritten", "decoded", DRAWN)
INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|\+00:?00)$")
HTTP = re.compile(r"https?://[^/\s]", re.IGNORECASE)


class Skipped(Exception):
    """A record that is no capture; its text is the reason, counted in the summary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A capture, and for a revisit the visit whose body it repeats."""

    capture: Capture
    of_url: str = ""
    of_date: str = ""
    of_id: str = ""
    of_sha1: str = ""  # what the revisit says of the payload that it repeats
    id: str = ""

    @property
    def is_revisit(self) -> bool:
        return bool(self.of_url or self.of_id)


def incoming(exchange: Exchange) -> Incoming:
    """The capture behind an exchange; Skipped when it is none."""
    main = exchange.answer or exchange.metadata or exchange.request
    if main is None or not HTTP.match(main.url):
        raise Skipped("not of the web")
    ours, said = understood(exchange.metadata.block if exchange.metadata else b"")
    if exchange.answer is None and not ours:
        raise Skipped("without an answer")
    head, body = messages.split(exchange.request.block) if exchange.request else (b"", b"")
    base = Capture(
        url=main.url,
        method=_method(head),
        request_head=head,
        request_body=body,
        fetched_at=instant(main.headers.get("warc-date", "")),
        outcome="failed",
        found_on=said.get("via", ""),
        ip=main.headers.get("warc-ip-address", ""),
        elapsed_ms=_whole(said.get("fetchtimems", "")),
    )
    if exchange.answer is None:
        return Incoming(capture=replace(base, **_known(ours)))
    return _answered(base, exchange.answer, ours)


def _answered(base: Capture, answer: Record, ours: dict[str, Any]) -> Incoming:
    is_http = "http" in answer.headers.get("content-type", "application/http").lower()
    if answer.kind == "resource" or not is_http:
        head, wire = _described(answer), answer.block
    else:
        head, wire = messages.split(answer.block)
    if ours and head.startswith(b"Content-Type: application/octet-stream\r\n"):
        head = b""  # the type that a resource is given for want of any
    if ours.get("rewritten"):
        head = messages.as_received(head)
    base = replace(base, response_head=head, status=messages.status(head))
    capture = replace(_with_body(base, head, wire, answer), **_known(ours))
    if ours:
        capture = replace(capture, body=wire, decoded=bool(ours.get("decoded", True)))
    return _revisit(capture, answer) if answer.kind == "revisit" else Incoming(
        capture=capture, id=answer.id
    )  # fmt: skip


def _revisit(capture: Capture, answer: Record) -> Incoming:
    """The body is that of the first visit; an answer 304 has none of its own."""
    modified = capture.status != 304
    return Incoming(
        capture=replace(
            capture, body=None, outcome=capture.outcome if modified else "not-modified"
        ),
        of_url=answer.headers.get("warc-refers-to-target-uri", "").strip("<>") or capture.url,
        of_date=_soft_instant(answer.headers.get("warc-refers-to-date", "")),
        of_id=answer.headers.get("warc-refers-to", ""),
        of_sha1=sha1_of(answer.headers.get("warc-payload-digest", "")),
        id=answer.id,
    )


def _described(answer: Record) -> bytes:
    """A resource has a type and no head: no status line is invented for it."""
    declared = answer.headers.get("content-type", "")
    return f"Content-Type: {declared}\r\n\r\n".encode() if declared else b""


def _with_body(base: Capture, head: bytes, wire: bytes, answer: Record) -> Capture:
    if "chunked" in messages.field(head, "transfer-encoding").lower():
        wire = messages.dechunked(wire) or wire
    location = messages.field(head, "location")
    announced = _whole(messages.field(head, "content-length"))
    cut = "warc-truncated" in answer.headers or (
        answer.kind == "response" and announced is not None and len(wire) < announced
    )
    declared = messages.field(head, "content-type")
    encoding = messages.field(head, "content-encoding")
    body, decoded, error = _decoded(wire, encoding)
    found = "failed" if error else judging.outcome(base.status, location, cut)
    if not error:
        found = judging.judged(found, body, base.status, declared, base.url)
    return replace(
        base,
        outcome=found,
        error=error,
        body=body,
        decoded=decoded,
        wire_encoding=encoding,
        wire_length=len(wire),
        wire_sha1=hashlib.sha1(wire, usedforsecurity=False).hexdigest(),
        redirect_to=location if base.status and 300 <= base.status < 400 else "",
        kind=judging.kind(body, declared, base.url),
    )


def _decoded(wire: bytes, encoding: str) -> tuple[bytes, bool, str]:
    """Crawlers that store decoded bodies keep the field: then the bytes are already the entity."""
    try:
        body, decoded = decode_entity(wire, encoding)
    except TooLarge as error:
        return wire, False, str(error)
    if decoded or b"<" in wire[:256] or wire.startswith(b"%PDF"):
        return body, True, ""
    return wire, False, f"the coding {encoding!r} cannot be removed"


def _known(ours: dict[str, Any]) -> dict[str, Any]:
    """Our own remark is believed: it is what the archive that wrote it knew."""
    known = {name: value for name, value in ours.items() if name not in OURS_ALONE}
    if DRAWN in ours:
        known["request_body"] = str(ours[DRAWN]).encode()
    for name in ("head_is_wire", "verified"):
        if known.get(name) is not None:
            known[name] = bool(known[name])
    return known


def _method(head: bytes) -> str:
    first = head.partition(b" ")[0]
    return first.decode("ascii") if first.isalpha() and first.isupper() else "GET"


def instant(text: str) -> str:
    """A WARC-Date in our one form of time; Skipped when it is none."""
    found = INSTANT.match(text.strip())
    if not found:
        raise Skipped("without a date")
    return f"{found[1]}.{(found[2] or '')[:3]:0<3}Z"


def _soft_instant(text: str) -> str:
    try:
        return instant(text)
    except Skipped:
        return ""


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
