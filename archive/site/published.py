"""Which of Datasette's databases is the published archive; none means that the site is silent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.placing import write_text
from archive.sqlite import CAPTURE_ID, PUBLISHED_ID

if TYPE_CHECKING:  # Datasette loads its plugins while it is itself being imported
    from datasette.app import Datasette

ID_AT = 68  # of `application_id` in the header of a SQLite file


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The published file; `stamp` changes when another build takes its place."""

    name: str
    path: Path
    stamp: str

    @property
    def built(self) -> str:
        """The day it was built."""
        moment = datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
        return moment.date().isoformat()


def published(datasette: Datasette) -> Published | None:
    """The first database whose header says that it is ours, whatever it is called."""
    for name, database in datasette.databases.items():
        path = Path(database.path) if database.path else None
        if path is not None and application_id(path) == PUBLISHED_ID:
            return Published(name=name, path=path, stamp=stamp(path))
    return None


def capture_names(datasette: Datasette) -> list[str]:
    """Databases that hold captures: never shown beside the published file."""
    return [
        name
        for name, database in datasette.databases.items()
        if database.path and application_id(Path(database.path)) == CAPTURE_ID
    ]


def application_id(path: Path) -> int:
    """From the header, without opening a connection."""
    try:
        with path.open("rb") as file:
            file.seek(ID_AT)
            return int.from_bytes(file.read(4), "big")
    except OSError:
        return 0


def stamp(path: Path) -> str:
    """Changes with every build: they are renamed into place."""
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_ino}-{found.st_mtime_ns}-{found.st_size}"


def beside(path: Path) -> Path:
    """Where the digest of the published file lies, as `sha256sum --check` reads it."""
    return path.with_name(f"{path.name}.sha256")


def write_digest(path: Path, found: str) -> None:
    """For those who download the file, and for `digest`."""
    write_text(beside(path), f"{found}  {path.name}\n")


def of_file(path: Path) -> str:
    """SHA-256 of the whole file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(path: Path) -> str:
    """As the build has written it beside the file; of an older one that lies there, or of none, a
    name for the file as it is now, for nobody waits for gigabytes to be hashed."""
    told = beside(path)
    try:
        if told.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            return told.read_text(encoding="utf-8").split()[0]
    except (OSError, IndexError):
        pass
    return hashlib.sha256(stamp(path).encode()).hexdigest()
