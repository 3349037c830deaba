"""One exchange as the archive keeps it: from an answer, or from the want of one."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from scrapy import Request
from scrapy.http import Response

from archive.capture import now
from archive.coding import DECODERS, decode_entity
from archive.frontier import Task
from archive.stored import StoredCapture
from parsers.classify import page_class
from parsers.decode import decode
from parsers.errors import TooLarge
from parsers.model import RENDER, Capture, Kind, Outcome
from parsers.suffixes import NAMED

from . import heads
from .addresses import host_of
from .attachments import PICTURE
from .certificates import Shown
from .identity import identity
from .jumps import jumps
from .outcomes import message, of_exception, of_status
from .resolver import PRIVATE_NAMES


def answered(request: Request, response: Response) -> Capture:
    """The capture of an answer; `response` carries the bytes of the wire."""
    encoding = (response.headers.get("Content-Encoding") or b"").decode("latin-1").strip()
    location = (response.headers.get("Location") or b"").decode("utf-8", "backslashreplace")
    raw = request.meta.pop("raw_head", None)
    common = replace(
        _common(request),
        status=response.status,
        response_head=raw or heads.of_response(response),
        head_is_wire=raw is not None,
        wire_encoding=encoding,
        wire_length=len(response.body),
        wire_sha1=hashlib.sha1(response.body, usedforsecurity=False).hexdigest(),
        redirect_to=location if 300 <= response.status < 400 else "",
        ip=str(response.ip_address or ""),
        protocol=response.protocol or "",
        verified=_verified(request),
        tls=str(request.meta.pop("tls", "")) or _certificate(response),
        elapsed_ms=_milliseconds(request),
    )
    cut = "dataloss" in response.flags
    outcome = of_status(response.status, bool(location), cut)
    if outcome == "not-modified":
        return _not_modified(common, request.meta.get("last_good"))
    return _judged(_with_body(common, response.body, outcome), request, response)


def drawn(request: Request, response: Response) -> Capture:
    """The page as a browser drew it. Its head has no status line: no server sent these bytes."""
    head = b"Content-Type: " + (response.headers.get("Content-Type") or b"") + b"\r\n\r\n"
    outcome: Outcome = "ok" if response.body.strip() else "failed"
    return replace(
        _common(request),
        status=response.status,
        response_head=head,
        body=response.body,
        outcome=outcome,
        elapsed_ms=_milliseconds(request),
    )


def failed(request: Request, error: Exception) -> Capture:
    """The capture of a request that drew no answer, or that was not sent."""
    outcome, reason = of_exception(error), message(error)
    if outcome == "too-large":
        reason = "larger than a body may be"
    host = host_of(request.url)
    if outcome == "dns" and host in PRIVATE_NAMES:
        outcome, reason = "off-portal", f"{host} leads to {PRIVATE_NAMES[host]}, a private address"
    if outcome == "tls" and isinstance(shown := request.meta.pop("shown", None), Shown):
        told = f"the certificate is refused: {shown.reason}"
        common = replace(_common(request), tls=shown.line, verified=False)
        return replace(common, outcome=outcome, error=told)
    return replace(_common(request), outcome=outcome, error=reason)


def misled(request: Request, response: Response) -> Capture:
    """An answer that came from a private address: what it says is not kept."""
    reason = f"{host_of(request.url)} answered from {response.ip_address}, a private address"
    ip = str(response.ip_address)
    return replace(_common(request), outcome="off-portal", ip=ip, error=reason)


def _common(request: Request) -> Capture:
    task = task_of(request)
    return Capture(
        url=identity(request.url),
        method=request.method,
        request_head=b"" if request.method == RENDER else heads.of_request(request),
        request_body=request.body,
        fetched_at=now(),
        outcome="failed",
        portal=str(request.meta["portal"]),
        kind=kind_of(request),
        found_on=task.found_on if task else "",
        link_text=task.link_text if task else "",
        agency=task.agency if task else "",
        handler=str(request.meta.get("handler", "")),
    )


def task_of(request: Request) -> Task | None:
    """The frontier's task behind a request; robots.txt has none."""
    task = request.meta.get("task")
    return task if isinstance(task, Task) else None


def _certificate(response: Response) -> str:
    """What a handler other than Twisted's tells of it: the bytes alone."""
    shown: object = response.certificate
    return f"sha256={hashlib.sha256(shown).hexdigest()}" if isinstance(shown, bytes) else ""


def _verified(request: Request) -> bool | None:
    """Whether a certificate was asked for and held."""
    leg = request.meta.get("handler", "")
    return leg != "unverified" if request.url.startswith("https:") else None


def kind_of(request: Request) -> Kind:
    """A picture is kept with its page, and is no document of its own.

    What has no task is robots.txt, or what the script of a page asks for.
    """
    task = task_of(request)
    if task is None:
        return "robots" if request.meta.get("kind") == "robots" else "other"
    return "other" if task.note == PICTURE else task.kind


def _not_modified(common: Capture, good: object) -> Capture:
    if not isinstance(good, StoredCapture):
        return replace(common, outcome="http-error", error="304, but nothing was asked")
    return replace(common, outcome="not-modified", revisit_of=good.id)


def _with_body(common: Capture, wire: bytes, outcome: Outcome) -> Capture:
    try:
        body, decoded = decode_entity(wire, common.wire_encoding)
    except TooLarge as error:
        return replace(common, body=wire, decoded=False, outcome="too-large", error=str(error))
    if decoded:
        return replace(common, body=body, outcome=outcome)
    known = common.wire_encoding.lower() in DECODERS
    reason = f"the coding {common.wire_encoding!r} cannot be removed"
    kept = outcome if outcome not in ("ok", "truncated") else "truncated" if known else "failed"
    return replace(common, body=wire, decoded=False, outcome=kept, error=reason)


def _judged(capture: Capture, request: Request, response: Response) -> Capture:
    """A challenge is `blocked` whatever its status; a page that only says it is gone is no page."""
    if capture.outcome not in ("ok", "http-error") or capture.body is None:
        return capture
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    asked = request.meta.get("redirect_urls", [capture.url])[0]
    if capture.kind == "other" and capture.outcome == "ok" and _is_script(content_type):
        return capture  # a library may speak of cookies and refreshes without being a challenge
    found = page_class(capture.body, response.status, content_type, asked, capture.url)
    signs = ", ".join(found.signals)
    if found.kind == "challenge":
        return replace(capture, outcome="blocked", error=f"challenge: {signs}")
    if capture.outcome != "ok" or capture.kind in ("robots", "other") or capture.method == "POST":
        return capture  # what a status says, and what is no page, needs no further judgement
    if found.kind == "empty" and (target := _moved_by_script(capture, content_type)):
        return replace(capture, outcome="redirect", redirect_to=target)
    shell = found.kind == "empty" and capture.kind == "listing" and capture.body.strip()
    if found.kind not in ("ok", "attachment") and not shell:  # a shell fills itself by script
        return replace(capture, outcome="failed", error=f"{found.kind}: {signs}".strip(": "))
    if "html" in content_type and _instead_of_a_file(capture):
        return replace(capture, outcome="failed", error="a web page where a file was asked for")
    return capture


def _is_script(content_type: str) -> bool:
    return any(kind in content_type.lower() for kind in ("script", "json", "css"))


def _moved_by_script(capture: Capture, content_type: str) -> str:
    """Where a page in place of a report sends its reader; a list's are followed as links."""
    if capture.kind != "report" or not capture.body:
        return ""
    found = jumps(decode(capture.body, content_type).text, capture.url)
    return next((link.url for link, _ in found), "")


def _instead_of_a_file(capture: Capture) -> bool:
    """A captcha, say. Word processors save web pages as .doc too: those are files."""
    start = (capture.body or b"")[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    page = start.startswith((b"<!doctype html", b"<html", b"<head", b"<script"))
    office = b"schemas-microsoft-com" in start
    return page and not office and bool(NAMED.search(capture.url.partition("?")[0]))


def _milliseconds(request: Request) -> int | None:
    latency = request.meta.get("download_latency")
    return round(latency * 1000) if isinstance(latency, int | float) else None
