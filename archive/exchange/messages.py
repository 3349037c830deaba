"""HTTP messages as bytes: split, framed, and renamed where a decoded body needs another head."""

from __future__ import annotations

import re

# Of what the head says about the transfer, these no longer hold for a decoded body. Common Crawl
# keeps them under the same prefix.
PREFIX = b"X-Crawler-"
TRANSFER = re.compile(
    rb"^(?=(?:transfer-encoding|content-encoding|content-length)[ \t]*:)", re.I | re.M
)
RENAMED = re.compile(
    rb"^X-Crawler-(?=(?:transfer-encoding|content-encoding|content-length)[ \t]*:)", re.I | re.M
)
END = re.compile(rb"\r?\n\r?\n")
STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})")
SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


def split(message: bytes) -> tuple[bytes, bytes]:
    """Head with its empty line, and body; a message without an empty line is all head."""
    found = END.search(message)
    return (message[: found.end()], message[found.end() :]) if found else (message, b"")


def field(head: bytes, name: str) -> str:
    """The last value of a field, as it was sent; "" when there is none."""
    values = re.findall(
        rb"^" + re.escape(name.encode()) + rb"[ \t]*:[ \t]*([^\r\n]*)", head, re.I | re.M
    )
    return values[-1].strip().decode("utf-8", "backslashreplace") if values else ""


def status(head: bytes) -> int | None:
    """Of a response; None for anything else."""
    found = STATUS.match(head)
    return int(found[1]) if found else None


def dechunked(body: bytes) -> bytes | None:
    """The body without chunk framing; None when it has none, or one that breaks off.

    Crawlers disagree: wget and warcio keep the framing, others take it off and keep the field.
    """
    parts: list[bytes] = []
    at = 0
    while found := SIZE.match(body, at):
        size = int(found[1], 16)
        if not size:
            return b"".join(parts)
        end = found.end() + size
        if end > len(body):
            return None
        parts.append(body[found.end() : end])
        at = end + (2 if body.startswith(b"\r\n", end) else 1)
    return None


def for_decoded(head: bytes, length: int) -> bytes:
    """The head to a body that has no transfer or content coding left, with its true length."""
    kept = TRANSFER.sub(PREFIX, head)
    newline = b"\n" if b"\r\n" not in kept else b"\r\n"
    fields = kept[: -len(newline)] if kept.endswith(newline * 2) else kept.rstrip(b"\r\n") + newline
    return fields + b"Content-Length: " + str(length).encode() + newline * 2


def as_received(head: bytes) -> bytes:
    """What `for_decoded` was given."""
    newline = b"\n" if b"\r\n" not in head else b"\r\n"
    fields = head[: -2 * len(newline)].rpartition(newline)[0]
    return RENAMED.sub(b"", fields + newline * 2)
