"""A site behind a socket: HTTP/1.1 on a loopback address of its own."""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Mapping
from dataclasses import replace
from email.utils import format_datetime, parsedate_to_datetime
from gzip import compress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Lock, Thread
from time import sleep
from urllib.parse import urlsplit

from parsers.errors import GongkaiError

from .faults import Fault, hit
from .judge import Judge, Request
from .site import Answer, Asked, Site


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
        answer = _conditional(self.site.answer(asked), asked.headers)
        fault = self._fault(target)
        return hit(answer, fault) if fault else answer

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
        at, visit = self.server.judge.begun(self.path)
        asked = self._asked(visit)
        answer = self.server.answer(asked, self.path)
        sleep(answer.delay)
        sent = 0
        try:
            sent = self._write(asked, answer)
        except ConnectionError:
            self.close_connection = True  # the visitor left before the end
        finally:
            self.server.judge.ended(self._logged(at, asked, answer, sent))

    do_HEAD = do_POST = do_GET

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

    def _write(self, asked: Asked, answer: Answer) -> int:
        if answer.reset:
            return self._reset()
        body, coding = self._coded(asked, answer)
        self.send_response(answer.status)
        for name, value in (*answer.headers, *coding, *_validators(answer)):
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if asked.method == "HEAD" or answer.status == 304:
            return 0
        if answer.cut is not None:
            body = body[: int(len(body) * answer.cut)]
            self.close_connection = True
        self.wfile.write(body)
        return len(body)

    def _coded(self, asked: Asked, answer: Answer) -> tuple[bytes, list[tuple[str, str]]]:
        accepts = "gzip" in asked.headers.get("accept-encoding", "")
        done = any(name == "Content-Encoding" for name, _ in answer.headers)
        if not (self.server.site.host.compress and accepts and answer.body) or done:
            return answer.body, []
        coding = [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        return compress(answer.body, mtime=0), coding

    def _reset(self) -> int:
        """Close with a reset instead of a farewell."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.close_connection = True
        return 0

    def _logged(self, at: float, asked: Asked, answer: Answer, sent: int) -> Request:
        return Request(
            portal=self.server.site.host.id,
            at=at,
            connection=self.connection_number,
            method=asked.method,
            target=self.path,
            conditional=bool({"if-none-match", "if-modified-since"} & set(asked.headers)),
            agent=asked.headers.get("user-agent", ""),
            status=answer.status,
            sent=sent,
        )


def _validators(answer: Answer) -> list[tuple[str, str]]:
    found = [("ETag", answer.etag)] if answer.etag else []
    if answer.modified:
        found.append(("Last-Modified", format_datetime(answer.modified, usegmt=True)))
    return found


def _conditional(answer: Answer, headers: Mapping[str, str]) -> Answer:
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
