"""Which captures a reparse reads: the newest good body of each address, and those still held."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Literal, cast

from archive.capture import CaptureStore
from archive.fact_rows import media
from archive.facts import UNSEEN, FactsStore, Reading, Source
from archive.pictures import shown
from archive.reading import Job, Page, content_type
from archive.stored import StoredCapture
from parsers.errors import DigestMismatch, MissingCapture
from parsers.model import Hints

Mode = Literal["stale", "all"]
BATCH = 500
# Newest by time of fetching: an import brings old captures in late.
NEWEST = (
    "SELECT url, max(fetched_at || printf('%012d', id)) FROM captures "
    "WHERE outcome = 'ok' AND kind IN ('report', 'attachment') AND url > ? "
    "GROUP BY url ORDER BY url LIMIT ?"
)
ADDRESSES = (
    "SELECT count(DISTINCT url) FROM captures "
    "WHERE outcome = 'ok' AND kind IN ('report', 'attachment')"
)
BROUGHT = "SELECT DISTINCT portal FROM captures"


def portals(captures: CaptureStore) -> dict[str, Mapping[str, object]]:
    """The registry entries that crawls worked with, the newest of each portal.

    An import carries the whole registry and looked at no portal but those whose pages it brought.
    """
    found: dict[str, Mapping[str, object]] = {}
    brought = {name for (name,) in captures.db.execute(BROUGHT).fetchall()}
    sql = "SELECT settings, reason FROM crawls ORDER BY id"
    for settings, reason in captures.db.execute(sql).fetchall():
        named = json.loads(settings).get("portals")
        looked_at = named if isinstance(named, dict) else {}
        if reason.startswith("import "):
            looked_at = {name: looked_at[name] for name in looked_at.keys() & brought}
        found |= looked_at
    return found


class Unreadable(Exception):
    """A stored body that does not come out of the archive as it went in."""

    def __init__(self, source: Source, reason: str) -> None:
        super().__init__(reason)
        self.source = source


def addresses(captures: CaptureStore) -> int:
    """How many report pages there are."""
    return int(captures.db.execute(ADDRESSES).fetchone()[0])


def newest(captures: CaptureStore, where: str | None) -> Iterator[StoredCapture]:
    """The newest good capture of each report page; `where` is SQL over the capture's fields."""
    after = 0
    while rows := captures.db.execute(NEWEST, (after, BATCH)).fetchall():
        after = rows[-1][0]
        numbers = ", ".join(str(int(latest[-12:])) for _, latest in rows)
        chosen = f"id IN ({numbers})" + (f" AND ({where})" if where else "")
        yield from captures.captures(chosen)


class Selection:
    """Plans the jobs of one run."""

    def __init__(
        self, captures: CaptureStore, facts: FactsStore, fingerprint: str, mode: Mode
    ) -> None:
        self._captures = captures
        self._facts = facts
        self._fingerprint = fingerprint
        self._mode = mode
        self._portals = cache(self._read_portals)

    def plan(self, latest: StoredCapture) -> Job | None:
        """What to read of this address; None when this parser has read it all."""
        held = self._facts.open_readings(latest.url)
        seen = self._facts.seen(latest.url)
        body = str(latest.body_sha256)
        pages = [
            self._held_page(reading, seen.get(reading.body, UNSEEN).pictures)
            for reading in held
            if reading.body != body and self._stale(seen.get(reading.body, UNSEEN).parser)
        ]
        before, now = seen.get(body, UNSEEN), shown(self._captures, latest)
        here = any(reading.body == body for reading in held)
        is_stale = self._stale(before.parser)
        if here and is_stale and before.pictures != now:  # so that both parts have their cause
            pages.append(self._page(latest, before.pictures))
        # A body that came back after another one is read again: its span has ended.
        if is_stale or before.pictures != now or (before.state == "read" and not here):
            pages.append(self._page(latest, now))
        return Job(url=latest.url, pages=tuple(pages)) if pages else None

    def _stale(self, parser: str) -> bool:
        return self._mode == "all" or parser != self._fingerprint

    def _held_page(self, reading: Reading, pictures: tuple[str, ...]) -> Page:
        sql = "SELECT capture FROM readings WHERE id = ?"
        ((capture,),) = self._facts.rows(sql, (reading.id,))
        return self._page(self._captures.get(capture), pictures)

    def _page(self, capture: StoredCapture, pictures: tuple[str, ...]) -> Page:
        sha256 = str(capture.body_sha256)
        source = Source(
            url=capture.url,
            body=sha256,
            capture=capture.id,
            captured_at=capture.fetched_at,
            portal=capture.portal,
            media="",
            pictures=pictures,
        )
        try:
            body = self._captures.body(sha256)
            drawn = tuple(map(self._captures.body, pictures))
        except (DigestMismatch, MissingCapture) as error:
            raise Unreadable(source, str(error)) from error
        return Page(
            source=_with_media(source, body),
            body=body,
            content_type=content_type(capture.response_head),
            hints=replace(self._hints(capture), pictures=drawn),
        )

    def _hints(self, capture: StoredCapture) -> Hints:
        portal = self._portals(capture.crawl).get(capture.portal, {})
        return Hints(
            title=capture.link_text,
            agency=capture.agency or str(portal.get("agency", "")),
            region_code=str(portal.get("region", "")),
        )

    def _read_portals(self, crawl: int) -> Mapping[str, Mapping[str, object]]:
        """The registry entries that a crawl worked with, as it noted them in its settings."""
        row = self._captures.db.execute("SELECT settings FROM crawls WHERE id = ?", (crawl,))
        portals = json.loads(row.fetchone()[0]).get("portals")
        if not isinstance(portals, dict):
            return {}
        return cast("dict[str, dict[str, object]]", portals)


def _with_media(source: Source, body: bytes) -> Source:
    return replace(source, media=media(body))
