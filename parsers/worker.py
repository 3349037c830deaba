"""The far end of `parsers.sandbox`: reads documents under limits, one after the other."""

from __future__ import annotations

import os
import pickle
import resource
import struct
import sys
from typing import BinaryIO, cast

from .readers import read_kind
from .sniff import Kind

HEAD = struct.Struct(">BIII")  # bytes of the kind, of the body; CPU seconds; memory in MiB
ANSWER = struct.Struct(">I")


def serve() -> None:
    """Answers requests on standard input until it closes."""
    requests, answers = sys.stdin.buffer, _private_output()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while head := requests.read(HEAD.size):
        kind_size, body_size, seconds, mebibytes = HEAD.unpack(head)
        kind = cast("Kind", requests.read(kind_size).decode("ascii"))
        _limit(seconds, mebibytes)
        answer = pickle.dumps(read_kind(kind, requests.read(body_size)))
        answers.write(ANSWER.pack(len(answer)) + answer)
        answers.flush()


def _private_output() -> BinaryIO:
    """Standard output for answers alone: what libraries print there goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def _limit(seconds: int, mebibytes: int) -> None:
    """Limits for the next document; the processor time of earlier ones does not count."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, most))
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (mebibytes << 20, most))
