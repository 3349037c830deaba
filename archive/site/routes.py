"""Addresses and the pages behind them."""

from __future__ import annotations

from archive.site import (
    about,
    agency,
    catalogue,
    changes,
    compare,
    coverage,
    evidence,
    home,
    indicator,
    quality,
    questions,
    region,
    report,
    seek,
)
from archive.site.door import Build

PAGES: dict[str, Build] = {
    r"/$": home.page,
    r"/search$": seek.page,
    r"/agency/(?P<id>\d+)$": agency.page,
    r"/region/(?P<code>\d{6})$": region.page,
    r"/indicators$": indicator.listing,
    r"/indicator/(?P<id>[a-z0-9_]+)$": indicator.page,
    r"/report/(?P<id>\d+)$": report.page,
    r"/compare$": compare.page,
    r"/changes$": changes.page,
    r"/changes\.atom$": changes.atom,
    r"/coverage$": coverage.page,
    r"/quality$": quality.page,
    r"/questions$": questions.page,
    r"/about$": about.page,
    r"/api$": about.api,
    r"/datapackage\.json$": catalogue.datapackage,
    r"/dataset\.jsonld$": catalogue.dataset,
    r"/-/gongkai/page/(?P<sha>[0-9a-f]{64})$": evidence.frame,
    r"/-/gongkai/capture/(?P<sha>[0-9a-f]{64})$": evidence.download,
}
