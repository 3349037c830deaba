"""What every answer says to the browser."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COMMON = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
# Pages of ours: nothing inline, nothing from elsewhere.
OURS = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
# Datasette's own pages have inline scripts.
THEIRS = "object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
# Archived pages: an origin of their own, no script, no request.
ARCHIVED = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
POLICY = "content-security-policy"
NOT_MODIFIED = 304
# Headers of a 304 replace those that a browser has kept (RFC 9111, 4.3.4): a policy of ours would
# take the place of the sandbox of an archived page.
SAID_ONCE = (b"content-type", POLICY.encode(), b"cache-control")


def with_headers(app: App) -> App:
    """Adds what an answer does not say itself."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                kept = message["status"] == NOT_MODIFIED
                headers = message.get("headers", [])
                message["headers"] = _unchanged(headers) if kept else _completed(headers)
            await send(message)

        await app(scope, receive, told)

    return wrapped


def _unchanged(headers: list[Any]) -> list[Any]:
    return [[name, value] for name, value in headers if bytes(name).lower() not in SAID_ONCE]


def _completed(headers: list[Any]) -> list[Any]:
    said = {bytes(name).lower() for name, _ in headers}
    added = [
        [name.encode(), value.encode()]
        for name, value in {**COMMON, POLICY: THEIRS}.items()
        if name.encode() not in said
    ]
    return [*headers, *added]
