"""Which process crawls which portal: one host in one shard, so that politeness stays exact."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

from parsers.errors import RegistryError

from .registry import Portal


def parse(text: str) -> tuple[int, int]:
    """`2/5` is the third of five: shards count from 0."""
    found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text, re.ASCII)
    if not found or not int(found[1]) < int(found[2]):
        raise RegistryError(f"shard is {text!r}, not I/N with I from 0 to N - 1")
    return int(found[1]), int(found[2])


def members(portals: Sequence[Portal], index: int, count: int) -> tuple[Portal, ...]:
    """Portals that share a host, also through a third one, go together."""
    keys = _keys(portals)
    return tuple(
        portal
        for portal in portals
        if portal.crawlable and crc32(keys[portal.id].encode()) % count == index
    )


def _keys(portals: Sequence[Portal]) -> dict[str, str]:
    """The first host, by name, of all that hang together with the portal's own."""
    groups: dict[str, set[str]] = {}
    for portal in portals:
        merged = set(portal.host_names())
        for host in portal.host_names():
            merged |= groups.get(host, set())
        groups |= dict.fromkeys(merged, merged)
    hosts = {portal.id: min(portal.host_names(), default="") for portal in portals}
    return {name: min(groups[host]) if host else "" for name, host in hosts.items()}
