"""Captures made by others enter the archive: each once, however often they are brought."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from archive.bodies import digest
from archive.capture import CaptureStore
from archive.sqlite import plain_errors
from archive.stored import storable
from parsers.model import Capture

from .captures import Incoming, Skipped, incoming
from .extras import needs
from .pairing import Exchange, paired
from .records import Damage, Record, digest_differs, opened, records

BATCH_BYTES = 16 << 20  # of bodies in one transaction
BATCH = 500
TOLD = 100  # damages told one by one
PortalOf = Callable[[str], str]
Progress = Callable[[int, int], None]


@dataclass(slots=True, kw_only=True)
class ImportSummary:
    """What was brought, and what could not be."""

    files: int = 0
    new: int = 0
    known: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)  # by reason
    revisits_without_original: int = 0
    damaged: list[str] = field(default_factory=list)
    damages: int = 0

    @property
    def whole(self) -> bool:
        """Everything that the files hold was brought or is no capture."""
        return not (self.damages or self.revisits_without_original)

    def as_dict(self) -> dict[str, object]:
        """JSON-ready."""
        counts = {"outcomes": dict(self.outcomes), "skipped": dict(self.skipped)}
        names = ("files", "new", "known", "revisits_without_original", "damages", "damaged")
        return {name: getattr(self, name) for name in names} | counts | {"whole": self.whole}

    def damage(self, where: str, why: str) -> None:
        self.damages += 1
        if len(self.damaged) < TOLD:
            self.damaged.append(f"{where}: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """Which portal an address belongs to, and what is noted of each portal."""

    portal_of: PortalOf = lambda url: ""
    portals: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


class Receiver:
    """Writes what is new, in batches; the row of the import itself is made with the first."""

    def __init__(self, store: CaptureStore, reason: str, settings: Mapping[str, object]) -> None:
        self.summary = ImportSummary()
        self._store = store
        self._reason = reason
        self._settings = settings
        self._crawl: int | None = None
        self._waiting: list[Capture] = []
        self._bytes = 0

    def take(self, capture: Capture) -> None:
        """Later, together with others."""
        self._waiting.append(capture)
        self._bytes += len(capture.body or b"")
        if len(self._waiting) >= BATCH or self._bytes >= BATCH_BYTES:
            self.flush()

    def flush(self) -> None:
        """All that waits, but for what the archive has."""
        seen: set[object] = set()
        fresh = [capture for capture in self._waiting if self._is_new(capture, seen)]
        self.summary.known += len(self._waiting) - len(fresh)
        self.summary.new += len(fresh)
        self.summary.outcomes.update(capture.outcome for capture in fresh)
        self._waiting, self._bytes = [], 0
        if fresh:
            if self._crawl is None:
                self._crawl = self._store.begin_crawl(reason=self._reason, settings=self._settings)
            self._store.record_all(fresh, crawl=self._crawl)

    def finish(self) -> ImportSummary:
        self.flush()
        if self._crawl is not None:
            done = self.summary
            stats = {"new": done.new, "known": done.known, "damaged": done.damages}
            self._store.end_crawl(self._crawl, reason="finished", stats=stats)
        return self.summary

    def _is_new(self, capture: Capture, seen: set[object]) -> bool:
        """One visit is an address, a moment, a request, and what came of it."""
        body = None if capture.body is None else digest(capture.body)
        key = (capture.url, capture.fetched_at, capture.method, capture.outcome, body)
        if key in seen:
            return False
        seen.add(key)
        sql = (
            "SELECT 1 FROM captures c JOIN urls u ON u.id = c.url "
            "LEFT JOIN bodies b ON b.id = c.body WHERE u.url = ? AND c.fetched_at = ? "
            "AND c.method = ? AND c.outcome = ? AND c.request_body = ? "
            "AND (? IS NULL OR b.sha256 = ?) LIMIT 1"
        )
        given = (storable(capture.url), *key[1:4], capture.request_body, body, body)
        return self._store.db.conn.execute(sql, given).fetchone() is None

    def original(self, visit: Incoming) -> tuple[int, bytes] | None:
        """Number and body of the visit that a revisit repeats: that very one, or the last before.

        Never found by the payload digest of another tool, since what that covers differs by tool.
        But where no moment is named, the last visit before may not be the one: then the digest must
        be of its body, as it came or decoded.
        """
        sql = (
            "SELECT c.id, b.sha256, c.wire_sha1 FROM captures c JOIN urls u ON u.id = c.url "
            "JOIN bodies b ON b.id = c.body WHERE u.url = ? AND c.fetched_at {} ? "
            "AND (c.outcome = 'ok' OR c.status = ?) ORDER BY c.fetched_at DESC, c.id DESC LIMIT 1"
        )
        exact = bool(visit.of_date)
        moment = visit.of_date or visit.capture.fetched_at
        row = self._store.db.conn.execute(
            sql.format("=" if exact else "<="),
            (storable(visit.of_url), moment, visit.capture.status),
        ).fetchone()
        if row is None:
            return None
        body = self._store.body(row[1])
        sums = {row[2], hashlib.sha1(body, usedforsecurity=False).hexdigest()}
        sure = exact or not visit.of_sha1 or visit.of_sha1 in sums
        return (int(row[0]), body) if sure or visit.capture.outcome == "not-modified" else None


def import_warcs(
    data: Path,
    paths: Sequence[Path],
    registry: Registry | None = None,
    progress: Progress | None = None,
) -> ImportSummary:
    """WARC and WACZ files, of any crawler; revisits last, when all originals are there."""
    needs("fastwarc")
    registry = registry or Registry()
    for path in paths:
        with opened(path):
            pass  # a wrong path is told before anything is written
    settings = {"files": [_file(path) for path in paths], "portals": dict(registry.portals)}
    with CaptureStore.open(data) as store:
        receiver = Receiver(store, "import warc", settings)
        with plain_errors(store.path):
            revisits = list(_first_visits(receiver, paths, registry, progress))
            receiver.flush()
            for visit in revisits:
                _take_revisit(receiver, visit)
            return receiver.finish()


def _file(path: Path) -> dict[str, object]:
    return {"name": path.name, "bytes": path.stat().st_size}


def _first_visits(
    receiver: Receiver, paths: Sequence[Path], registry: Registry, progress: Progress | None
) -> Iterator[Incoming]:
    """Takes what has a body of its own; gives back the revisits, which wait for theirs."""
    for number, path in enumerate(paths, 1):
        receiver.summary.files += 1
        with opened(path) as streams:
            for name, stream in streams:
                for found in paired(records(stream)):
                    visit = _visit(receiver.summary, name, found, registry)
                    if visit is not None and visit.is_revisit:
                        yield visit
                    elif visit is not None:
                        receiver.take(visit.capture)
        if progress:
            progress(number, len(paths))


def _visit(
    summary: ImportSummary, name: str, found: Exchange | Record | Damage, registry: Registry
) -> Incoming | None:
    if isinstance(found, Damage):
        summary.damage(f"{name} at {found.offset}", found.why)
        return None
    if isinstance(found, Record):
        summary.skipped[found.kind] += 1
        return None
    for record in _parts(found):
        if digest_differs(record):
            summary.damage(f"{name} at {record.offset}", f"{record.url} differs from its digest")
            return None
    try:
        visit = incoming(found)
    except Skipped as reason:
        summary.skipped[str(reason)] += 1
        return None
    portal = visit.capture.portal or registry.portal_of(visit.capture.url)
    return replace(visit, capture=replace(visit.capture, portal=portal))


def _parts(exchange: Exchange) -> Iterable[Record]:
    found = (exchange.answer, exchange.request, exchange.metadata)
    return (record for record in found if record is not None)


def _take_revisit(receiver: Receiver, visit: Incoming) -> None:
    held = receiver.original(visit)
    if held is None:
        receiver.summary.revisits_without_original += 1
        return
    number, body = held
    if visit.capture.outcome == "not-modified":
        receiver.take(replace(visit.capture, revisit_of=number))
    else:
        receiver.take(replace(visit.capture, body=body))
