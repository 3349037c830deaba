"""Start the portals of benchmarks/portal.py in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

SERVER = Path(__file__).with_name("portal.py")


class Portals:
    """`figures` answers with what every host saw since it was last asked."""

    def __init__(
        self, hosts: int, reports: int, port: int, delay: float = 0, bare: bool = False
    ) -> None:
        kind = "bare" if bare else "tagged"
        words = [sys.executable, str(SERVER), *map(str, (hosts, reports, port, delay, kind))]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True)

    def __enter__(self) -> Self:
        assert self._process.stdout
        if self._process.stdout.readline() != "ready\n":
            raise RuntimeError("the portals did not start")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def figures(self) -> list[dict[str, Any]]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        found: list[dict[str, Any]] = json.loads(self._process.stdout.readline())
        return found


def entry(number: int, port: int) -> str:
    base = f"http://127.0.1.{number + 1}:{port}"
    return (
        f'[[portal]]\nid = "h{number}"\nname = "样例市"\nregion = "360800"\nlevel = "prefecture"\n'
        f'agency = "样例市人民政府"\nhome = "{base}/"\ncolumns = ["{base}/nb/index.html"]\n'
        'status = "ok"\ndelay = 0.0\n'
    )
