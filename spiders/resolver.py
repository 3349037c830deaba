"""Names that lead into a private network are not resolved: no request to them is ever sent."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from .addresses import address, is_loopback, is_private

# Twisted swallows the reason of a failed look-up; the archive asks here for it.
PRIVATE_NAMES: dict[str, str] = {}


class PublicResolver(CachingThreadedResolver):
    """Scrapy's resolver; `localhost` and literal addresses are judged before it is asked."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        found = super().getHostByName(name, timeout)
        return found if address(name) or is_loopback(name) else found.addCallback(_public, name)


def _public(found: str, name: str) -> str:
    if is_private(ipaddress.ip_address(found)):
        PRIVATE_NAMES[name.lower()] = found
        raise DNSLookupError(f"{name} leads to the private address {found}")
    return found
