"""Two independent readers of HTML agree with our grids: a browser's layout, and html5lib's tree."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator
from typing import Any

import html5lib
import pytest

from parsers.decode import decode
from parsers.document import parse
from parsers.model import Grid
from parsers.page import read_page
from spiders.simulator import World

from . import broken, forge, layouts
from .test_layouts import national

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
Slots = dict[tuple[int, int], tuple[int, int, str]]
MEASURE = """ordinals => ordinals.map(n => {
  const table = document.querySelectorAll('table')[n];
  const own = [...table.querySelectorAll('td, th')].filter(
    c => c.closest('table') === table && c.getClientRects().length);
  const boxes = own.map(c => c.getBoundingClientRect());
  const edges = side => [...new Set(boxes.map(b => Math.round(b[side])))].sort((a, b) => a - b);
  const lefts = edges('left'), tops = edges('top');
  const count = (all, from, to) => all.filter(x => x >= from && x < to + 2).length;
  return own.map((c, i) => [
    tops.indexOf(Math.round(boxes[i].top)), lefts.indexOf(Math.round(boxes[i].left)),
    count(tops, Math.round(boxes[i].top), boxes[i].bottom),
    count(lefts, Math.round(boxes[i].left), boxes[i].right),
    c.querySelector('table, select') ? null : c.innerText]);
})"""
STYLE = (
    "<style>td,th{min-width:24px;height:24px;padding:0!important;margin:0}"
    "table{border-spacing:5px!important;border-collapse:separate!important}</style>"
)


def goldens() -> Iterator[tuple[str, str]]:
    """(name, page): forged layouts, the national tables, broken markup, the sample portals."""
    yield from broken.PAGES.items()
    rows = forge.s_plain("2014", forge.s_values("2014", 1))
    yield from ((layout.__name__, layout(rows)) for layout in layouts.ALL[::2])
    yield from ((f"national {form}", national(form)[0]) for form in ("2019", "2021"))
    world = World()
    truths = {truth.form: truth for truth in world.truth()}
    for truth in truths.values():
        body = world.sites[truth.portal].pages[truth.path].body
        yield f"portal {truth.form}", decode(body).text


PAGES = dict(goldens())


def ordinal(grid: Grid) -> int:
    """Which table of the page it is."""
    return int(grid.source.removeprefix("table[").removesuffix("]"))


def lines(text: str | None) -> str | None:
    """Text as both sides write it: lines and words, blanks folded."""
    if text is None:
        return None
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.split())


def ours(grid: Grid) -> Slots:
    """(row, column) -> spans and text."""
    return {(c.row, c.col): (c.rowspan, c.colspan, c.text) for c in grid.cells}


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_page(java_script_enabled=True)
        browser.close()


def test_chromium_lays_the_tables_out_as_we_do(page: Any, subtests: pytest.Subtests) -> None:
    for name, html in PAGES.items():
        grids = [grid for grid in parse(html).grids if grid.carrier == "html"]
        page.set_content(html + STYLE, wait_until="domcontentloaded")
        shown = page.evaluate(MEASURE, list(map(ordinal, grids)))
        for grid, cells in zip(grids, shown, strict=True):
            with subtests.test(name, table=grid.index):
                seen = {(r, c): (down, across, text) for r, c, down, across, text in cells}
                mine = ours(grid)
                assert {k: v[:2] for k, v in mine.items()} == {k: v[:2] for k, v in seen.items()}
                for place, (_, _, text) in seen.items():
                    assert text is None or lines(mine[place][2]) == lines(text)


NO_MARKUP = """<xmp><table ></xmp>
<script>'<table >'</script>
<style>/*<table >*/</style>
<!-- <table > -->
<select><table><tr><td>1</table></select>
<template><table><tr><td>1</table></template>
<noscript><table><tr><td>1</table></noscript>""".splitlines()
TAGS = """table tr td th tbody tfoot thead caption col colgroup select option optgroup
template noscript
div p b br form input button textarea datalist object video svg math iframe hr""".split()  # noqa: SIM905
TORN = [*NO_MARKUP, "<div hidden>", *(f"<{tag}>" for tag in TAGS), *(f"</{tag}>" for tag in TAGS)]
OWNERS = """pages => pages.map(page =>
  [...new DOMParser().parseFromString(page, 'text/html').querySelectorAll('table')].map(table =>
    [...table.querySelectorAll('td, th')].filter(c => c.closest('table') === table)
      .map(c => c.dataset.n)))"""


def torn(rng: random.Random) -> str:
    """Two broken pages with a few tags dropped into them, every cell numbered."""
    html = "".join(rng.sample(list(broken.PAGES.values()), 2))
    for _ in range(rng.randint(1, 4)):
        at = rng.choice([hit.start() for hit in re.finditer("<", html)])
        html = html[:at] + rng.choice(TORN) + html[at:]
    numbers = iter(range(len(html)))
    return re.sub("<(t[dh])(?=[ >])", lambda hit: f"<{hit[1]} data-n={next(numbers)}", html)


def owned(html: str) -> dict[int, set[str]]:
    """The numbers of the cells that each table owns, by its ordinal, as we read it."""
    own = {}
    for table in read_page(html).tables:
        cells = (part for _, rows in table.groups for row in rows for part in row)
        own[table.ordinal] = {part.element.attributes.get("data-n", "") for part in cells} - {""}
    return own


def test_tables_are_counted_as_a_browser_counts_them(page: Any) -> None:
    rng = random.Random(7)
    pages = [torn(rng) for _ in range(400)]
    for html, tables in zip(pages, page.evaluate(OWNERS, pages), strict=True):
        for ordinal, mine in owned(html).items():
            assert not mine or mine <= set(tables[ordinal]), html


@pytest.mark.parametrize("around", ["{}", "<div hidden>{}</div>", "<p style='display:none'>{}</p>"])
@pytest.mark.parametrize("strange", NO_MARKUP)
def test_markup_that_is_none_moves_no_table(strange: str, around: str) -> None:
    html = around.format(strange) + broken.PAGES["plain"]
    inside = strange.startswith(("<select", "<noscript"))  # there a tree holds a real table
    (grid,) = [grid for grid in parse(html).grids if grid.carrier == "html"]
    assert grid.source == f"table[{int(inside)}]"


def test_raw_text_is_shown_as_it_stands() -> None:
    document = parse("<p>上</p><xmp>14\n<table><tr><td>9</xmp><p>下</p>")
    assert [b.text for b in document.blocks] == ["上", "14", "<table><tr><td>9", "下"]
    assert not document.grids


def cells_of(table: Any) -> list[str]:
    """Text of a table's own cells in source order, white space out."""
    rows = [row for part in table for row in ([part] if part.tag == "tr" else part)]
    own = [cell for row in rows for cell in row if cell.tag in ("td", "th")]
    return sorted("".join("".join(cell.itertext()).split()) for cell in own)


def test_html5lib_finds_the_same_cells(subtests: pytest.Subtests) -> None:
    for name, html in PAGES.items():
        if any(word in html.lower() for word in ("display:", "hidden", "<select", "<script")):
            continue  # a tree knows nothing of what is shown
        tables = list(html5lib.parse(html, namespaceHTMLElements=False).iter("table"))
        for grid in parse(html).grids:
            with subtests.test(name, table=grid.index):
                table = tables[ordinal(grid)]
                mine = sorted("".join(cell.text.split()) for cell in grid.cells)
                inner = any(other is not table for other in table.iter("table"))
                assert inner or mine == cells_of(table)
