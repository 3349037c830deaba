"""Which page an address names: what a server adds for one visit is no part of it."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from archive.frontier import Task

_PATH = re.compile(r";(?:jsessionid|phpsessid|sessionid)=[^/?#;]*", re.IGNORECASE)
# RuiShu appends MmEwMD to what scripts ask for; `_` is a random number against caches.
_NAMES = re.compile(
    r"(?:jsessionid|phpsessid|aspsessionid\w*|sessionid|token|csrf_?token|mmewmd|__rnd)=.*"
    r"|_=[\d.]+|\w{1,12}=0\.\d{8,20}",  # what Math.random() prints
    re.IGNORECASE,
)


def identity(url: str) -> str:
    """The address without session ids and random numbers; order and case stay as they are."""
    if ";" not in url and "?" not in url:
        return url
    parts = urlsplit(url)
    kept = [item for item in parts.query.split("&") if not _NAMES.fullmatch(item)]
    return parts._replace(path=_PATH.sub("", parts.path), query="&".join(kept)).geturl()


def placed(task: Task) -> Task:
    """A task under its identity, with the address to ask for beside it where that differs."""
    url = identity(task.url)
    return task if url == task.url else replace(task, url=url, fetch=task.url)
