"""The registry looked at as a whole: what one entry alone cannot show to be wrong."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from parsers.regions import by_code, is_within

from .addresses import host_of
from .registry import Portal

_GOVERNMENTS = ("province", "prefecture", "county")
_TAILS = {"province": "0000", "prefecture": "00"}  # of the codes of each level


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A `fault` must be mended; a thing to `mind` may be right, and a person should know why."""

    portal: str
    weight: Literal["fault", "mind"]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _LookAlike:
    label: str
    region: str
    other: str


def review(portals: Sequence[Portal]) -> list[Finding]:
    """Faults first, then in the order of the registry."""
    found = [*_twins(portals), *(each for portal in portals for each in _alone(portal))]
    return sorted(found, key=lambda each: each.weight != "fault")


def _twins(portals: Sequence[Portal]) -> Iterator[Finding]:
    """One host for two governments, and two entries for one."""
    hosts: dict[str, list[Portal]] = defaultdict(list)
    bodies: dict[tuple[str, str], list[Portal]] = defaultdict(list)
    for portal in portals:
        if portal.level in _GOVERNMENTS and portal.home:
            if not portal.on_loopback:
                hosts[host_of(portal.home)].append(portal)
            bodies[portal.agency, portal.region].append(portal)
    for host, (first, *others) in hosts.items():
        for portal in others:
            yield _fault(portal, f"has the host {host} of {first.id}")
    for (agency, _), (first, *others) in bodies.items():
        for portal in others:
            yield _fault(portal, f"is {agency}, as {first.id} is")


def _alone(portal: Portal) -> Iterator[Finding]:
    if portal.region and by_code(portal.region) is None:
        yield _fault(portal, f"region {portal.region} is in no edition of GB/T 2260")
    tail = _TAILS.get(portal.level, "")
    if portal.level in _GOVERNMENTS and not portal.region.endswith(tail):
        yield _fault(portal, f"region {portal.region} is no {portal.level}")
    elif portal.level in ("prefecture", "county") and portal.region.endswith(
        "0000" if portal.level == "prefecture" else "00"
    ):
        yield _mind(portal, f"region {portal.region} is above a {portal.level}")
    if portal.home and not portal.on_loopback:
        yield from _host(portal)
    if not portal.home:
        yield _mind(portal, "has no home that a source names: it is not crawled")


def _host(portal: Portal) -> Iterator[Finding]:
    host = host_of(portal.home)
    if not host.endswith(".gov.cn"):
        yield _mind(portal, f"{host} is no .gov.cn host")
    for twin in _look_alikes():
        own = host in (f"{twin.label}.gov.cn", f"www.{twin.label}.gov.cn")
        if own and not is_within(portal.region, twin.region):
            yield _fault(portal, f"{host} belongs to {twin.region}, look-alike of {twin.other}")


def _fault(portal: Portal, reason: str) -> Finding:
    return Finding(portal=portal.id, weight="fault", reason=reason)


def _mind(portal: Portal, reason: str) -> Finding:
    return Finding(portal=portal.id, weight="mind", reason=reason)


@cache
def _look_alikes() -> tuple[_LookAlike, ...]:
    data = tomllib.loads(Path(__file__).with_name("lookalikes.toml").read_text("utf-8"))
    return tuple(_LookAlike(**entry) for entry in data["host"])
