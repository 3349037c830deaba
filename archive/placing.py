"""What is written for people appears whole or not at all, and never in place of something else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from archive.sqlite import plain_errors
from parsers.errors import ArchiveError


@contextmanager
def file_aside(out: Path) -> Iterator[Path]:
    """A file to be written beside `out`, which it replaces when all went well."""
    aside = out.with_name(out.name + ".writing")
    if out.is_dir():
        raise ArchiveError(f"{out} is a folder, not a file")
    with plain_errors(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        aside.unlink(missing_ok=True)
        try:
            yield aside
            _sync(aside)
            aside.replace(out)
        finally:
            aside.unlink(missing_ok=True)


@contextmanager
def folder_aside(out: Path, ours: Collection[str]) -> Iterator[Path]:
    """A folder to be filled beside `out`; only an earlier export (names in `ours`) is replaced."""
    if out.exists() and not out.is_dir():
        raise ArchiveError(f"{out} is a file, not a folder")
    if out.is_dir() and (strange := {path.name for path in out.iterdir()} - set(ours)):
        raise ArchiveError(f"{out} holds other files ({min(strange)}): choose an empty folder")
    aside, old = out.with_name(out.name + ".writing"), out.with_name(out.name + ".old")
    with plain_errors(out):
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        try:
            yield aside
            for path in aside.rglob("*"):
                _sync(path)
            if out.exists():
                shutil.rmtree(old, ignore_errors=True)  # of an export that was killed just here
                out.rename(old)
            aside.rename(out)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)


def write_text(out: Path, text: str) -> None:
    """A whole small file, or the one that was there before."""
    with file_aside(out) as aside:
        aside.write_text(text, encoding="utf-8")


def write_texts(texts: Mapping[Path, str], *, replace: bool) -> None:
    """All or none: a file that somebody made or edited is replaced only when that is asked for."""
    for out, text in texts.items():
        if not replace and out.is_file() and out.read_bytes() != text.encode():
            raise ArchiveError(f"{out} is there and says something else: --replace, or move it")
    for out, text in texts.items():
        write_text(out, text)


def _sync(path: Path) -> None:
    """On the disk before it takes its name: a power cut must not leave a name without content."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
