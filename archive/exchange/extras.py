"""Libraries that only some exchanges need; their absence is one clear line.

The line never says `pip install gongkai[...]`: on the public index that name is not ours.
"""

from __future__ import annotations

from importlib.util import find_spec

from parsers.errors import ArchiveError

EXTRAS = {"fastwarc": "warc", "surt": "warc", "pyarrow": "parquet"}


def needs(*modules: str) -> None:
    """ArchiveError names the extra that brings what is missing."""
    for module in modules:
        if find_spec(module) is None:
            extra = EXTRAS[module]
            raise ArchiveError(
                f"this needs {module}, which is not installed: in the folder of gongkai, "
                f"pip install -c constraints.txt -e '.[{extra}]'"
            )
