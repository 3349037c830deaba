"""The rules of HTTP that every portal shares: validators, 304, compression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from email.utils import format_datetime, parsedate_to_datetime
from gzip import compress

from .site import Answer


def validators(answer: Answer) -> list[tuple[str, str]]:
    found = [("ETag", answer.etag)] if answer.etag else []
    if answer.modified:
        found.append(("Last-Modified", format_datetime(answer.modified, usegmt=True)))
    return found


def conditional(answer: Answer, headers: Mapping[str, str]) -> Answer:
    """304 where the visitor's validators still hold; an ETag outranks a date (RFC 9110, 13.2.2)."""
    if answer.status != 200 or not _unchanged(answer, headers):
        return answer
    kept = tuple(pair for pair in answer.headers if pair[0] != "Content-Type")
    return replace(answer, status=304, body=b"", headers=kept)


def _unchanged(answer: Answer, headers: Mapping[str, str]) -> bool:
    tags = headers.get("if-none-match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return bool(answer.etag) and (answer.etag in known or "*" in known)
    since = headers.get("if-modified-since")
    if since is None or answer.modified is None:
        return False
    try:
        return answer.modified <= parsedate_to_datetime(since)
    except ValueError:
        return False


def coded(answer: Answer, headers: Mapping[str, str]) -> Answer:
    """Compressed for whoever accepts it, unless it is coded already."""
    done = any(name == "Content-Encoding" for name, _ in answer.headers)
    if done or not answer.body or "gzip" not in headers.get("accept-encoding", ""):
        return answer
    extra = (("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"))
    body = compress(answer.body, mtime=0)
    return replace(answer, body=body, headers=(*answer.headers, *extra))
