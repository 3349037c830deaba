"""Where a URL leads: whose host it is, and whether it points into a private network."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@lru_cache(maxsize=1024)  # one request is looked at some thirty times on its way
def split(url: str) -> SplitResult | None:
    """The parts of an http or https URL that names a usable host and port, else None."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or port == 0 or not is_host(parts.hostname or ""):
        return None
    return parts


def is_host(name: str) -> bool:
    """Whether `name` is an address or a well-formed host name (one trailing dot is not)."""
    if address(name):
        return True
    labels = name.split(".")
    return 0 < len(name) <= 253 and all(map(_LABEL.fullmatch, labels)) and not _numeric(labels)


def _numeric(labels: list[str]) -> bool:
    """`127.1`, `2130706433` and `0x7f.1` are addresses to some resolvers: no names of ours."""
    return bool(re.fullmatch(r"\d+|0x[0-9a-f]*", labels[-1], re.IGNORECASE))


@lru_cache(maxsize=1024)
def address(host: str) -> Address | None:
    """The IP address that `host` spells, brackets or not; None for a name."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    found = address(host)
    return found.is_loopback if found else host.lower() == "localhost"


def is_private(found: Address) -> bool:
    """Everything that the public internet does not route, also inside an IPv6 wrapping."""
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_private(inner)
    return not found.is_global or found.is_multicast


def host_of(url: str) -> str:
    """Host name in lower case without port, "" when there is none."""
    parts = split(url)
    return (parts.hostname or "").lower() if parts else ""


def site_of(url: str) -> str:
    """`host:port`: what robots.txt speaks for (RFC 9309 2.3), the scheme left out."""
    parts = split(url)
    return f"{host_of(url)}:{parts.port or _PORTS[parts.scheme]}" if parts else ""


def party(url: str) -> str:
    """Who is asked: delays, budgets and blocks are kept for it. A host, whatever the port; but
    on loopback, where every port may be another portal, host and port."""
    host = host_of(url)
    return site_of(url) if is_loopback(host) else host


def allowed(url: str, home: str, hosts: Iterable[str]) -> bool:
    """Whether `url` stays inside `home` + `hosts`; on loopback the port counts too."""
    host = host_of(url)
    if not host:
        return False
    if is_loopback(host):
        own = {host_port(entry) for entry in hosts} | {site_of(home)}
        return site_of(url) in own or _other_scheme(url, home)
    return host in {host_port(entry).rpartition(":")[0] for entry in hosts} | {host_of(home)}


def _other_scheme(url: str, home: str) -> bool:
    """http and https of one address, each on its own port."""
    there, here = split(url), split(home)
    same = there and here and there.hostname == here.hostname
    return bool(same and there and here and there.port is None and here.port is None)


def host_port(entry: str) -> str:
    """`name` or `name:port` of a registry entry as `host:port`, port 80 when it names none."""
    return site_of(f"http://{entry}")
