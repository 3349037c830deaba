"""Ways to crawl in a test: in this process without a reactor, or as users do in another one."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerRunner

from archive.capture import CaptureStore
from archive.stored import StoredCapture
from spiders.crawl import scrapy_settings
from spiders.registry import Portal
from spiders.session import Session, summary
from spiders.spider import PortalSpider
from spiders.tally import CrawlSummary

from .sites import Site

ROOT = Path(__file__).parents[2]
FAST = {"GONGKAI_BACKOFF": [0.05, 0.1], "DOWNLOAD_TIMEOUT": 2, "GONGKAI_PATIENCE": 2}


PROBE = """import sys, gongkai
from spiders import pace
pace.DEFAULT = 0.0
gongkai.main(sys.argv[1:])"""


def probe(data: Path, home: str) -> dict[str, Any]:
    """What `gongkai portals probe` tells, in a process of its own and without its pauses."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, "portals", "probe", home, "--json"],
        cwd=ROOT,
        env={"GONGKAI_DATA": str(data), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def portal(site: Site, name: str = "sample", **more: object) -> Portal:
    where = {"home": f"{site.url}/", "columns": (f"{site.url}/nb/",)}
    values: dict[str, object] = {**where, "delay": 0.0} | more
    fixed = {"id": name, "name": "样例市", "region": "360800", "level": "prefecture"}
    return Portal(**fixed, agency="样例市人民政府", **values)  # type: ignore[arg-type]


def crawl(
    data: Path,
    portals: Sequence[Portal],
    *,
    limit: int | None = None,
    scheduled: bool = False,
    **settings: object,
) -> CrawlSummary:
    """Without a reactor many crawls fit into one process; heads are not those of the wire."""
    session = Session.open(data, portals, reason="test", limit=limit, scheduled=scheduled)
    overrides = FAST | {"TWISTED_REACTOR_ENABLED": False, "LOG_ENABLED": False} | settings
    try:
        asyncio.run(_crawl(session, overrides))
    finally:
        session.close("shutdown")
    if session.error:
        raise session.error
    return summary(session)


async def _crawl(session: Session, overrides: dict[str, object]) -> None:
    runner = AsyncCrawlerRunner(scrapy_settings(overrides))
    await runner.crawl(PortalSpider, session=session)


def captures(data: Path, where: str = "1") -> list[StoredCapture]:
    with CaptureStore.reader(data) as store:
        return list(store.captures(where))


def registry(folder: Path, *portals: Portal) -> Path:
    """The file that `--portals` takes."""
    path = folder / "portals.toml"
    path.write_text("\n".join(map(_entry, portals)), "utf-8")
    return path


def _entry(one: Portal) -> str:
    return (
        f'[[portal]]\nid = "{one.id}"\nname = "{one.name}"\nregion = "{one.region}"\n'
        f'level = "{one.level}"\nagency = "{one.agency}"\nhome = "{one.home}"\n'
        f'columns = {list(one.columns)}\nhosts = {list(one.hosts)}\nstatus = "unverified"\n'
        f'delay = {one.delay}\ntls = "{one.tls}"\n'
    )


RUN = """
import sys
from pathlib import Path
from spiders.crawl import run
from spiders.registry import load
from parsers.errors import GongkaiError
fast = {"GONGKAI_BACKOFF": [0.05, 0.1], "DOWNLOAD_TIMEOUT": 2, "GONGKAI_PATIENCE": 2}
try:
    done = run(Path(sys.argv[1]), portals=load(Path(sys.argv[2])), overrides=fast)
except GongkaiError as error:
    sys.exit(f"{type(error).__name__}: {error}")
for name, tally in done.portals.items():
    print(name, tally.as_dict())
sys.exit(done.exit_code)
"""


@contextmanager
def started(data: Path, file: Path, first: str = "") -> Iterator[subprocess.Popen[str]]:
    """A whole crawl in a process of its own, with Scrapy's default handler."""
    process = subprocess.Popen(
        [sys.executable, "-c", first + RUN, str(data), str(file)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def run(data: Path, file: Path, timeout: float = 120, first: str = "") -> tuple[int, str, str]:
    """Exit code, stdout, stderr."""
    with started(data, file, first) as process:
        out, err = process.communicate(timeout=timeout)
        return process.returncode, out, err
