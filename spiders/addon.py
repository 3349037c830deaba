"""One add-on wires everything, so that `scrapy crawl` and `gongkai crawl` are the same crawl."""

from __future__ import annotations

import logging
from functools import cache

from scrapy.downloadermiddlewares import cookies
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.settings import BaseSettings
from tldextract import TLDExtract
from twisted.logger import globalLogBeginner

# By position: small is near the spider, large is near the wire.
MIDDLEWARES = {
    "spiders.middlewares.bounds.BoundsMiddleware": 60,
    "spiders.middlewares.robots.RobotsMiddleware": 100,
    "spiders.middlewares.conditional.ConditionalMiddleware": 890,
    "spiders.middlewares.turns.TurnsMiddleware": 940,
    "spiders.middlewares.archive.ArchiveMiddleware": 950,
}
REPLACED = (RobotsTxtMiddleware, OffsiteMiddleware)  # one leaks, the other drops in silence


class GongkaiAddon:
    """Wins over a project's own settings: politeness is not one of them."""

    def update_settings(self, settings: BaseSettings) -> None:
        for path, position in MIDDLEWARES.items():
            settings["DOWNLOADER_MIDDLEWARES"].set(path, position, priority="cmdline")
        for stock in REPLACED:
            settings["DOWNLOADER_MIDDLEWARES"].set(stock, None, priority="cmdline")
        _stay_offline()
        _hush()
        if settings.getbool("TWISTED_REACTOR_ENABLED"):
            _keep_heads()


@cache
def _hush() -> None:
    """Twisted writes what is critical to stderr by itself, and through logging as well."""
    globalLogBeginner.beginLoggingTo([], redirectStandardIO=False, discardBuffer=True)
    logging.getLogger("twisted").addFilter(_is_news)
    # aiohttp's handler says at each start that it is experimental, for old TLS there is no other;
    # bodies that are too large are outcomes.
    for name in ("_base_streaming", "http11"):
        logging.getLogger(f"scrapy.core.downloader.handlers.{name}").setLevel(logging.ERROR)


def _is_news(record: logging.LogRecord) -> bool:
    """Twisted logs a traceback for every bad certificate; the archive has it as an outcome."""
    return not record.getMessage().startswith("while verifying certificate")


def _keep_heads() -> None:
    """Only Twisted's handler can; without a reactor it must not even be imported."""
    from .headkeeper import install

    install()


def _stay_offline() -> None:
    """The cookie jar's list of public suffixes comes with the package, not from its site."""
    if hasattr(cookies, "_split_domain"):
        cookies._split_domain = TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)
