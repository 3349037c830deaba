"""The same facts laid out the ways real pages lay them out."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from parsers.text import strip_ordinals

from .forge import cells, page, table, td

Rows = Sequence[Sequence[str]]
Layout = Callable[[Rows], str]


def plain(rows: Rows) -> str:
    """As the notice prints it."""
    return page(table(cells(rows)))


def without_units(rows: Rows) -> str:
    """No unit column."""
    return plain([[row[0], *row[2:]] for row in rows])


def without_heads(rows: Rows) -> str:
    """The head row lost."""
    return plain(rows[1:])


def with_serials(rows: Rows) -> str:
    """A serial column in front."""
    return plain([["序号" if i == 0 else str(i), *row] for i, row in enumerate(rows)])


def with_remarks(rows: Rows) -> str:
    """A remark column behind, mostly empty."""
    return plain(
        [[*row, "备注" if i == 0 else "见说明" * (i % 7 == 3)] for i, row in enumerate(rows)]
    )


def _abreast(rows: Rows, count: int, *, repeat_heads: bool) -> str:
    body = list(rows[1:])
    size = -(-len(body) // count)
    parts = [body[i : i + size] for i in range(0, len(body), size)]
    width = len(rows[0])
    wide = [
        [text for part in line for text in (part or [""] * width)] for line in zip_longest(*parts)
    ]
    return plain([list(rows[0]) * count, *wide] if repeat_heads else wide)


def two_up(rows: Rows) -> str:
    """Two records abreast."""
    return _abreast(rows, 2, repeat_heads=True)


def two_up_without_heads(rows: Rows) -> str:
    """Two records abreast, no head row."""
    return _abreast(rows, 2, repeat_heads=False)


def three_up(rows: Rows) -> str:
    """Three records abreast."""
    return _abreast(rows, 3, repeat_heads=True)


def transposed(rows: Rows) -> str:
    """Labels across the top."""
    return plain([list(column) for column in zip(*rows, strict=True)])


def unit_first(rows: Rows) -> str:
    """Unit, label, value."""
    return plain([[row[1], row[0], *row[2:]] for row in rows])


def unit_last(rows: Rows) -> str:
    """Label, value, unit."""
    return plain([[row[0], *row[2:], row[1]] for row in rows])


def packed(rows: Rows) -> str:
    """Five rows packed into one by line breaks; only where no value is empty."""
    groups = [rows[i : i + 5] for i in range(1, len(rows), 5)]
    return plain(
        [rows[0], *(["\n".join(column) for column in zip(*g, strict=True)] for g in groups)]
    )


def in_pieces(rows: Rows) -> str:
    """Cut into tables of ten rows."""
    return page(*(table(cells(rows[i : i + 10])) for i in range(0, len(rows), 10)))


def in_pieces_with_heads(rows: Rows) -> str:
    """Cut into tables of ten rows, the head row repeated."""
    return page(*(table(cells([rows[0], *rows[i : i + 10]])) for i in range(1, len(rows), 10)))


def a_table_a_row(rows: Rows) -> str:
    """Every row a table."""
    return page(*(table(cells([row])) for row in rows))


def heads_apart(rows: Rows) -> str:
    """The head row a table of its own."""
    return page(table(cells(rows[:1])), table(cells(rows[1:])))


def heads_repeated(rows: Rows) -> str:
    """The head row again in the middle, as after a page break."""
    return plain([*rows[:30], rows[0], *rows[30:]])


def _wrapped(rows: Rows, *, value_below: bool) -> Iterator[list[str]]:
    for row in rows:
        if len(row[0]) > 12:
            empty = [""] * (len(row) - 1)
            first, second = (empty, row[1:]) if value_below else (row[1:], empty)
            yield from ([row[0][:9], *first], [row[0][9:], *second])
        else:
            yield list(row)


def wrapped_value_below(rows: Rows) -> str:
    """Long labels in two rows, the value beside the second half."""
    return plain(list(_wrapped(rows, value_below=True)))


def wrapped_value_above(rows: Rows) -> str:
    """Long labels in two rows, the value beside the first half."""
    return plain(list(_wrapped(rows, value_below=False)))


def units_in_cells(rows: Rows) -> str:
    """The unit behind the number."""
    body = [[r[0], r[1], *(v + r[1] if v.isdigit() else v for v in r[2:])] for r in rows[1:]]
    return plain([rows[0], *body])


def units_in_labels(rows: Rows) -> str:
    """The unit in brackets behind the label."""
    return plain([[rows[0][0], *rows[0][2:]], *([f"{r[0]}（{r[1]}）", *r[2:]] for r in rows[1:])])


def without_ordinals(rows: Rows) -> str:
    """No numbering."""
    return plain([[strip_ordinals(row[0]), *row[1:]] for row in rows])


def with_title_and_signature(rows: Rows) -> str:
    """A title row above, who filled it in below."""
    width = len(rows[0])
    top = [td("政府信息公开情况统计表（2017年度）", colspan=width)]
    foot = [td("单位负责人：张三　填报人：李四　联系电话：0796-8221234", colspan=width)]
    return page(table([top, *cells(rows), foot]))


def misprinted(rows: Rows) -> str:
    """One character of every label replaced."""
    rng = random.Random(3)
    out = [list(rows[0])]
    for row in rows[1:]:
        at = rng.randrange(len(row[0]))
        out.append([row[0][:at] + "甲" + row[0][at + 1 :], *row[1:]])
    return plain(out)


def between_strangers(rows: Rows) -> str:
    """Metadata above, an unrelated table below."""
    meta = table(
        cells([["索引号", "36-2018-11"], ["发布机构", "市政府办"], ["发布日期", "2018-03-20"]])
    )
    other = table(cells([["姓名", "电话", "次数"], ["王五", "8221234", "15"]]))
    return page(meta, table(cells(rows)), other)


def in_a_layout_table(rows: Rows) -> str:
    """The article is one cell of a layout table."""
    return page(f"<table><tr><td>导航</td><td><p>正文</p>{table(cells(rows))}</td></tr></table>")


ALL: tuple[Layout, ...] = (
    plain,
    without_units,
    without_heads,
    with_serials,
    with_remarks,
    two_up,
    two_up_without_heads,
    three_up,
    transposed,
    unit_first,
    unit_last,
    in_pieces,
    in_pieces_with_heads,
    a_table_a_row,
    heads_apart,
    heads_repeated,
    wrapped_value_below,
    wrapped_value_above,
    units_in_cells,
    units_in_labels,
    without_ordinals,
    with_title_and_signature,
    misprinted,
    between_strangers,
    in_a_layout_table,
)
NEEDS_HEADS = {without_heads, two_up_without_heads}  # to tell two value columns apart
