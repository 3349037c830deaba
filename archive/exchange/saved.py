"""Pages and documents that a person saved from a browser, with where and when they came from."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from archive.capture import CaptureStore
from archive.stored import storable
from parsers.errors import ArchiveError
from parsers.model import Capture

from .captures import HTTP
from .incoming import ImportSummary, Receiver, Registry

HEAD = 8192
SAVED = (
    *(".html", ".htm", ".xhtml", ".mhtml", ".mht"),
    *(".pdf", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".rtf"),
)
# Chrome, Edge and IE; SingleFile; then what the page says of itself.
SAVED_FROM = (
    re.compile(rb"<!--\s*saved from url=\(\d+\)\s*(\S+)", re.I),
    re.compile(rb"<!--\s*Page saved with SingleFile\s+url:\s*(\S+)", re.I),
)
CANONICAL = (
    re.compile(rb"<link[^>]+rel=[\"']?canonical[\"']?[^>]+href=[\"']?([^\"'\s>]+)", re.I),
    re.compile(rb"<meta[^>]+property=[\"']?og:url[\"']?[^>]+content=[\"']?([^\"'\s>]+)", re.I),
)
SAVED_AT = re.compile(rb"saved date:\s*([^\r\n(]+)", re.I)


@dataclass(frozen=True, slots=True)
class Page:
    """A saved page: its bytes, its address ("" when nothing says it), and when it was saved."""

    body: bytes
    url: str
    at: datetime | None


def import_saved(
    data: Path,
    paths: Sequence[Path],
    *,
    url: str = "",
    portal: str = "",
    fetched_at: datetime | None = None,
    registry: Registry | None = None,
) -> ImportSummary:
    """Files, or folders of files; a page without an address is told and left out."""
    registry = registry or Registry()
    files = [file for path in paths for file in _files(path)]
    if url and len(files) != 1:
        raise ArchiveError(f"--url is the address of one file, and there are {len(files)}")
    if url and not HTTP.match(url):
        raise ArchiveError(f"--url must begin with http:// or https://, not {url!r}")
    if not files:
        raise ArchiveError(f"no page or document in {', '.join(map(str, paths))}")
    if fetched_at and _instant(fetched_at) > _instant(datetime.now(UTC)):
        raise ArchiveError(f"--fetched-at {fetched_at:%Y-%m-%d} has not come yet")
    settings = {"files": [file.name for file in files], "portals": dict(registry.portals)}
    with CaptureStore.open(data) as store:
        receiver = Receiver(store, "import saved", settings)
        for file in files:
            receiver.summary.files += 1
            page = saved_page(file)
            address = url or page.url
            if fault := _fault(page, address):
                receiver.summary.damage(file.name, fault)
            elif _has(store, address, page.body):
                receiver.summary.known += 1
            else:
                receiver.take(
                    Capture(
                        url=address,
                        body=page.body,
                        fetched_at=_instant(fetched_at or page.at or _modified(file)),
                        outcome="ok",
                        kind="report",
                        protocol="file",
                        portal=portal or registry.portal_of(address),
                    )
                )
        return receiver.finish()


def _fault(page: Page, address: str) -> str:
    """Why a file is no capture."""
    if not page.body:
        return "it is empty"
    return "" if address else "nothing in it says its address: give --url"


def saved_page(path: Path) -> Page:
    """What a file says of itself."""
    body = _bytes(path)
    if path.suffix.lower() in (".mhtml", ".mht"):
        return _unpacked(body, path)
    head = body[:HEAD]
    found = next((hit[1] for known in SAVED_FROM if (hit := known.search(head))), b"")
    if not found and b"<" in head[:512]:
        found = next((hit[1] for known in CANONICAL if (hit := known.search(body))), b"")
    at = SAVED_AT.search(head)
    address = found.decode("utf-8", "replace")
    return Page(body, address if HTTP.match(address) else "", _date(at[1]) if at else None)


def _unpacked(body: bytes, path: Path) -> Page:
    """The page inside an MHTML file; its pictures are left."""
    message = email.message_from_bytes(body, policy=email.policy.default)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    if page is None:
        raise ArchiveError(f"{path}: there is no page in this MHTML file")
    content = page.get_payload(decode=True)
    if not isinstance(content, bytes):
        raise ArchiveError(f"{path}: the page in this MHTML file cannot be decoded")
    address = str(message["Snapshot-Content-Location"] or page["Content-Location"] or "")
    return Page(
        content,
        address if HTTP.match(address) else "",
        _date(str(message["Date"] or "").encode()),
    )


def _files(path: Path) -> Iterator[Path]:
    """In a folder: documents and pages, and the frames of pages that were saved complete."""
    if not path.is_dir():
        if not path.is_file():
            raise ArchiveError(f"there is no file {path}")
        yield path
        return
    for file in sorted(path.rglob("*")):
        if file.suffix.lower() not in SAVED or not file.is_file():
            continue
        part = any(folder.name.endswith(("_files", ".files")) for folder in file.parents)
        if not part or saved_page(file).url:
            yield file


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror}") from error


def _has(store: CaptureStore, url: str, body: bytes) -> bool:
    """The same bytes from the same address are one save, whatever the date of the copy."""
    from archive.bodies import digest

    return bool(store.count("url = ? AND body_sha256 = ?", (storable(url), digest(body))))


def _date(text: bytes) -> datetime | None:
    words = " ".join(text.decode("latin-1").split())
    try:
        return parsedate_to_datetime(words)
    except ValueError:
        pass
    try:  # as JavaScript prints it: Wed Nov 25 2026 10:00:00 GMT+0800
        return datetime.strptime(words, "%a %b %d %Y %H:%M:%S GMT%z")
    except ValueError:
        return None


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _instant(moment: datetime) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
