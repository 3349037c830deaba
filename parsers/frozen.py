"""`dataclass(frozen=True)` that mypy holds everyone to and the interpreter does not ask about.

A page makes some two thousand values; a frozen one is filled through `object.__setattr__`, which
costs three times a plain assignment and made up a seventh of a reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses

    def dataclass(*, frozen, **options):
        """As `dataclasses.dataclass`; frozen values compare and hash by their fields."""
        return dataclasses.dataclass(unsafe_hash=frozen, **options)


__all__ = ["dataclass"]
