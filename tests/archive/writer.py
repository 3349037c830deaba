"""A crawl without a network, to be killed: tells on stdout what it was promised is stored.

python -m tests.archive.writer DATA SEED
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from archive.bodies import digest
from archive.capture import CaptureStore
from archive.frontier import Frontier, Task

from .exchanges import exchange, page

CHILDREN = 30


def main(data: Path, seed: int) -> None:
    with CaptureStore.open(data) as store:
        crawl = store.begin_crawl(reason="to be killed", settings={})
        frontier = Frontier(store)
        cycle = frontier.start_cycle(["jian"])
        lists = (f"http://jian/list-{seed}-{n}" for n in range(200))
        frontier.put((Task(url=url, portal="jian", kind="listing") for url in lists), cycle)
        while tasks := frontier.lease(cycle, limit=8):
            for task in tasks:
                work(store, frontier, crawl, task)


def work(store: CaptureStore, frontier: Frontier, crawl: int, task: Task) -> None:
    """A listing is stored, then expanded; a report is stored and closed at once."""
    number = random.randrange(1 << 60)
    given = exchange(number, url=task.url, kind=task.kind)
    if task.kind == "listing":
        key = store.record(given, crawl=crawl)
        found = (f"{task.url}/{n}" for n in range(CHILDREN))
        frontier.expand(
            task,
            (Task(url=url, portal="jian", kind="report", found_on=task.url) for url in found),
        )
    else:
        key = store.record(given, crawl=crawl, task=task.id)
    sys.stdout.write(f"{key} {digest(page(number))} {task.id}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
