"""Document readers in a process of their own, with limits on time and memory.

PDF and Office libraries meet hostile files: a crash or an endless loop there must cost one
document and say so, in a single `gongkai parse` as in a re-reading of a million. That is why the
process is started here and not by the callers. To them reading stays a function of the bytes:
the process opens no connection, keeps nothing between documents, and its clock is processor time.
"""

from __future__ import annotations

import atexit
import io
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

from . import model
from .allowances import Limits, allowance
from .model import Document
from .problems import problem
from .sniff import Kind
from .worker import ANSWER, HEAD

ROOT: Final = str(Path(__file__).parents[1])
REUSE = 200  # documents a process reads before it is replaced: libraries leak
ANSWER_LIMIT = 512 * 2**20
_START = "import sys; sys.path.insert(0, sys.argv[1]); from parsers.worker import serve; serve()"


class _Died(Exception):
    """The process ended in the middle of a document."""


class _SlowAnswer(Exception):
    """No answer within the wall time."""


class Sandbox:
    """One process, started when first needed; used by one thread at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._served = 0
        self._turn = threading.Lock()

    def read(self, kind: Kind, body: bytes, limits: Limits | None = None) -> Document:
        """The document, or one with the problem that stood in the way."""
        chosen = limits or allowance(kind)
        with self._turn:
            process = self._ready()
            try:
                return self._ask(process, kind, body, chosen)
            except _SlowAnswer:
                self.close()
                return _timeout(kind, chosen.wall)
            except (_Died, OSError, pickle.UnpicklingError) as error:
                return self._dead(kind, chosen, error)

    def close(self) -> None:
        """Ends the process, if this one started it."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _quietly_closed(pipe)
        process.wait()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._served >= REUSE:
            self.close()
        if self._process is None or self._owner != os.getpid():
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, ROOT],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
            self._owner, self._served = os.getpid(), 0
        self._served += 1
        return self._process

    def _ask(
        self, process: subprocess.Popen[bytes], kind: Kind, body: bytes, limits: Limits
    ) -> Document:
        name = kind.encode("ascii")
        _write(process, HEAD.pack(len(name), len(body), limits.seconds, limits.mebibytes) + name)
        _write(process, body)
        (size,) = ANSWER.unpack(_read(process, ANSWER.size, limits.wall))
        if size > ANSWER_LIMIT:
            raise _Died(f"an answer of {size} bytes")
        return _document(_read(process, size, limits.wall))

    def _dead(self, kind: Kind, limits: Limits, error: Exception) -> Document:
        process = self._process
        status = process.wait() if process is not None and isinstance(error, _Died) else None
        self.close()
        if status == -signal.SIGXCPU:
            return _timeout(kind, limits.seconds)
        reason = f"exit status {status}" if status is not None else str(error)
        return Document(problems=(problem("reader-crashed", kind=kind, reason=reason),))


def _timeout(kind: Kind, seconds: int) -> Document:
    return Document(problems=(problem("reader-timeout", kind=kind, seconds=seconds),))


def _quietly_closed(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:  # unsent bytes for a process that is gone
        return


def _write(process: subprocess.Popen[bytes], content: bytes) -> None:
    assert_pipe = process.stdin
    if assert_pipe is None:
        raise _Died("no pipe")
    view = memoryview(content)
    while view:
        sent = assert_pipe.write(view)
        view = view[sent or 0 :]


def _read(process: subprocess.Popen[bytes], size: int, seconds: int) -> bytes:
    pipe, found = process.stdout, bytearray()
    while pipe is not None and len(found) < size:
        ready, _, _ = select.select([pipe], [], [], seconds)
        if not ready:
            raise _SlowAnswer
        part = pipe.read(min(size - len(found), 1 << 20))
        if not part:
            raise _Died("the answer broke off")
        found += part
    return bytes(found)


class _Unpickler(pickle.Unpickler):
    """Takes values of `parsers.model` only: the process has met hostile files."""

    def find_class(self, module: str, name: str) -> Any:
        if module == model.__name__ and isinstance(getattr(model, name, None), type):
            return getattr(model, name)
        raise pickle.UnpicklingError(f"{module}.{name} in the answer")


def _document(answer: bytes) -> Document:
    found = _Unpickler(io.BytesIO(answer)).load()
    if not isinstance(found, Document):
        raise pickle.UnpicklingError("the answer is no document")
    return found


SANDBOX: Final = Sandbox()
atexit.register(SANDBOX.close)
