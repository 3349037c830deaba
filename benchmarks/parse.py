"""Pages a second on one core: the whole reader beside bare parsers, in one run; memory over many.

    python -m benchmarks.parse [--seconds 2] [--pages 10000]

The page is the sample portals' report of 2021 (three tables, 200 facts) padded with ordinary portal
furniture to 100 KB. pandas is measured when it is installed; nothing here is a test.
"""

from __future__ import annotations

import argparse
import io
import resource
import time
from collections.abc import Callable

from bs4 import BeautifulSoup
from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser

import parsers
from spiders.simulator import World

SIZE = 100_000


def page() -> bytes:
    """A report of form 2021 of about 100 KB."""
    world = World()
    truth = next(t for t in world.truth() if t.form == "2021")
    body = world.sites[truth.portal].pages[truth.path].body
    row = '<li><a href="/art/{0}.html" title="第{0}条工作动态">第{0}条工作动态</a></li>'
    needed = max(0, SIZE - len(body)) // len(row.format(1000).encode())
    furniture = "".join(row.format(i) for i in range(1000, 1000 + needed)).encode()
    return body.replace(b"</body>", b"<ul>" + furniture + b"</ul></body>")


def selectolax_only(body: bytes) -> int:
    """Tree and the text of every cell."""
    tree = LexborHTMLParser(body.decode())
    return len([cell.text() for cell in tree.css("td, th")])


def lxml_only(body: bytes) -> int:
    """Tree and the text of every cell, from decoded text."""
    tree = lxml_html.fromstring(body.decode())
    return len([cell.text_content() for cell in tree.iter("td", "th")])


def soup_only(body: bytes) -> int:
    """Tree and the text of every cell."""
    soup = BeautifulSoup(body.decode(), "lxml")
    return len([cell.get_text() for cell in soup.find_all(["td", "th"])])


def gongkai(body: bytes) -> int:
    """Everything: decode, grids, facts, checks, narrative, identity."""
    return len(parsers.read(body).facts)


def grids(body: bytes) -> int:
    """Up to the grids: what the libraries beside it do, and links, blocks and carriers."""
    return len(parsers.tables(body))


def contestants() -> dict[str, Callable[[bytes], int]]:
    """Name -> what is timed; pandas only where it is installed."""
    found: dict[str, Callable[[bytes], int]] = {
        "selectolax: parse + cell texts": selectolax_only,
        "lxml: parse + cell texts": lxml_only,
        "gongkai: decode to grids": grids,
        "gongkai: parsers.read, whole": gongkai,
        "BeautifulSoup(lxml): parse + cell texts": soup_only,
    }
    try:
        import pandas
    except ImportError:
        return found
    found["pandas.read_html"] = lambda body: len(pandas.read_html(io.StringIO(body.decode())))
    return found


def rate(run: Callable[[bytes], int], body: bytes, seconds: float) -> float:
    """Pages a second of processor time: the best of five slices, so that neighbours count less."""
    run(body)
    best = 0.0
    for _ in range(5):
        count, start = 0, time.process_time()
        while time.process_time() - start < seconds / 5:
            run(body)
            count += 1
        best = max(best, count / (time.process_time() - start))
    return best


def memory(body: bytes, pages: int) -> None:
    """Print the peak of memory after a tenth of the pages and after all of them, none alike."""
    for number in range(pages):
        gongkai(body.replace(b"</body>", b"<p>%d</p></body>" % number))
        if number + 1 in (pages // 10, pages):
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"after {number + 1:6} pages: peak memory {peak:6.1f} MB")


def main() -> None:
    """Print one line a contestant."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=2.0)
    arguments.add_argument("--pages", type=int, default=1000)
    given = arguments.parse_args()
    body = page()
    print(f"one page of {len(body) / 1000:.0f} KB, {gongkai(body)} facts")
    for name, run in contestants().items():
        print(f"{name:42} {rate(run, body, given.seconds):8.1f} pages/s")
    memory(body, given.pages)


if __name__ == "__main__":
    main()
