"""A site behind a socket: HTTP/1.1 on a loopback address of its own."""

from __future__ import annotations

import socket
import struct
import sys
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from select import select
from socketserver import TCPServer
from threading import Lock, Thread
from time import sleep
from urllib.parse import urlsplit

from parsers.errors import GongkaiError

from .faults import Fault, hit
from .judge import Judge, Request
from .site import Answer, Asked, Site
from .wire import coded, conditional, validators


class CannotListen(GongkaiError):
    """A loopback address or port that cannot be had."""


class HostServer(ThreadingHTTPServer):
    """One portal; `site` may be exchanged while it runs."""

    daemon_threads = True
    block_on_close = False  # a client's idle keep-alive connection must not hold us up

    def __init__(self, site: Site, port: int) -> None:
        self.site = site
        self.judge = Judge(site.host)
        self._lock = Lock()
        self._faults: list[Fault] = []
        try:
            super().__init__((site.host.address, port), Handler)
        except OSError as error:
            where = f"{site.host.address}:{port}"
            raise CannotListen(f"cannot listen on {where}: {error.strerror}") from error

    def server_bind(self) -> None:
        """Without the parent's look-up of our own name, which can hang where no resolver is."""
        TCPServer.server_bind(self)

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor who hangs up is no error; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def base(self) -> str:
        return f"http://{self.site.host.address}:{self.server_address[1]}"

    def open(self) -> None:
        """Serve in a thread; the short poll keeps closing short."""
        self._thread = Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def set_faults(self, faults: tuple[Fault, ...]) -> None:
        with self._lock:
            self._faults = list(faults)

    def answer(self, asked: Asked, target: str) -> Answer:
        """The site's answer, or what a fault makes of it."""
        answer = conditional(self.site.answer(asked), asked.headers)
        fault = self._fault(target)
        answer = hit(answer, fault, target) if fault else answer
        return coded(answer, asked.headers) if self.site.host.compress else answer

    def _fault(self, target: str) -> Fault | None:
        """The first fault that fits, with one of its times used up."""
        with self._lock:
            for index, fault in enumerate(self._faults):
                if target.startswith(fault.path) and fault.times != 0:
                    if fault.times is not None:
                        self._faults[index] = replace(fault, times=fault.times - 1)
                    return fault
        return None


class Handler(BaseHTTPRequestHandler):
    """Reads a request, has it answered and logged, writes the answer."""

    server: HostServer
    protocol_version = "HTTP/1.1"
    server_version = "Apache"
    sys_version = ""
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.connection_number = self.server.judge.connected()

    def finish(self) -> None:
        self.server.judge.disconnected()
        super().finish()

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the judge keeps the log."""

    def do_GET(self) -> None:
        line = partial(is_there, self.connection)
        at, visit = self.server.judge.begun(self.connection_number, self.path, line)
        asked = self._asked(visit)
        answer = self.server.answer(asked, self.path)
        self._wait(answer.delay)
        body = b"" if asked.method == "HEAD" else answer.body[: answer.sent]
        # Before the last byte is out: whoever has the whole answer may ask again at once.
        self.server.judge.ended(self._logged(at, asked, answer.status, len(body)))
        if not answer.reset or answer.cut < 1:
            self._write(answer, body)
        if answer.reset:
            self._reset()

    do_HEAD = do_POST = do_GET

    def _wait(self, seconds: float) -> None:
        """Not for a visitor who has hung up: nobody else sends before the answer came."""
        if seconds:
            select([self.connection], [], [], seconds)

    def _asked(self, visit: int) -> Asked:
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(int(length)) if length.isdecimal() else b""
        parts = urlsplit(self.path)
        return Asked(
            method=self.command,
            path=parts.path,
            query=parts.query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            visit=visit,
        )

    def _write(self, answer: Answer, body: bytes) -> None:
        self.send_response(answer.status)
        for name, value in (*answer.headers, *validators(answer)):
            self.send_header(name, value)
        if answer.status != 304 and not answer.endless:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.close_connection or answer.endless or answer.cut < 1
        while answer.endless:  # ends when the visitor hangs up
            self.wfile.write(b"<p>" + bytes(65_536))

    def _reset(self) -> None:
        """Close with a reset instead of a farewell; what was sent before it is read by then."""
        sleep(0.1)
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.close_connection = True

    def _logged(self, at: float, asked: Asked, status: int, sent: int) -> Request:
        return Request(
            portal=self.server.site.host.id,
            at=at,
            connection=self.connection_number,
            method=asked.method,
            target=self.path,
            conditional=bool({"if-none-match", "if-modified-since"} & set(asked.headers)),
            agent=asked.headers.get("user-agent", ""),
            status=status,
            sent=sent,
        )


def is_there(connection: socket.socket) -> bool:
    """The visitor has not hung up; what he may have sent already stays where it is."""
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
