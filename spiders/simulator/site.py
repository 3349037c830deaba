"""A portal as a pure function from request to answer; sockets, faults and logs are elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256

from .column import Host
from .model import Row, Truth

VISIT = b"@visit@"  # replaced by a number that grows with every request of that page


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request; header names in lower case. `visit` counts the requests of this target."""

    method: str = "GET"
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    visit: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes out, and how: late, cut short or not at all."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    etag: str = ""
    modified: datetime | None = None
    delay: float = 0.0
    cut: float = 1.0  # share of the body that is sent before the connection ends
    reset: bool = False
    endless: bool = False  # the body comes again and again, until the visitor hangs up

    @property
    def sent(self) -> int:
        """Bytes of the body that are sent."""
        return int(len(self.body) * self.cut)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A stored answer. A volatile page has no validators and differs on every visit."""

    body: bytes
    content_type: str = "text/html"
    modified: datetime | None = None
    volatile: bool = False


Respond = Callable[[Asked], Answer | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """`respond` goes first; what it leaves (None) is looked up among the pages."""

    host: Host
    pages: Mapping[str, Page]
    respond: Respond
    missing: bytes
    headers: Callable[[Asked], tuple[tuple[str, str], ...]]
    columns: tuple[str, ...]
    truth: tuple[Truth, ...]
    rows: tuple[Row, ...]

    def answer(self, asked: Asked) -> Answer:
        found = self.respond(asked) or self._stored(asked)
        return replace(found, headers=(*found.headers, *self.headers(asked)))

    def _stored(self, asked: Asked) -> Answer:
        page = self.pages.get(asked.path)
        if page is None:
            return Answer(status=404, body=self.missing, headers=(("Content-Type", "text/html"),))
        kind = (("Content-Type", page.content_type),)
        if page.volatile:
            body = page.body.replace(VISIT, str(1000 + asked.visit).encode())
            return Answer(body=body, headers=(*kind, ("Cache-Control", "no-store")))
        return Answer(body=page.body, headers=kind, etag=etag(page.body), modified=page.modified)


def etag(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:16]}"'


def morning(date: str) -> datetime:
    """Midnight UTC is eight in the morning in China."""
    return datetime.fromisoformat(date).replace(tzinfo=UTC)


def no_answer(asked: Asked) -> None:
    """For portals that are files only."""


def no_headers(asked: Asked) -> tuple[tuple[str, str], ...]:
    return ()
