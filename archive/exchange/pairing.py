"""Requests, answers and remarks of a WARC file, brought together by WARC-Concurrent-To."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .records import Damage, Record

# How far apart the records of one exchange may lie: wget writes the request first, warcio last.
WINDOW = 32
ANSWERS = ("response", "revisit", "resource")
BESIDE = ("request", "metadata")


@dataclass(slots=True)
class Exchange:
    """The records of one visit; a visit that drew no answer has a remark only."""

    answer: Record | None = None
    request: Record | None = None
    metadata: Record | None = None

    def add(self, record: Record) -> None:
        if record.kind == "request":
            self.request = record
        elif record.kind == "metadata":
            self.metadata = record
        else:
            self.answer = record


def paired(records: Iterable[Record | Damage]) -> Iterator[Exchange | Record | Damage]:
    """Exchanges in the order of the file; records of other kinds pass through."""
    opened: OrderedDict[str, Exchange] = OrderedDict()
    for record in records:
        if isinstance(record, Damage) or record.kind not in (*ANSWERS, *BESIDE):
            yield record
            continue
        _file(opened, record)
        if len(opened) > 2 * WINDOW:
            yield from _oldest(opened)
    while opened:
        yield from _oldest(opened)


def _file(opened: OrderedDict[str, Exchange], record: Record) -> None:
    """Every id that the records of an exchange carry or name leads to it."""
    names = [record.id, *record.headers.get("warc-concurrent-to", "").split()]
    found = next((opened[name] for name in names if name in opened), None) or Exchange()
    if record.kind in ANSWERS and found.answer is not None:  # two answers share one request
        found = Exchange(request=found.request)
    found.add(record)
    for name in names:
        opened[name or f"offset {record.offset}"] = found


def _oldest(opened: OrderedDict[str, Exchange]) -> Iterator[Exchange]:
    first = next(iter(opened.values()))
    for name in [name for name, exchange in opened.items() if exchange is first]:
        del opened[name]
    yield first
