"""Pages per second of each carrier, and what other readers make of the same files.

    python -m benchmarks.documents [--scans] [--others]

The files are the three reports of tests/documents in every carrier. A fact is exact when state
and value are those of the truth; wrong is a number that is not printed there. The others give
grids, not facts: theirs go through our own layer above the grid, so only the grids differ.
camelot and tabula are compared where they are installed (`pip install camelot-py tabula-py`).
"""

from __future__ import annotations

import argparse
import io
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pdfplumber
import pypdfium2

from parsers.carrier import document
from parsers.content import written
from parsers.lattice import Slot, form_grid
from parsers.model import Document
from parsers.readers import reads_scans
from parsers.recognise import recognise
from tests.documents.scans import HOME, Facts, damaged, pages, saved, truth

MADE = HOME / "made"
Rows = Sequence[Sequence[str | None]]
Reader = Callable[[Path], list[Rows]]


def facts(found: Document) -> Facts:
    """State and value by section, indicator and column."""
    return {
        (fact.section, fact.indicator, fact.column): (fact.state, fact.value)
        for fact in recognise(found, None).facts
    }


def score(found: Facts, expected: Facts) -> tuple[int, int]:
    """Facts exact, numbers wrong."""
    exact = sum(found.get(key) == value for key, value in expected.items())
    wrong = sum(each[0] == "number" and expected.get(key) != each for key, each in found.items())
    return exact, wrong


def page_count(path: Path) -> int:
    """Pages of a PDF; other files count as the pages of their report as PDF."""
    name = path if path.suffix == ".pdf" else MADE / f"{path.name.split('.')[0]}.office.pdf"
    return len(pypdfium2.PdfDocument(name.read_bytes()))


def ours() -> None:
    """Our readers over every made file."""
    times: dict[str, list[float]] = defaultdict(lambda: [0.0, 0, 0, 0, 0])
    document((MADE / "jian-2017.docx").read_bytes())  # starts the reader's process
    for path in sorted(MADE.iterdir()):
        body, expected = path.read_bytes(), truth(path.name.split(".")[0])
        start = time.perf_counter()
        found = document(body)
        spent = time.perf_counter() - start
        exact, wrong = score(facts(found), expected)
        kind = path.name.split(".", 1)[1]
        row = (spent, page_count(path), exact, len(expected), wrong)
        times[kind] = [a + b for a, b in zip(times[kind], row, strict=True)]
    print(f"{'carrier':14} {'pages/s':>8} {'exact':>9} {'wrong':>6}")
    for kind, (spent, count, exact, total, wrong) in sorted(times.items()):
        print(f"{kind:14} {count / spent:8.1f} {exact:5.0f}/{total:.0f} {wrong:6.0f}")


def others() -> None:
    """The same PDF files through other readers' tables and our layer above the grid."""
    for name, read in (("ours", None), *_readers()):
        exact = wrong = total = 0
        start = time.perf_counter()
        for path in sorted(MADE.glob("*.pdf")):
            expected = truth(path.name.split(".")[0])
            found = document(path.read_bytes()) if read is None else _document(read(path))
            more, worse = score(facts(found), expected)
            exact, wrong, total = exact + more, wrong + worse, total + len(expected)
        spent = time.perf_counter() - start
        print(f"{name:28} exact {exact:4}/{total}  wrong {wrong:4}  {spent:6.1f} s")


def _readers() -> list[tuple[str, Reader]]:
    found: list[tuple[str, Reader]] = [("pdfplumber extract_tables", _pdfplumber)]
    if find_spec("camelot"):
        found += [(f"camelot {way}", partial(_camelot, way)) for way in ("lattice", "stream")]
    if find_spec("tabula"):
        found.append(("tabula", _tabula))
    return found


def _camelot(flavor: str, path: Path) -> list[Rows]:
    import camelot

    tables = camelot.read_pdf(str(path), pages="all", flavor=flavor)
    return [table.df.values.tolist() for table in tables]


def _tabula(path: Path) -> list[Rows]:
    import tabula

    frames = tabula.read_pdf(
        str(path), pages="all", silent=True, pandas_options={"header": None, "dtype": str}
    )
    return [frame.fillna("").values.tolist() for frame in frames]


def _pdfplumber(path: Path) -> list[Rows]:
    with pdfplumber.open(io.BytesIO(path.read_bytes())) as pdf:
        return [table for page in pdf.pages for table in page.extract_tables()]


def _document(tables: Sequence[Rows]) -> Document:
    grids = []
    for rows in tables:
        slots = [
            Slot(row=y, left=x, right=x + 1, content=written(str(text or "")))
            for y, row in enumerate(rows)
            for x, text in enumerate(row)
        ]
        grid = form_grid(slots, index=len(grids), carrier="pdf")
        if grid is not None:
            grids.append(replace(grid, index=len(grids)))
    return Document(grids=tuple(grids))


def scans() -> None:
    """Clean and damaged scans at 200 dpi."""
    if not reads_scans():
        print("scans: the extra `ocr` is not installed")
        return
    print(f"{'scan':36} {'s/page':>7} {'digits':>7} {'exact':>8} {'wrong':>6} {'refused':>8}")
    for name in ("jian-2017", "shanghai-2019", "pingtan-2024"):
        clean = pages(f"{name}.office.pdf")
        _scan(f"{name} clean", name, clean)
        _scan(f"{name} turned 1.7, noisy", name, [damaged(page, 1.7) for page in clean])
        _scan(f"{name} turned -3, noisier", name, [damaged(page, -3, 35) for page in clean])


def _scan(title: str, name: str, pictures: Sequence[object]) -> None:
    body = saved(pictures, "PDF", resolution=200)  # type: ignore[arg-type]
    start = time.perf_counter()
    found, expected = facts(document(body)), truth(name)
    spent = (time.perf_counter() - start) / len(pictures)
    exact, wrong = score(found, expected)
    printed = {key: each for key, each in expected.items() if each[0] == "number"}
    refused = sum(found.get(key, ("",))[0] != "number" for key in printed)
    right = sum(len(str(v)) for k, (_, v) in printed.items() if found.get(k) == ("number", v))
    share = right / sum(len(str(each[1])) for each in printed.values())
    print(f"{title:36} {spent:7.1f} {share:7.1%} {exact:4}/{len(expected)} {wrong:6} {refused:8}")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    options.add_argument("--scans", action="store_true", help="also scans (minutes)")
    options.add_argument("--others", action="store_true", help="also other readers of PDF")
    chosen = options.parse_args()
    ours()
    if chosen.others:
        others()
    if chosen.scans:
        scans()
