"""Archives on real disks: a folder, a small disk of one's own, a disk that may not be written."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.capture import CaptureStore


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "数据 #1?"


@pytest.fixture
def store(data: Path) -> Iterator[CaptureStore]:
    with CaptureStore.open(data) as opened:
        yield opened


@pytest.fixture
def crawl(store: CaptureStore) -> int:
    return store.begin_crawl(reason="test", settings={"DOWNLOAD_DELAY": 3})


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB; skips where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small disk needs root")
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this system mounts no tmpfs")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
