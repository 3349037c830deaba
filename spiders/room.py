"""Whether the archive may still grow: a crawl ends tidily before the disk is full."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from parsers.errors import Unwritable

MB = 1 << 20
EVERY = 50  # captures between two looks


@dataclass(slots=True)
class Room:
    """`size` is the most that the file may hold, `free` what the disk must keep; 0 is no limit."""

    path: Path
    size: int
    free: int
    _count: int = 0

    def check(self) -> None:
        """Unwritable when either limit is reached."""
        self._count += 1
        if self._count % EVERY != 1:
            return
        if self.size and (held := self._held()) >= self.size:
            raise Unwritable(f"{self.path}: {held // MB} MB, the limit is {self.size // MB} MB")
        disk = os.statvfs(self.path.parent)
        if self.free and (left := disk.f_bavail * disk.f_frsize) < self.free:
            raise Unwritable(
                f"{self.path.parent}: {left // MB} MB are free, {self.free // MB} stay"
            )

    def _held(self) -> int:
        wal = self.path.with_name(f"{self.path.name}-wal")
        return sum(one.stat().st_size for one in (self.path, wal) if one.exists())
