"""What a capture knows beyond HTTP, as a WARC metadata record: written by us, read back by us."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from archive.stored import StoredCapture
from parsers.model import RENDER

from .records import fields

FIELD = "gongkai"
# Everything but bodies, heads and what the other records say by themselves.
KEPT = (
    "method",
    "outcome",
    "status",
    "head_is_wire",
    "decoded",
    "wire_encoding",
    "wire_length",
    "wire_sha1",
    "redirect_to",
    "portal",
    "kind",
    "link_text",
    "ip",
    "protocol",
    "verified",
    "error",
    "agency",
    "handler",
    "tls",
)
DRAWN = "drawn"  # which page of a list a browser drew: such a capture has no request record


def remark(capture: StoredCapture, *, rewritten: bool) -> bytes:
    """An application/warc-fields block; `via` and `fetchTimeMs` are names that others know."""
    values = asdict(capture)
    ours = {name: values[name] for name in KEPT if values[name] not in (None, "")}
    if capture.method == RENDER:
        ours[DRAWN] = capture.request_body.decode("ascii", "replace")
    lines = [f"{FIELD}: {json.dumps(ours | {'rewritten': rewritten}, sort_keys=True)}"]
    if capture.found_on:
        lines.insert(0, f"via: {capture.found_on}")
    if capture.elapsed_ms is not None:
        lines.append(f"fetchTimeMs: {capture.elapsed_ms}")
    return "".join(line + "\r\n" for line in lines).encode()


def understood(block: bytes) -> tuple[dict[str, Any], Mapping[str, str]]:
    """Our own fields (none in a foreign file), and the lines that others write."""
    said = fields(block)
    try:
        ours = json.loads(said.get(FIELD, "{}"))
    except ValueError:
        ours = {}
    return (ours if isinstance(ours, dict) else {}), said
