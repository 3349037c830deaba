"""A copy of what cannot be made again: consistent while others write, and read once to prove it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archive.capture import FILE as CAPTURES
from archive.capture import CaptureStore
from archive.facts import FILE as FACTS
from archive.golden import FOLDER as GOLDEN
from archive.placing import folder_aside
from archive.rulings import FOLDER as RULINGS
from archive.sqlite import CAPTURE_ID, FACTS_ID, open_reader, plain_errors
from archive.verify import Progress, VerifySummary, verify

# Facts before captures: no number in the copy may be of a page that is not there.
FILES = {FACTS: FACTS_ID, CAPTURES: CAPTURE_ID}
FOLDERS = (RULINGS, GOLDEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSummary:
    """What was copied, and what re-hashing the copy found."""

    path: Path
    copied: tuple[str, ...]
    bytes: int
    verified: VerifySummary


def backup(data: Path, to: Path, *, progress: Progress | None = None) -> BackupSummary:
    """A folder that appears when it is whole, and replaces only an earlier backup."""
    CaptureStore.reader(data).close()  # says in its own words that there is nothing yet
    with folder_aside(to, {*FILES, *FOLDERS}) as aside:
        copied = tuple(_copied(data, aside))
        verified = verify(aside, progress=progress)
        size = sum(path.stat().st_size for path in aside.rglob("*") if path.is_file())
    return BackupSummary(path=to, copied=copied, bytes=size, verified=verified)


def _copied(data: Path, aside: Path) -> Iterator[str]:
    for name, application_id in FILES.items():
        source, copy = data / name, aside / name
        if source.is_file():
            with closing(open_reader(source, application_id)) as db, plain_errors(copy):
                db.conn.execute("VACUUM INTO ?", (str(copy),))
            yield name
    for name in FOLDERS:
        if (data / name).is_dir():
            shutil.copytree(data / name, aside / name)
            yield name
