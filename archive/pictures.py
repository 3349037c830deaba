"""The pictures that a report page shows as its own pages: kept as captures, read with the page."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from archive.capture import CaptureStore
from archive.stored import StoredCapture
from parsers.decode import decode
from parsers.errors import ReadError

# Newest first; `kind` is spelt as in the index.
SHOWN = (
    "SELECT u.url, b.sha256 FROM captures c JOIN urls p ON p.id = c.found_on "
    "JOIN urls u ON u.id = c.url JOIN bodies b ON b.id = c.body "
    "WHERE p.url = ? AND c.kind = 'other' AND c.outcome = 'ok' "
    "ORDER BY c.fetched_at DESC, c.id DESC"
)


def shown(captures: CaptureStore, page: StoredCapture) -> tuple[str, ...]:
    """Digests of the pictures that the page shows now, in its order."""
    newest: dict[str, str] = {}
    for url, sha256 in captures.db.execute(SHOWN, (page.url,)).fetchall():
        newest.setdefault(url, sha256)
    if not newest:
        return ()
    try:
        text = unquote(decode(captures.body(str(page.body_sha256))).text)
    except ReadError:
        return ()
    places = {url: text.find(_name(url)) for url in newest}
    return tuple(newest[url] for url in sorted(newest, key=places.__getitem__) if places[url] >= 0)


def _name(url: str) -> str:
    """The last part of an address, as a page may write it, in whatever coding."""
    return unquote(urlsplit(url).path.rpartition("/")[2])
