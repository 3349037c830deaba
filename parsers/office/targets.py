"""Where the parts of a package are, as its relations say: a name is no promise (ECMA-376-2)."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from .elements import attribute

if TYPE_CHECKING:
    from .flat import FlatPackage
    from .package import Package


def target(package: Package | FlatPackage, part: str, kind: str, default: str) -> str:
    """The part that `part` ("" for the package) names as its `kind`; `default` where none is."""
    folder, _, name = part.rpartition("/")
    relations = package.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
    for relation in relations if relations is not None else ():
        told = (attribute(relation, "Type") or "").rpartition("/")[2]
        if told == kind and attribute(relation, "TargetMode") != "External":
            path = posixpath.join("/" + folder, attribute(relation, "Target") or "")
            found = posixpath.normpath(path).lstrip("/").lower()
            if found in package.names():
                return found
    return default
