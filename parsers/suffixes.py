"""How the addresses of documents end, told once: what a link leads to is known by it."""

from __future__ import annotations

import re

DOCUMENTS = "pdf|docx?|wps|xlsx?|et|rtf|ofd|od[ts]|ceb|zip|rar|csv"  # in which a report may come
PICTURES = "png|jpe?g|gif|tiff?|bmp"
NAMED = re.compile(rf"\.(?:{DOCUMENTS})$", re.IGNORECASE)  # the end of a path
LINKED = re.compile(rf"\.(?:{DOCUMENTS})(?:$|[?#&])", re.IGNORECASE)  # a path, or behind it a query
# They give a file.
SCRIPTED = re.compile(r"(?:downfile(?:\.\w+)?|download\.jsp|document/download)$", re.IGNORECASE)


def is_document(path: str) -> bool:
    """Whether the path of an address is that of a document, or of a script that gives one."""
    return bool(NAMED.search(path) or SCRIPTED.search(path))
