"""Scrapy's settings, for `scrapy crawl` and `gongkai crawl` alike."""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version

try:
    _VERSION = version("gongkai")
except PackageNotFoundError:  # run from a folder, not installed
    _VERSION = "0"
CONTACT = os.environ.get("GONGKAI_CONTACT", "")

BOT_NAME = "gongkai"
SPIDER_MODULES = ["spiders.spider"]
ADDONS = {"spiders.addon.GongkaiAddon": 100}

GONGKAI_DATA = os.environ.get("GONGKAI_DATA", "data")
GONGKAI_PORTALS = os.environ.get("GONGKAI_PORTALS", "")
GONGKAI_DAILY = int(os.environ.get("GONGKAI_DAILY", "100"))  # requests a host and day
GONGKAI_HOURS = os.environ.get("GONGKAI_HOURS", "")  # "22-6" by China's clock; empty is always
# Lists that a script draws: 1 where the extra is installed, 0 never, nosandbox where Chromium's own
# sandbox cannot start (containers without user namespaces).
GONGKAI_BROWSER = os.environ.get("GONGKAI_BROWSER", "1")
GONGKAI_MAX_SIZE = 0  # MB of capture.db at which a crawl ends; 0 is none
GONGKAI_MIN_FREE = 200  # MB of the disk that a crawl leaves free
GONGKAI_BACKOFF = [30, 120]  # seconds before the second and the third try
GONGKAI_PATIENCE = 600  # longest wait for a host, in seconds, when nothing else is left to do

ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "gongkai"
USER_AGENT = f"gongkai/{_VERSION}" + (f" (+{CONTACT})" if CONTACT else "")
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
}

CONCURRENT_REQUESTS = 400  # a whole batch of spiders/queue.py; most wait for their host
CONCURRENT_REQUESTS_PER_DOMAIN = 1
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # the surest way first
CONCURRENT_ITEMS = 1  # there are no items; Scrapy starts so many tasks for every response
DOWNLOAD_DELAY = 3.0  # of other spiders; ours keep pace in spiders/middlewares/turns.py
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # a cut body is kept and marked
DOWNLOAD_HANDLERS = {
    "http": "spiders.handler.PoliteHandler",
    "https": "spiders.handler.PoliteHandler",
}
TWISTED_DNS_RESOLVER = "spiders.resolver.PublicResolver"

COOKIES_ENABLED = True  # some firewalls want the cookie they gave; nothing is computed
REDIRECT_MAX_TIMES = 5
METAREFRESH_MAXDELAY = 5  # longer ones are pages that reload themselves
HTTPERROR_ALLOW_ALL = True  # the spider closes every task itself

RETRY_ENABLED = False  # the frontier waits, see spiders/retry.py
AUTOTHROTTLE_ENABLED = False  # adapts to latency, not to manners
HTTPCACHE_ENABLED = False  # serves stale pages; the archive is the cache
REMOTE_CONTROL_ENABLED = False  # runs posted Python
TELNETCONSOLE_ENABLED = False
LOG_LEVEL = "INFO"
