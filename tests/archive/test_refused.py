"""A disk that is full or may not be written: one line, exit 7, nothing half written, then go on."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.capture import CaptureStore
from archive.facts import FactsStore
from archive.promotion import Order
from archive.reparse import reparse
from gongkai import main
from tests.archive import samples

pytest.importorskip("fastwarc", reason="the extra warc is not installed")
pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
EXPORTS = ("csv", "datapackage", "jsonld", "parquet", "warc", "wacz")
# Every verb that writes; what it is to write stands in a folder of its own, or in the archive.
WRITERS = {
    "crawl": "crawl --portals {beside}/portals.toml",
    "import html": "import html {beside}/page.html --url http://www.jian.gov.cn/9.html",
    "import warc": "import warc {beside}/warc/archive/gongkai-00000.warc.gz",
    "reparse": "reparse --all",
    "promote": 'promote --promote why --because "because"',
    "build": "build",
    "changes": "changes --html {out}/changes.html",
    "fixture": "fixture add 1 --into {out}/golden",
    "schedule": "schedule systemd --to {out}/units",
    "backup": "backup {out}/backup",
} | {f"export {form}": f"export {form} --out {{out}}/{form}" for form in EXPORTS}
READERS = (
    "verify", "status", "check", "coverage", "rulings", "changes", "numbers 1",
    "explain http://www.jian.gov.cn/2015.html requests_received",
)  # fmt: skip
UNREACHABLE = """
[[portal]]
id = "nobody"
name = "无人"
region = "360800"
level = "county"
agency = "无人县人民政府"
home = "http://127.0.0.1:1/"
status = "unverified"
"""


@pytest.fixture(scope="module")
def beside(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the verbs take in."""
    folder = tmp_path_factory.mktemp("beside")
    (folder / "portals.toml").write_text(UNREACHABLE, "utf-8")
    (folder / "page.html").write_bytes(b"<html><table><tr><td>1" + os.urandom(999) + b"</table>")
    assert run("export", "warc", "--data", archive, "--out", folder / "warc").exit_code == 0
    return folder


@pytest.fixture
def data(archive: Path, tmp_path: Path) -> Path:
    """An archive with a candidate that waits; all of it may be harmed."""
    shutil.copytree(archive, tmp_path / "data", ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    page = samples.captured(samples.body({"requests_received": "7"}, year=2014), url="http://a/14")
    samples.crawl(tmp_path / "data", page)
    reparse(tmp_path / "data", engine=samples.BETTER, order=Order(candidate=True))
    return tmp_path / "data"


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def verb(line: str, data: Path, beside: Path, out: Path) -> Result:
    words = line.format(beside=beside, out=out).split()
    return run(*words, *([] if words[0] == "schedule" else ["--data", data]))


def content(*folders: Path) -> dict[str, str]:
    """What a reader sees: not locks, nor what SQLite keeps beside a file while it is open."""
    return {
        str(path): sha256(path.read_bytes()).hexdigest()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith((".lock", "-wal", "-shm"))
    }


@contextmanager
def cramped(limit: int) -> Iterator[None]:
    """No file may grow beyond `limit` bytes: what a full disk does, without being root."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def sealed(folder: Path) -> Iterator[None]:
    """Nothing in the folder may be written; root needs a mount for that."""
    root = os.geteuid() == 0
    paths = [folder, *folder.rglob("*")]
    if root:
        for command in (["--bind", folder, folder], ["-o", "remount,ro,bind", folder]):
            if subprocess.run(["mount", *command], capture_output=True, check=False).returncode:
                pytest.skip("this system mounts nothing, and root may write anywhere")
    for path in () if root else paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        if root:
            subprocess.run(["umount", folder], check=True)
        for path in () if root else paths:
            path.chmod(0o755 if path.is_dir() else 0o644)


def refused(said: Result) -> None:
    assert said.exit_code == 7, said.output + said.stderr + repr(said.exception)
    (line,) = said.stderr.splitlines()
    assert line.startswith("gongkai: cannot ")
    assert "Error" not in line


@pytest.mark.parametrize("name", WRITERS)
def test_no_room(data: Path, beside: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with CaptureStore.reader(data), FactsStore.reader(data):  # the index of each WAL is there
        before = content(data, out)
        with cramped(100):
            said = verb(WRITERS[name], data, beside, out)
        refused(said)
        assert content(data, out) == before
    if name != "crawl":  # a process can make one
        assert verb(WRITERS[name], data, beside, out).exit_code in (0, 4)
        assert content(data, out) != before
    assert run("verify", "--data", data).exit_code == 0


@pytest.mark.parametrize("name", WRITERS)
def test_no_permission(data: Path, beside: Path, name: str) -> None:
    (data / "out").mkdir()
    before = content(data)
    with sealed(data):
        refused(verb(WRITERS[name], data, beside, data / "out"))
    assert content(data) == before


def test_an_archive_on_a_medium_that_is_read_only_is_read(data: Path, tmp_path: Path) -> None:
    said = [verb(line, data, tmp_path, tmp_path) for line in READERS]
    with sealed(data):
        again = [verb(line, data, tmp_path, tmp_path) for line in READERS]
        assert run("backup", tmp_path / "copy", "--data", data).exit_code == 0
    assert [each.exit_code for each in again] == [each.exit_code for each in said]
    assert {each.exit_code for each in again} <= {0, 4}
    assert again[0].output == said[0].output
