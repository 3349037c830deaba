"""Layouts as word processors and editors leave them: spans a row off, cells cut anew, torn labels.

Ids in brackets are those of the list of irregularities that the forge was checked against.
"""

from __future__ import annotations

import random
from dataclasses import replace

from .markup import Cell
from .sections import (
    CORNER,
    REMEDY_WORDS,
    Layout,
    Pieces,
    Table,
    a_plain,
    b_body,
    b_heads,
    blocks,
    c_plain,
    c_values,
    numbers,
)
from .sheets import Sheet


def _tall(rows: Table, word: str) -> tuple[int, int]:
    """Row and place of the tall cell that starts with a word."""
    return next(
        (r, i) for r, row in enumerate(rows) for i, c in enumerate(row) if c.text.startswith(word)
    )


def _stretched(rows: Table, word: str, more: int) -> Table:
    r, i = _tall(rows, word)
    cell = rows[r][i]
    rows[r][i] = replace(cell, down=max(1, cell.down + more))
    return rows


def b_tall_too_short(sheet: Sheet, rng: random.Random) -> Pieces:
    """G5: the tall cell ends a row early, the last row moves left."""
    word = rng.choice(("三", "（三）", "（五）"))
    return [b_heads(sheet) + _stretched(b_body(sheet), word, -1)]


def b_tall_too_long(sheet: Sheet, rng: random.Random) -> Pieces:
    """G5: the tall cell hangs into the next row, which moves right."""
    word = rng.choice(("三", "（三）", "（四）"))
    return [b_heads(sheet) + _stretched(b_body(sheet), word, 1)]


def b_cut_differently(sheet: Sheet, rng: random.Random) -> Pieces:
    """G1: heads and values cut the same width differently."""
    heads = [
        [Cell("项目", 3), *(Cell(head, 2 if head == sheet.heads[0] else 1) for head in sheet.heads)]
    ]
    rows: Table = []
    for row in b_body(sheet):
        at = rng.randrange(7)
        values = [replace(c, across=2) if i == at else c for i, c in enumerate(row[-7:])]
        rows.append([*row[:-7], *values])
    return [heads + rows]


def b_torn_label(sheet: Sheet, rng: random.Random) -> Pieces:
    """G14: a tall label cut by a page, its first half above, the other below."""
    rows = b_body(sheet)
    start, place = _tall(rows, "（四）")
    tall = rows[start][place]
    cut = rng.randint(4, len(tall.text) - 1)
    outcomes, top = rows[2][0], start - 2 + 1
    upper = [*rows[:2], [replace(outcomes, down=top), *rows[2][1:]], *rows[3:start]]
    upper.append([replace(tall, text=tall.text[:cut], down=1), *rows[start][place + 1 :]])
    again = Cell(outcomes.text if rng.random() < 0.5 else "", down=outcomes.down - top)
    first = [again, Cell(tall.text[cut:], down=tall.down - 1), *rows[start + 1]]
    return [b_heads(sheet) + upper, [first, *rows[start + 2 :]]]


def b_few_heads(sheet: Sheet, rng: random.Random) -> Pieces:
    """G5: no corner sentence, no 申请人情况, a title in the corner."""
    heads = b_heads(sheet)
    corner = Cell(rng.choice(("", "项目", "办理情况", CORNER)), 3, 2)
    return [[[corner, *heads[1]], heads[2], *b_body(sheet)]]


def b_empty_column(sheet: Sheet, rng: random.Random) -> Pieces:
    """G4: an empty column between labels and values, or behind."""
    rows = b_body(sheet)
    if rng.random() < 0.5:
        heads = b_heads(sheet)
        heads[0].append(Cell("", down=3))
        return [heads + [[*row, Cell("")] for row in rows]]
    corner, wide = b_heads(sheet)[0]
    heads = [[corner, Cell("", down=3), wide], *b_heads(sheet)[1:]]
    return [heads + [[*row[:-7], Cell(""), *row[-7:]] for row in rows]]


def b_spacer_rows(sheet: Sheet, rng: random.Random) -> Pieces:
    """Empty rows between the parts."""
    rows = b_body(sheet)
    return [[*b_heads(sheet), *rows[:2], [Cell("", 10)], *rows[2:-1], [Cell("")] * 10, rows[-1]]]


def b_wrapped_label(sheet: Sheet, rng: random.Random) -> Pieces:
    """T15: a long label in two rows, the values beside one half."""
    rows = [[Cell("项目"), *map(Cell, sheet.heads)]]
    below = rng.random() < 0.5
    for row in sheet.rows:
        cells = [Cell("")] * 7 if row.kind == "heading" else numbers(sheet, row)
        if len(row.label) > 16 and row.kind != "heading":
            parts = (row.label[:11], row.label[11:])
            empty = [Cell("")] * 7
            both = (empty, cells) if below else (cells, empty)
            rows += [[Cell(part), *line] for part, line in zip(parts, both, strict=True)]
        else:
            rows.append([Cell(row.label), *cells])
    return [rows]


def b_unit_column(sheet: Sheet, rng: random.Random) -> Pieces:
    """A unit column as in the forms before."""
    rows = [[Cell("项目"), Cell("单位"), *map(Cell, sheet.heads)]]
    for row in sheet.rows:
        heading = row.kind == "heading"
        cells = [Cell("")] * 7 if heading else numbers(sheet, row)
        rows.append([Cell(row.label), Cell("——" if heading else "件"), *cells])
    return [rows]


def b_group_column(sheet: Sheet, rng: random.Random) -> Pieces:
    """Heads of two levels beside an ordinal column of its own."""
    rows = b_heads(sheet, 0)
    rows[0][0] = Cell("", 4, 3)
    return [rows + [[Cell(str(i)), *row] for i, row in enumerate(b_body(sheet), 1)]]


def c_labelled(sheet: Sheet, rng: random.Random) -> Pieces:
    """A label column in front of the values: 数量, 件数, or the year."""
    heads = c_plain(sheet, rng)[0][:3]
    word = rng.choice(("数量", "件数", "数量（件）", "合计件数"))
    heads[0].insert(0, Cell(rng.choice(("", "类型", "项目")), down=3))
    return [[*heads, [Cell(word), *(Cell(v.text) for v in c_values(sheet))]]]


def c_stacked(sheet: Sheet, rng: random.Random) -> Pieces:
    """Three small tables below each other in one."""
    values = [Cell(v.text) for v in c_values(sheet)]
    rows: Table = []
    for number, word in enumerate(REMEDY_WORDS):
        rows.append([Cell(word, 5)])
        rows.append([Cell(w) for w in sheet.heads])
        rows.append(values[number * 5 : number * 5 + 5])
    return [rows] if rng.random() < 0.5 else [rows[i : i + 3] for i in (0, 3, 6)]


def c_cut_differently(sheet: Sheet, rng: random.Random) -> Pieces:
    """G1: one value two slots wide, one head two slots wide elsewhere."""
    rows = c_plain(sheet, rng)[0]
    at = rng.randrange(15)
    rows[3] = [replace(c, across=2) if i == at else c for i, c in enumerate(rows[3])]
    rows[2] = [replace(c, across=2) if i == 9 else c for i, c in enumerate(rows[2])]
    rows[1][-1] = replace(rows[1][-1], across=6)
    rows[0][-1] = replace(rows[0][-1], across=11)
    return [rows]


def c_spacer_row(sheet: Sheet, rng: random.Random) -> Pieces:
    """An empty row between heads and values, or below."""
    rows = c_plain(sheet, rng)[0]
    rows.insert(rng.choice((3, 4)), [Cell("")] * 15 if rng.random() < 0.5 else [Cell("", 15)])
    return [rows]


def c_down_with_groups(sheet: Sheet, rng: random.Random) -> Pieces:
    """A row an outcome, 行政诉讼 as a tall cell over both kinds of suits."""
    out: Table = []
    for r, remedy in enumerate(REMEDY_WORDS):
        for n, word in enumerate(sheet.heads):
            value = Cell(c_values(sheet)[r * 5 + n].text)
            lead = []
            if n == 0:
                lead = [[Cell(remedy, 2, 5)], [Cell("行政诉讼", down=10), Cell(remedy, down=5)],
                        [Cell(remedy, down=5)]][r]  # fmt: skip
            out.append([*lead, Cell(word), value])
    return [out]


def _taken_apart(rows: Table) -> Table:
    """Wide and tall cells taken apart: the text stands in the first slot only."""
    wide = max(sum(c.across for c in row) for row in rows)
    grid = [[Cell("")] * wide for _ in rows]
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            grid[y][x] = Cell(cell.text)
            taken |= {(y + i, x + j) for i in range(cell.down) for j in range(cell.across)}
    return grid


def c_unmerged(sheet: Sheet, rng: random.Random) -> Pieces:
    """All spans of the heads taken apart."""
    return [_taken_apart(c_plain(sheet, rng)[0])]


def b_all_unmerged(sheet: Sheet, rng: random.Random) -> Pieces:
    """All spans taken apart, those of the heads as well."""
    return [_taken_apart(b_heads(sheet) + b_body(sheet))]


def a_unmerged(sheet: Sheet, rng: random.Random) -> Pieces:
    """All spans taken apart: a value that was wide stands in its first slot."""
    return [_taken_apart(a_plain(sheet, rng)[0])]


def c_page_break(sheet: Sheet, rng: random.Random) -> Pieces:
    """G14: heads above the page break, values below."""
    rows = c_plain(sheet, rng)[0]
    at = rng.choice((1, 3))
    return [rows[:at], rows[at:]]


def a_blocks_beside(sheet: Sheet, rng: random.Random) -> Pieces:
    """The items of article 20 as tall cells down the side."""
    out: Table = []
    for block, stems in blocks(sheet):
        names = [row.label.split("·")[1] for row in stems[0][1]]
        rows = [[Cell("信息内容"), *map(Cell, names)]]
        rows += [
            [Cell(stem), *(Cell(sheet.values[row.id, ""].text) for row in listed)]
            for stem, listed in stems
        ]
        rows[0].insert(0, Cell(block, down=len(rows)))
        out += rows
    return [out]


def a_row_added(sheet: Sheet, rng: random.Random) -> Pieces:
    """G10: a row that is not in the form, with numbers."""
    rows = a_plain(sheet, rng)[0]
    at = next(i for i, row in enumerate(rows) if len(row) == 4)
    rows.insert(at + 2, [Cell("其他主动公开文件"), Cell("31"), Cell("4"), Cell("77")])
    return [rows]


def a_spacer_rows(sheet: Sheet, rng: random.Random) -> Pieces:
    """Empty rows between heads and values."""
    out: Table = []
    for row in a_plain(sheet, rng)[0]:
        out.append(row)
        if rng.random() < 0.25:
            out.append([Cell("")] * 4 if rng.random() < 0.5 else [Cell("", 4)])
    return [out]


def a_empty_column(sheet: Sheet, rng: random.Random) -> Pieces:
    """G4: an empty column in front or behind."""
    front = rng.random() < 0.5
    rows = a_plain(sheet, rng)[0]
    return [[[Cell(""), *row] if front else [*row, Cell("")] for row in rows]]


def a_units_in_heads(sheet: Sheet, rng: random.Random) -> Pieces:
    """G12: the unit in the head: 采购总金额(万元)."""
    unit = rng.choice(("（万元）", "(元)", "（单位：万元）"))
    return [
        [[replace(c, text=c.text + unit) if c.text == "采购总金额" else c for c in row]
         for row in a_plain(sheet, rng)[0]]
    ]  # fmt: skip


def a_torn_pages(sheet: Sheet, rng: random.Random) -> Pieces:
    """G14: three pages, heads repeated on none."""
    rows = a_plain(sheet, rng)[0]
    one, two = sorted(rng.sample(range(2, len(rows) - 1), 2))
    return [rows[:one], rows[one:two], rows[two:]]


def a_words_packed(sheet: Sheet, rng: random.Random) -> Pieces:
    """Rows of one block packed into one row by line breaks."""
    out: Table = []
    for block, stems in blocks(sheet):
        names = [row.label.split("·")[1] for row in stems[0][1]]
        out.append([Cell(block, 4)])
        out.append([Cell("信息内容"), *map(Cell, names)])
        columns = [[sheet.values[row.id, ""].text for row in rows] for _, rows in stems]
        if all(text.strip() for column in columns for text in column) and len(stems) > 1:
            packed = ["\n".join(stem for stem, _ in stems)]
            packed += ["\n".join(line) for line in zip(*columns, strict=True)]
            out.append(list(map(Cell, packed)))
        else:
            out += [
                [Cell(s), *map(Cell, line)] for (s, _), line in zip(stems, columns, strict=True)
            ]
    return [out]


A_WILD: tuple[Layout, ...] = (
    a_blocks_beside,
    a_row_added,
    a_spacer_rows,
    a_empty_column,
    a_units_in_heads,
    a_torn_pages,
    a_words_packed,
    a_unmerged,
)
B_WILD: tuple[Layout, ...] = (
    b_tall_too_short,
    b_tall_too_long,
    b_cut_differently,
    b_torn_label,
    b_few_heads,
    b_empty_column,
    b_spacer_rows,
    b_wrapped_label,
    b_unit_column,
    b_group_column,
    b_all_unmerged,
)
C_WILD: tuple[Layout, ...] = (
    c_labelled,
    c_stacked,
    c_cut_differently,
    c_spacer_row,
    c_down_with_groups,
    c_page_break,
    c_unmerged,
)
