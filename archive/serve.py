"""Datasette on the published file, described and read-only."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

from archive.build import FILE
from archive.site import PLUGINS, SETTINGS, metadata
from parsers.errors import ArchiveError

METADATA = "metadata.json"


def write_metadata(data: Path) -> Path:
    """The description beside the published file, for any Datasette: `-m metadata.json`."""
    path = data / METADATA
    path.write_text(json.dumps(metadata(), ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def command(data: Path, *, host: str, port: int) -> list[str]:
    """The Datasette command line; immutable, so that it may be cached and counted."""
    settings = [
        word for name, value in SETTINGS.items() for word in ("--setting", name, str(value))
    ]
    return [
        *(sys.executable, "-m", "datasette", "serve", "-i", str(data / FILE)),
        *("-m", str(write_metadata(data)), "--plugins-dir", str(PLUGINS)),
        *("--host", host, "--port", str(port)),
        *settings,
    ]


def serve(data: Path, *, host: str = "127.0.0.1", port: int = 8001) -> int:
    """Serve until interrupted; ArchiveError when there is nothing to serve or no port to use."""
    if not (data / FILE).is_file():
        raise ArchiveError(f"{data / FILE} is not there yet: run gongkai build")
    if port and not _free(host, port):
        raise ArchiveError(f"port {port} is taken: choose another with --port")
    try:
        return subprocess.run(command(data, host=host, port=port), check=False).returncode
    except KeyboardInterrupt:
        return 0


def _free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
