"""Workbooks saved as "Strict Open XML" under the transitional names that readers know."""

from __future__ import annotations

import io
import zipfile

# ISO/IEC 29500-1 (strict) and -4 (transitional) name the same elements in two ways
_NAMES = (
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/drawingml/main",
        b"http://schemas.openxmlformats.org/drawingml/2006/main",
    ),
)


def transitional(body: bytes, workbook: bytes | None) -> bytes:
    """The same package; `workbook`, its main part, tells which names it uses."""
    if workbook is None or b"http://purl.oclc.org/ooxml/" not in workbook[:4096]:
        return body
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.lower().endswith((".xml", ".rels")):
                for strict, usual in _NAMES:
                    part = part.replace(strict, usual)
            new.writestr(name, part)
    return out.getvalue()
