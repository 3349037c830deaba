"""Datasette on the published file: immutable, and swapped when another build takes its place."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
import webbrowser
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from archive.build import FILE
from archive.site import SETTINGS
from archive.site.headers import Receive, Scope, Send
from archive.site.published import stamp
from archive.sqlite import PUBLISHED_ID, open_reader, plain_errors
from parsers.errors import ArchiveError

GRACE = 60  # seconds that answers of the old build may still take


class Served:
    """An ASGI application that opens the file anew when `gongkai build` has renamed another.

    A Datasette keeps its connections, and with them the old file: half of its threads would go on
    with yesterday's numbers. So a new Datasette takes over, and the old one finishes what it has.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp = ""
        self._site: Any = None
        self._app: Any = None
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One exchange, on the newest build."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        await self._renew()
        await self._app(scope, receive, send)

    async def _renew(self) -> None:
        now = stamp(self.path)
        if now == self._stamp or (not now and self._app is not None):
            return
        async with self._turn:
            if now == self._stamp:
                return
            old = self._site
            self._site = await opened(self.path)
            self._app, self._stamp = self._site.app(), now
        if old is not None:
            asyncio.get_running_loop().call_later(GRACE, ended, old)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        """Opened before anybody asks."""
        while True:
            kind = (await receive())["type"]
            if kind == "lifespan.startup":
                await self._renew()
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                return


async def opened(path: Path) -> Any:
    """A Datasette on the file, its plugins started, its home page asked for once: what Datasette
    leaves to the first request is done, and the pages of the file that all need are in memory."""
    from datasette.app import Datasette

    site = Datasette(immutables=[str(path)], settings=SETTINGS)
    await site.invoke_startup()
    await site.client.get(site.urls.path("/"))
    return site


def ended(site: Any) -> None:
    """Its threads end, then their connections to the file that is gone are closed."""
    if site.executor is not None:
        site.executor.shutdown()
    for database in site.databases.values():
        database.close()


def serve(
    data: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8001,
    browser: bool = False,
    ready: Callable[[str], None] | None = None,
) -> int:
    """Serve until interrupted; ArchiveError when there is nothing to serve or no port to use."""
    _look(data / FILE)
    listening = _listen(host, port)
    import uvicorn

    config = uvicorn.Config(Served(data / FILE), log_level="warning", server_header=False)
    server = uvicorn.Server(config)
    address = f"http://{host}:{listening.getsockname()[1]}/"
    if ready is not None:
        ready(address)
    if browser:
        threading.Thread(target=_open, args=(server, address), daemon=True).start()
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    return 0


def _look(path: Path) -> None:
    """Said before a port is taken, rather than by a page that fails."""
    if not path.is_file():
        raise ArchiveError(f"{path} is not there yet: run gongkai build")
    with plain_errors(path), closing(open_reader(path, PUBLISHED_ID)) as db:
        db.conn.execute("SELECT count(*) FROM reports").fetchone()


def _listen(host: str, port: int) -> socket.socket:
    """Bound here, so that a taken port is one line and no half-started server."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        why = error.strerror or "not allowed"
        raise ArchiveError(
            f"cannot listen on {host}, port {port} ({why}): choose another with --host or --port"
        ) from error
    return listening


def _open(server: Any, address: str) -> None:
    while not server.started:
        time.sleep(0.05)
    webbrowser.open(address)
