"""Pages a second of a crawl of 50 hosts without delay, archiving on, beside `scrapy bench` in the
same run; then the memory of 100,000 queued links. Figures, no tests.

    python benchmarks/crawl.py [--seconds 20] [--only speed|memory]
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from serving import Portals, entry

HOSTS, PORT = 50, 18432
LINKS = 100_000


def bench() -> float:
    """Pages a second that `scrapy bench` says, from its own log: ten seconds, then the end."""
    command = [sys.executable, "-m", "scrapy", "bench"]
    with tempfile.TemporaryDirectory() as folder:  # outside of the project: its own settings
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found = re.search(r"'downloader/response_count': (\d+)", done.stderr)
    seconds = re.search(r"'elapsed_time_seconds': ([\d.]+)", done.stderr)
    if not found or not seconds:
        raise SystemExit(f"scrapy bench said nothing:\n{done.stderr[-2000:]}")
    return int(found[1]) / float(seconds[1])


def crawl(reports: int) -> tuple[float, float, float]:
    """Pages a second of the crawl, of its busy part without start and end, and its peak in MB."""
    with tempfile.TemporaryDirectory() as folder, Portals(HOSTS, reports, PORT) as portals:
        file = Path(folder) / "portals.toml"
        file.write_text("\n".join(entry(number, PORT) for number in range(HOSTS)), "utf-8")
        started = time.monotonic()
        command = [sys.executable, "-m", "gongkai", "crawl", "--portals", str(file)]
        process = subprocess.Popen(
            [*command, "--data", f"{folder}/data", "--delay", "0"], stdout=subprocess.DEVNULL
        )
        _, status, usage = _wait(process)
        seconds = time.monotonic() - started
        seen = portals.figures()
    asked = sum(one["requests"] for one in seen)
    worst = max(one["most_connections"] for one in seen)
    print(f"  {asked} requests, exit {status}, most connections to one host {worst}")
    busy = max(seconds - _start_up(), 0.1)
    return asked / seconds, asked / busy, usage.ru_maxrss / 1024


def _start_up() -> float:
    """Seconds until Python has imported everything: bench's figure does not hold them either."""
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", "import spiders.crawl, scrapy.crawler"], check=True)
    return time.monotonic() - started


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, int, resource.struct_rusage]:
    import os

    pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return pid, process.returncode, usage


QUEUE = """
import asyncio, resource, sys, time
from pathlib import Path
from archive.frontier import Task
from spiders.registry import Portal
from spiders.session import Session
from spiders.queue import Queue
base = "http://127.0.1.1:1"
portal = Portal(id="many", name="x", region="360800", level="county", agency="x", home=base + "/")
session = Session.open(Path(sys.argv[1]), [portal], reason="benchmark")
tasks = (Task(url=f"{base}/nb/t20200101_{n}.html", portal="many", kind="report",
              link_text=f"2020{n}", found_on=base) for n in range(int(sys.argv[2])))
started = time.monotonic()
put = session.frontier.put(tasks, session.cycle)
queue = Queue(session)
taken = len(queue.take())
print(put, taken, round(time.monotonic() - started, 2))
"""


def queued() -> float:
    """Peak MB of a whole crawl process with 100,000 links in its frontier and a batch in hand."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", QUEUE, folder, str(LINKS)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout
        said = process.stdout.read().decode().split()
        _, _, usage = _wait(process)
    print(f"  {said[0]} links queued and {said[1]} leased in {said[2]} s")
    return usage.ru_maxrss / 1024


def listed() -> float:
    """Peak MB of a real crawl that meets one column of 100,000 links and takes none of them."""
    with tempfile.TemporaryDirectory() as folder, Portals(1, LINKS // 10, PORT + 1):
        file = Path(folder) / "portals.toml"
        file.write_text(entry(0, PORT + 1), "utf-8")
        command = [sys.executable, "-m", "gongkai", "crawl", "--portals", str(file), "--limit", "1"]
        process = subprocess.Popen(
            [*command, "--data", f"{folder}/data", "--delay", "0"], stdout=subprocess.DEVNULL
        )
        _, _, usage = _wait(process)
    return usage.ru_maxrss / 1024


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--reports", type=int, default=40, help="reports a host")
    options.add_argument("--only", choices=["speed", "memory"])
    chosen = options.parse_args()
    if chosen.only != "memory":
        theirs = bench()
        print(f"scrapy bench               {theirs:7.1f} pages/s")
        whole, busy, peak = crawl(chosen.reports)
        print(f"gongkai crawl, 50 hosts    {busy:7.1f} pages/s ({100 * busy / theirs:.0f} %)")
        print(f"  with the start of Python {whole:7.1f} pages/s; peak {peak:.0f} MB")
    if chosen.only != "speed":
        print(f"{LINKS} queued links: peak {queued():.0f} MB")
        print(f"{LINKS // 10} links of one column, crawled: peak {listed():.0f} MB")


if __name__ == "__main__":
    main()
