"""Pages a second of a crawl of 50 hosts without delay, archiving on, beside `scrapy bench` and a
plain spider over the same pages that keeps nothing; then the memory of 100,000 queued links.

    python -m benchmarks.crawl [--rounds 3] [--reports 40] [--only speed|memory]

Every server is a process of its own. The three take turns, the median counts; a figure is that of
the busy part, since all have imported what they need. Exit 1 when a promise is not kept.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from archive.sqlite import sqlite3
from benchmarks.serving import Portals, entry

HOSTS, PORT = 50, 18432
LINKS = 100_000
SHARE, MEGABYTES = 0.70, 400  # what is promised
# Prints what passed between the imports and the end: seconds, and seconds of this process's CPU.
TIMED = """
import atexit, sys, time
import scrapy.cmdline, scrapy.crawler
{imports}
begun = time.monotonic(), time.process_time()
def told():
    print("took", time.monotonic() - begun[0], time.process_time() - begun[1], file=sys.stderr)
atexit.register(told)
{run}
"""
BENCH = TIMED.format(imports="", run="scrapy.cmdline.execute(['scrapy', 'bench'])")
OURS = TIMED.format(imports="import spiders.crawl\nfrom gongkai import main", run="main()")
PLAIN = TIMED.format(
    imports="",
    run=r"""
class Plain(scrapy.Spider):
    name = "plain"
    start_urls = sys.argv[1:]
    def parse(self, response):
        if response.url.endswith("index.html"):
            yield from response.follow_all(css="li a")
        response.css("h1::text").get()
quiet = {"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False}
process = scrapy.crawler.AsyncCrawlerProcess(
    quiet | {"CONCURRENT_REQUESTS": 400, "CONCURRENT_REQUESTS_PER_DOMAIN": 1})
process.crawl(Plain)
process.start()
""",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    pages: int
    seconds: float
    cpu: float

    @property
    def speed(self) -> float:
        return self.pages / self.seconds


def timed(script: str, *words: str) -> tuple[str, float, float]:
    """Stderr, seconds and CPU seconds of a script that is TIMED."""
    with tempfile.TemporaryDirectory() as folder:  # outside of the project: its own settings
        done = subprocess.run(
            [sys.executable, "-c", script, *words],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    took = re.search(r"^took (\S+) (\S+)$", done.stderr, re.MULTILINE)
    if took is None:
        raise SystemExit(f"no figures:\n{done.stderr[-2000:]}")
    return done.stderr, float(took[1]), float(took[2])


def bench(_: int) -> Run:
    """Ten seconds of what Scrapy measures itself with; its figures are in its own log."""
    said, _, cpu = timed(BENCH)
    found = re.search(r"'downloader/response_count': (\d+)", said)
    seconds = re.search(r"'elapsed_time_seconds': ([\d.]+)", said)
    if not found or not seconds:
        raise SystemExit(f"scrapy bench said nothing:\n{said[-2000:]}")
    return Run(pages=int(found[1]), seconds=float(seconds[1]), cpu=cpu)


def plain(reports: int) -> Run:
    with Portals(HOSTS, reports, PORT) as portals:
        columns = [f"http://127.0.1.{n + 1}:{PORT}/nb/index.html" for n in range(HOSTS)]
        _, seconds, cpu = timed(PLAIN, *columns)
        asked = sum(one["requests"] for one in portals.figures())
    return Run(pages=asked, seconds=seconds, cpu=cpu)


def ours(reports: int) -> Run:
    """The command as a user types it: from the lock on the archive to the report of the crawl."""
    with tempfile.TemporaryDirectory() as folder, Portals(HOSTS, reports, PORT) as portals:
        file = Path(folder) / "portals.toml"
        file.write_text("\n".join(entry(number, PORT) for number in range(HOSTS)), "utf-8")
        words = ["crawl", "--portals", str(file), "--data", f"{folder}/data", "--delay", "0"]
        _, seconds, cpu = timed(OURS, *words)
        seen = portals.figures()
    asked = sum(one["requests"] for one in seen)
    worst = max(one["most_at_once"] for one in seen)
    if worst > 1 or asked != HOSTS * (reports + 2):  # a report each, the column, robots.txt
        raise SystemExit(f"{asked} requests, {worst} at once to one host: not the crawl meant")
    return Run(pages=asked, seconds=seconds, cpu=cpu)


RIVALS: dict[str, Callable[[int], Run]] = {
    "scrapy bench": bench,
    "plain spider, keeps nothing": plain,
    "gongkai crawl": ours,
}


def speed(rounds: int, reports: int) -> bool:
    """Whether the promise is kept."""
    runs: dict[str, list[Run]] = {name: [] for name in RIVALS}
    for _ in range(rounds):
        for name, rival in RIVALS.items():
            runs[name].append(rival(reports))
    share = median(
        mine.speed / theirs.speed
        for mine, theirs in zip(runs["gongkai crawl"], runs["scrapy bench"], strict=True)
    )
    print(f"{rounds} rounds, median: pages/s (least to most), ms of CPU a page")
    for name, made in runs.items():
        speeds = sorted(run.speed for run in made)
        cpu = median(1000 * run.cpu / run.pages for run in made)
        print(f"  {name:28} {median(speeds):6.1f} ({speeds[0]:.1f} to {speeds[-1]:.1f}) {cpu:6.2f}")
    return verdict(f"{100 * share:.0f} % of scrapy bench's pages/s", share >= SHARE, "70 %")


def queued(data: Path) -> tuple[int, int]:
    """Links in the frontier, and reports that came, while a crawl is under way."""
    try:
        with sqlite3.connect(f"file:{data}/capture.db?mode=ro", uri=True) as db:
            (links,) = db.execute("SELECT count(*) FROM frontier").fetchone()
            (came,) = db.execute("SELECT count(*) FROM captures WHERE kind = 'report'").fetchone()
    except sqlite3.OperationalError:
        return 0, 0
    return links, came


def memory() -> bool:
    """A real crawl of one portal whose column promises 100,000 reports on 200 pages: it runs until
    all are queued and a thousand came, is interrupted, and ends as it would at night."""
    with tempfile.TemporaryDirectory() as folder, Portals(1, LINKS, PORT + 1):
        file, data = Path(folder) / "portals.toml", Path(folder) / "data"
        file.write_text(entry(0, PORT + 1), "utf-8")
        command = [sys.executable, "-m", "gongkai", "crawl", "--portals", str(file)]
        started = time.monotonic()
        process = subprocess.Popen(
            [*command, "--data", str(data), "--delay", "0"], stdout=subprocess.DEVNULL
        )
        found = (0, 0)
        while process.poll() is None and (found[0] < LINKS or found[1] < 1000):
            time.sleep(0.5)
            found = queued(data)
        process.send_signal(signal.SIGINT)
        peak = _peak(process)
    print(
        f"{found[0]:,} links queued, {found[1]:,} fetched, in {time.monotonic() - started:.0f} s; "
        f"exit {process.returncode}"
    )
    kept = peak < MEGABYTES and found[0] >= LINKS
    return verdict(f"peak of the whole process {peak:.0f} MB", kept, f"{MEGABYTES} MB")


def _peak(process: subprocess.Popen[bytes]) -> float:
    usage: resource.struct_rusage
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / 1024


def verdict(said: str, kept: bool, promise: str) -> bool:
    print(f"{said}; promised {promise}: {'kept' if kept else 'NOT KEPT'}")
    return kept


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--reports", type=int, default=40, help="reports a host")
    options.add_argument("--only", choices=["speed", "memory"])
    chosen = options.parse_args()
    kept = chosen.only == "memory" or speed(chosen.rounds, chosen.reports)
    kept = (chosen.only == "speed" or memory()) and kept
    sys.exit(not kept)


if __name__ == "__main__":
    main()
