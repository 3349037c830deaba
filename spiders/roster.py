"""The registry as a whole: what no entry shows alone. `load` refuses what one entry cannot mean."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from parsers.regions import by_code

from .addresses import host_of
from .registry import Portal

_KNOWN = Path(__file__).with_name("lookalikes.toml")
GOVERNMENTS = ("province", "prefecture", "county")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    portal: str
    field: str
    reason: str

    def __str__(self) -> str:
        return f"portal {self.portal}: {self.field} {self.reason}"


@dataclass(frozen=True, slots=True)
class _Known:
    labels: dict[str, tuple[str, str]]  # code of the region -> its name, the label of its host
    zones: dict[str, str]


def faults(portals: Sequence[Portal]) -> tuple[Fault, ...]:
    """Everything at once, in the order of the entries."""
    alone = (
        Fault(portal=portal.id, field=field, reason=reason)
        for portal in portals
        for field, reason in (*_region(portal), *_lookalike(portal), *_scheme(portal))
    )
    order = {portal.id: number for number, portal in enumerate(portals)}
    return tuple(sorted((*alone, *_shared(portals)), key=lambda fault: order[fault.portal]))


def _region(portal: Portal) -> Iterator[tuple[str, str]]:
    """The code is one of today, and of the level and the body that the entry names."""
    if not portal.region:
        return
    region = by_code(portal.region)
    if region is None:
        yield "region", f"{portal.region} is no code of GB/T 2260"
        return
    if region.valid_to:
        then = f"; {region.successor} answers for it" if region.successor else ""
        yield "region", f"{portal.region} {region.name} ended in {region.valid_to}{then}"
    if portal.level not in GOVERNMENTS or portal.id in _known().zones:
        return
    if portal.level != region.level:
        yield "level", f"is {portal.level}, but {region.code} {region.name} is a {region.level}"
    if region.name not in portal.agency:
        yield "agency", f"{portal.agency} does not name its region {region.name}"


def _lookalike(portal: Portal) -> Iterator[tuple[str, str]]:
    """A government of a region whose name sounds like another's stands on its own host."""
    expected = _known().labels.get(portal.region)
    if not expected or not portal.home or portal.level not in GOVERNMENTS:
        return
    name, label = expected
    if portal.id not in _known().zones and label not in host_of(portal.home).split("."):
        other = _owner(host_of(portal.home))
        yield "home", f"{portal.home} is not that of {name}, which is {label}{other}"


def _owner(host: str) -> str:
    labels = _known().labels.values()
    return next((f"; it is that of {name}" for name, at in labels if at in host.split(".")), "")


def _scheme(portal: Portal) -> Iterator[tuple[str, str]]:
    """One host, one scheme: else the crawl asks it twice for the same pages."""
    home = urlsplit(portal.home)
    for column in map(urlsplit, portal.columns):
        if column.netloc == home.netloc and column.scheme != home.scheme:
            yield "columns", f"hold {column.geturl()}, but home is {home.scheme}"


def _shared(portals: Sequence[Portal]) -> Iterator[Fault]:
    """Names that two entries claim. Hosts of one owner may serve several bodies by their paths."""
    yield from _twice(portals, "home", lambda portal: (_bare(portal.home),))
    yield from _twice(portals, "hosts", lambda portal: portal.hosts)
    yield from _twice(portals, "agency", lambda portal: (f"{portal.region} {portal.agency}",))
    yield from _twice(portals, "site_code", lambda portal: (portal.site_code,))


def _bare(url: str) -> str:
    """An address without scheme and www: what people write in four ways."""
    parts = urlsplit(url)
    return parts.netloc.lower().removeprefix("www.") + parts.path.rstrip("/")


def _twice(
    portals: Sequence[Portal], field: str, names: Callable[[Portal], Iterable[str]]
) -> Iterator[Fault]:
    claims: defaultdict[str, list[str]] = defaultdict(list)
    for portal in portals:
        for name in filter(None, names(portal)):
            claims[name].append(portal.id)
    for name, owners in claims.items():
        for late in owners[1:]:
            reason = f"{name} is that of {owners[0]} too"
            yield Fault(portal=late, field=field, reason=reason)


@cache
def _known() -> _Known:
    data = tomllib.loads(_KNOWN.read_text("utf-8"))
    labels = {code: (name, label) for code, (name, label) in data["hosts"].items()}
    return _Known(labels, data["zones"])
