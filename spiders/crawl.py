"""A whole crawl in one call; a process can make one, since the reactor starts only once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from archive import visits
from archive.capture import CaptureStore, now
from parsers.errors import MissingCapture

from . import settings as project
from .aftermath import due
from .registry import Portal
from .session import Session, summary
from .shards import members
from .spider import PortalSpider
from .tally import CrawlSummary

__all__ = ["CrawlSummary", "run"]


def run(
    data: Path,
    *,
    portals: Sequence[Portal],
    limit: int | None = None,
    shard: tuple[int, int] | None = None,
    delay: float | None = None,
    reason: str = "crawl",
    scheduled: bool = False,
    overrides: Mapping[str, object] | None = None,
) -> CrawlSummary:
    """Crawls until nothing is due. GongkaiError when it cannot begin, or cannot go on.

    `shard` is (index, count); `overrides` are Scrapy settings; a `scheduled` crawl lets pages
    rest, see spiders/resting.py. The archive is locked meanwhile.
    """
    chosen = members(portals, *shard) if shard else tuple(portals)
    if shard and not chosen:
        return CrawlSummary(portals={}, crawl=0)
    session = Session.open(
        data, chosen, reason=reason, limit=limit, delay=delay, scheduled=scheduled
    )
    try:
        process = AsyncCrawlerProcess(scrapy_settings(overrides or {}))
        process.crawl(PortalSpider, session=session)
        process.start()
    finally:
        session.close("shutdown")
    if session.error is not None:
        raise session.error
    return summary(session)


def due_now(data: Path, portals: Sequence[Portal]) -> tuple[Portal, ...]:
    """Portals whose time has come; where there is no archive yet, all of them."""
    try:
        with CaptureStore.reader(data) as store:
            known = visits.load(store)
    except MissingCapture:
        known = {}
    return due(portals, known, now())


def scrapy_settings(overrides: Mapping[str, object]) -> Settings:
    """The project's settings, quiet: the caller says what there is to say."""
    values = Settings()
    values.setmodule(project, priority="project")
    values.set("LOG_LEVEL", "WARNING", priority="project")
    for name, value in overrides.items():
        values.set(name, value, priority="cmdline")
    return values
