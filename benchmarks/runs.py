"""Comparing two runs, what was said on a day, and an unchanged re-parse: rows and seconds.

python -m benchmarks.runs [--pages 20000]: synthetic reports of 80 numbers; 2 % of them change.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from archive.capture import CaptureStore
from archive.facts import FactsStore
from archive.promotion import Order
from archive.reading import Engine
from archive.reparse import reparse
from archive.runs import between, numbers, run_on
from parsers.model import At, Capture, Fact, Hints, Report

CELLS, CHANGED = 80, 50


def read(content: bytes, url: str, content_type: str, hints: Hints) -> Report:
    """A report out of its number: no parsing, so that what is measured is the archive."""
    number = int(content)
    facts = tuple(
        Fact(
            form="2014", section="S", indicator=f"row_{row}", value=Decimal(number + row),
            state="number", raw=str(number + row), label=f"row {row}",
            at=At(table=0, row=row, cell=1),
        )
        for row in range(CELLS)
    )  # fmt: skip
    return Report(agency=f"局{number // 10}", year=2010 + number % 10, scope="own", facts=facts)


def read_better(content: bytes, url: str, content_type: str, hints: Hints) -> Report:
    """Another parser: one number of every fiftieth page is another one."""
    report = read(content, url, content_type, hints)
    if int(content) % CHANGED:
        return report
    first = replace(report.facts[0], value=Decimal(7), raw="7")
    return replace(report, facts=(first, *report.facts[1:]))


def timed(name: str, call: Callable[[], object]) -> None:
    """One line: what, how long, what came of it."""
    start = time.perf_counter()
    found = call()
    print(f"{name:<44} {1000 * (time.perf_counter() - start):>10.1f} ms   {found}")


def main(pages: int) -> None:
    """All of it, in a folder that goes."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with CaptureStore.open(data) as store:
            crawl = store.begin_crawl(reason="benchmark", settings={})
            store.record_all(
                (
                    Capture(
                        url=f"http://a/{n:07}", fetched_at="2026-01-01T00:00:00.000Z",
                        outcome="ok", status=200, body=str(n).encode(), kind="report",
                    )
                    for n in range(pages)
                ),
                crawl=crawl,
            )  # fmt: skip
        first, better = Engine("1" * 64, read), Engine("2" * 64, read_better)
        why = Order(because=("benchmark",))
        timed("first reading", lambda: reparse(data, engine=first).facts)
        timed("unchanged, all read again", lambda: reparse(data, engine=first, mode="all").changed)
        timed("better parser", lambda: reparse(data, engine=better, order=why).changes)
        with FactsStore.reader(data) as facts:
            timed("run 2 against run 3", lambda: len(list(between(facts, 2, 3))))
            timed("run 1 against run 3", lambda: len(list(between(facts, 1, 3))))
            timed("the run of a day", lambda: run_on(facts, "2099-01-01"))
            timed("one report as said after run 1", lambda: len(list(numbers(facts, 1, 5))))
        print(f"{'facts.db':<44} {(data / 'facts.db').stat().st_size / 1e6:>10.1f} MB")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pages", type=int, default=20_000)
    main(asked.parse_args().pages)
