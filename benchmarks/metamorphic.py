"""Forged reports in every layout and markup: how many are read exactly, beside simple readers.

    python -m benchmarks.metamorphic [--pages 4000] [--structural 1000] [--seed 1]

One run prints: structural mutations (eight at once), pages per layout and per form, silent wrong
numbers, recall, precision, false warnings, and the same pages read by a header-finding reader over
our grids and over pandas.read_html (when pandas is installed). Nothing here is a test.
"""

from __future__ import annotations

import argparse
import io
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal
from multiprocessing import Pool

import parsers
from benchmarks.baseline import Facts, read_tables
from tests.parsers.forged.judge import judge
from tests.parsers.forged.pages import Forged, Spec, forge
from tests.parsers.forged.printed import Printed

Tally = Counter[str]
Groups = dict[str, Tally]


def ours(page: Forged) -> Tally:
    """Our reading, judged."""
    verdict = judge(parsers.read(page.body), page.truth)
    return Counter(
        pages=1,
        exact=verdict.exact,
        cells=verdict.cells,
        numbers=verdict.numbers,
        read=verdict.read,
        right=verdict.right,
        silent=len(verdict.silent),
        alarms=len(verdict.false_alarms),
    )


def on_our_grids(page: Forged) -> Facts:
    """The simple reader over our grids."""
    grids = parsers.tables(page.body)
    return read_tables([[c.text if c else "" for c in row] for row in g.slots()] for g in grids)


def on_pandas(page: Forged) -> Facts:
    """The simple reader over pandas.read_html, fed with text that is already decoded."""
    import pandas

    try:
        frames = pandas.read_html(io.StringIO(page.body.decode()), header=None, thousands=None)
    except ValueError:
        return {}
    tables = []
    for frame in frames:
        body = frame.astype(object).where(frame.notna(), "").astype(str).to_numpy().tolist()
        numbered = all(isinstance(name, int) for name in frame.columns)
        tables.append(body if numbered else [[_last(name) for name in frame.columns], *body])
    return read_tables([[_whole(text) for text in row] for row in table] for table in tables)


def _last(name: object) -> str:
    return str(name[-1] if isinstance(name, tuple) else name)


def _whole(text: str) -> str:
    """pandas makes floats of columns with gaps; undo that, so that it is not counted against it."""
    return text.removesuffix(".0")


def simple(found: Facts, truth: Mapping[tuple[str, str, str, str], Printed]) -> Tally:
    """A simple reading, judged by its values alone; it cannot warn."""
    wanted = {place[1:]: printed.value for place, printed in truth.items()}
    got = {place[1:]: value for place, value in found.items()}
    read = {place: value for place, value in got.items() if value is not None}
    right = sum(wanted.get(place, Decimal("NaN")) == value for place, value in read.items())
    numbers = sum(value is not None for value in wanted.values())
    return Counter(
        pages=1,
        exact=got.keys() == wanted.keys() and right == numbers == len(read),
        cells=len(wanted),
        numbers=numbers,
        read=len(read),
        right=right,
        silent=len(read) - right,
    )


def one_page(task: tuple[int, bool]) -> tuple[Groups, Groups]:
    """Tallies of one seed: by reader, and ours by layout, form and damage."""
    warnings.simplefilter("ignore")
    seed, structural = task
    if structural:
        page = forge(seed, Spec(mutations=8, extras=False, damage="none"))
        return {"structural": ours(page)}, {}
    page = forge(seed, Spec(rivals=seed % 10 == 0, messes=True))
    mine = ours(page)
    readers = {"gongkai": mine, "reader on our grids": simple(on_our_grids(page), page.truth)}
    if HAVE_PANDAS:
        readers["reader on pandas.read_html"] = simple(on_pandas(page), page.truth)
    groups = {f"form {page.kind}", *page.layouts, *(f"with {n}" for n in page.made_of)}
    return readers, dict.fromkeys(groups, mine)


def _pandas() -> bool:
    try:
        import pandas  # noqa: F401
    except ImportError:
        return False
    return True


HAVE_PANDAS = _pandas()


def run(tasks: list[tuple[int, bool]], workers: int) -> tuple[Groups, Groups]:
    """All pages, added up."""
    readers: Groups = defaultdict(Counter)
    groups: Groups = defaultdict(Counter)
    with Pool(workers) as pool:
        for some, kinds in pool.imap_unordered(one_page, tasks, chunksize=20):
            for into, found in ((readers, some), (groups, kinds)):
                for name, tally in found.items():
                    into[name].update(tally)
    return readers, groups


def share(part: int, whole: int) -> str:
    """A percentage."""
    return f"{100 * part / whole:.2f} %" if whole else "-"


def line(name: str, tally: Tally) -> str:
    """One line a reader."""
    million = 1_000_000 / max(1, tally["cells"])
    shares = (
        share(tally["exact"], tally["pages"]),
        share(tally["right"], tally["numbers"]),
        share(tally["right"], tally["read"]),
    )
    rates = (tally["silent"] * million, tally["alarms"] * million)
    return " ".join([f"{name:28}", *(f"{s:>10}" for s in shares), *(f"{r:>14.1f}" for r in rates)])


def main() -> None:
    """Print the figures."""
    parse = argparse.ArgumentParser(description=__doc__)
    parse.add_argument("--pages", type=int, default=4000)
    parse.add_argument("--structural", type=int, default=1000)
    parse.add_argument("--seed", type=int, default=1)
    parse.add_argument("--workers", type=int, default=2)
    given = parse.parse_args()
    start = given.seed * 10_000_000
    tasks = [(start + i, False) for i in range(given.pages)]
    tasks += [(start + i, True) for i in range(given.structural)]
    readers, groups = run(tasks, given.workers)
    structural = readers.pop("structural", Counter())
    cells = readers["gongkai"]["cells"] if readers else 0
    print(f"{given.pages} laid-out pages, {cells} cells; {given.structural} with eight mutations")
    print(f"structural mutations exact: {share(structural['exact'], structural['pages'])}")
    heads = f"{'exact':>10} {'recall':>10} {'precision':>10} {'silent wrong/M':>14}"
    print(f"{'':28} {heads} {'false warn./M':>14}")
    for name, tally in readers.items():
        print(line(name, tally))
    report(groups, lambda name: name.startswith("form "))
    report(groups, lambda name: not name.startswith(("form ", "with ")))
    report(groups, lambda name: name.startswith("with "))


def report(groups: Groups, chosen: Callable[[str], bool]) -> None:
    """Exact pages a layout, a form, a kind of damage."""
    print()
    for name in sorted(filter(chosen, groups)):
        tally = groups[name]
        print(f"{name:28} {share(tally['exact'], tally['pages']):>9} of {tally['pages']}")


if __name__ == "__main__":
    main()
