"""What other archives make of our export: every stored answer, replayed by pywb, byte for byte.

    .venv/bin/python -m benchmarks.replay DATA [--tools .venv/formats/bin]

Exports WARC and WACZ, has them judged by `warcio check` and `wacz validate`, serves them with pywb
and compares the SHA-256 of each replayed body. Exit 1 when anything differs.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from archive.capture import CaptureStore
from archive.exchange.outgoing import export_wacz, export_warc
from archive.stored import StoredCapture


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    asked.add_argument("--tools", type=Path, default=Path(sys.prefix) / "formats" / "bin")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        done = export_warc(given.data, out / "warc")
        print(f"{done.captures} captures, {done.revisits} of them revisits, {done.bytes:,} bytes")
        files = [str(path) for path in (out / "warc" / "archive").iterdir()]
        faults = judged("warcio check", [sys.executable, "-m", "warcio.cli", "check", *files])
        export_wacz(given.data, out / "all.wacz")
        validate = [str(given.tools / "wacz"), "validate", "-f", str(out / "all.wacz")]
        faults += judged("wacz validate", validate)
        faults += replayed(given.data, out, given.tools)
    sys.exit(faults > 0)


def judged(name: str, command: list[str]) -> int:
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    print(f"{name}: {'clean' if not told.returncode else told.stdout + told.stderr}")
    return int(told.returncode != 0)


def replayed(data: Path, out: Path, tools: Path) -> int:
    for part in ("archive", "indexes"):
        shutil.copytree(out / "warc" / part, out / "pywb" / "collections" / "all" / part)
    with CaptureStore.reader(data) as store:
        whole = [one for one in store.captures() if one.status == 200 and one.method == "GET"]
    with served(out / "pywb", tools) as port:
        wrong = [one for one in whole if replay(port, one) != one.body_sha256]
    print(f"pywb: {len(whole) - len(wrong)} of {len(whole)} answers replayed with equal SHA-256")
    for one in wrong:
        print(f"  capture {one.id} {one.url}")
    return len(wrong)


@contextmanager
def served(folder: Path, tools: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [str(tools / "wayback"), "-p", str(port), "-b", "127.0.0.1"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet) as server:
        try:
            wait_for(port)
            yield port
        finally:
            server.kill()


def wait_for(port: int) -> None:
    for _ in range(1200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("pywb does not answer")


def replay(port: int, one: StoredCapture) -> str:
    stamp = "".join(c for c in one.fetched_at if c.isdigit())[:14]
    asked = HTTPConnection("127.0.0.1", port, timeout=60)
    asked.request("GET", f"/all/{stamp}id_/{one.url}")
    body = asked.getresponse().read()
    asked.close()
    return hashlib.sha256(body).hexdigest()


if __name__ == "__main__":
    main()
