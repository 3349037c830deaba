"""kill -9 at ten random moments of a crawl of 1,500 reports, the same command again each time:
what is lost, and what is fetched twice. `python -m benchmarks.kill --seed 1 --delay 0`"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from archive.sqlite import sqlite3
from benchmarks.serving import Portals, entry

REPORTS, KILLS, PORT = 1500, 10, 18431


def crawl(data: Path, file: Path, delay: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gongkai", "crawl", "--portals", str(file)]
    where = ["--data", str(data), "--delay", delay]
    return subprocess.Popen([*command, *where], stdout=subprocess.DEVNULL)


def stored(data: Path) -> int:
    if not (data / "capture.db").exists():
        return 0
    try:
        with sqlite3.connect(f"file:{data}/capture.db?mode=ro", uri=True) as db:
            return int(db.execute("SELECT count(*) FROM captures").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def main(seed: int, delay: str) -> None:
    random.seed(seed)
    moments = sorted(random.sample(range(1, REPORTS), KILLS))
    with tempfile.TemporaryDirectory() as folder, Portals(1, REPORTS, PORT) as portals:
        data, file = Path(folder) / "data", Path(folder) / "portals.toml"
        file.write_text(entry(0, PORT), "utf-8")
        asked: Counter[str] = Counter()
        gap = float("inf")
        for moment in moments:
            process = crawl(data, file, delay)
            while stored(data) < moment and process.poll() is None:
                time.sleep(0.01)
            process.kill()
            process.wait()
        code = crawl(data, file, delay).wait()
        (seen,) = portals.figures()
        asked.update(seen["whole"])
        gap = min(gap, seen["least_gap"] or gap)
        pages = [path for path in asked if path.startswith("/nb/t")]
        again = sum(count - 1 for count in asked.values())
        print(f"killed after {moments} captures; last exit code {code}")
        print(f"reports fetched {len(pages)} of {REPORTS}, lost {REPORTS - len(pages)}")
        print(f"fetched twice {again} ({100 * again / REPORTS:.2f} %)")
        print(f"most connections {seen['most_connections']}, at once {seen['most_at_once']}")
        print(f"shortest gap {gap:.3f} s, delay {delay} s")
        code = crawl(data, file, delay).wait()
        (second,) = portals.figures()
        share = 100 * second["bytes"] / seen["bytes"]
        print(
            f"second crawl: exit {code}, {second['requests']} requests, {share:.2f} % of the bytes"
        )


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--delay", default="0", help="seconds between requests to a host")
    chosen = arguments.parse_args()
    main(chosen.seed, chosen.delay)
