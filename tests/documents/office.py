"""Small office files made in the tests: only the parts that a reader looks at."""

from __future__ import annotations

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A zip archive of those parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def docx(body: str, *, namespace: str = W, **parts: str) -> bytes:
    """A Word document with that body; other parts of `word/` by name."""
    root = f'xmlns:w="{namespace}" xmlns:mc="{MC}"'
    files: dict[str, str | bytes] = {
        "word/document.xml": f"<w:document {root}><w:body>{body}</w:body></w:document>"
    }
    for name, part in parts.items():
        files[f"word/{name}.xml"] = f"<w:{name} {root}>{part}</w:{name}>"
    return zipped(files)


def p(text: str, inner: str = "", properties: str = "") -> str:
    """A paragraph of one run, then more markup."""
    run = f"<w:r><w:t>{text}</w:t></w:r>" if text else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{run}{inner}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def tc(*content: str, properties: str = "") -> str:
    """A cell; plain texts become paragraphs."""
    inner = "".join(part if part.startswith("<") else p(part) for part in content) or p("")
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"
