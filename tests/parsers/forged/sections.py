"""Sections A, B and C in the layouts that agencies print them in."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import groupby

from parsers.dictionary import Indicator

from .markup import Cell
from .sheets import APPLICANTS, FIVE, REMEDIES, Sheet

Table = list[list[Cell]]
Pieces = list[Table]  # a section may be torn into several tables
Layout = Callable[[Sheet, random.Random], Pieces]
CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
REMEDY_WORDS = ("行政复议", "未经复议直接起诉", "复议后起诉")


# --- section B


def b_heads(sheet: Sheet, corner: int = 3) -> Table:
    """The three head rows."""
    word = CORNER if corner else ""
    return [
        [Cell(word, corner or 3, 3), Cell("申请人情况", 7)],
        [Cell(sheet.heads[0], down=2), Cell("法人或其他组织", 5), Cell(sheet.heads[-1], down=2)],
        [Cell(head) for head in sheet.heads[1:-1]],
    ]


def numbers(sheet: Sheet, row: Indicator) -> list[Cell]:
    """The value cells of a row of section B."""
    return [Cell(sheet.values[row.id, column].text) for column in APPLICANTS]


def b_body(sheet: Sheet, *, spans: bool = True) -> Table:
    """Tall label cells; without `spans` every row repeats nothing and leaves slots empty."""
    rows = sheet.rows
    kids = {row.id: sum(other.parent == row.id for other in rows) for row in rows}
    inner = sum(max(1, kids[row.id]) for row in rows if row.parent == "outcomes")
    out: Table = []
    pending: list[Cell] = []
    for row in rows:
        depth = 0 if not row.parent else 1 if row.parent == "outcomes" else 2
        if row.kind == "heading":
            tall = inner if row.id == "outcomes" else kids[row.id]
            pending.append(Cell(row.label, down=tall if spans else 1))
            continue
        if spans:
            line = [*pending, Cell(row.label, 3 - depth)]
        else:
            lead = [Cell("")] * (depth - len(pending))
            line = [*lead, *pending, Cell(row.label), *[Cell("")] * (2 - depth)]
        out.append([*line, *numbers(sheet, row)])
        pending = []
    return out


def b_plain(sheet: Sheet, rng: random.Random) -> Pieces:
    """As the notice prints it."""
    return [b_heads(sheet) + b_body(sheet)]


def b_unmerged(sheet: Sheet, rng: random.Random) -> Pieces:
    """Tall cells taken apart: the label stands in the first row only."""
    return [b_heads(sheet) + b_body(sheet, spans=False)]


def _flat(sheet: Sheet) -> Table:
    out: Table = []
    for row in sheet.rows:
        cells = [Cell("")] * 7 if row.kind == "heading" else numbers(sheet, row)
        out.append([Cell(row.label), *cells])
    return out


def b_one_label_column(sheet: Sheet, rng: random.Random) -> Pieces:
    """One label column, headings as rows of their own."""
    heads = [[Cell("", down=3), *b_heads(sheet)[0][1:]], *b_heads(sheet)[1:]]
    return [heads + _flat(sheet)]


def b_one_head_row(sheet: Sheet, rng: random.Random) -> Pieces:
    """One head row of seven words."""
    return [[[Cell("项目"), *map(Cell, sheet.heads)], *_flat(sheet)]]


def b_merged_headings(sheet: Sheet, rng: random.Random) -> Pieces:
    """Headings as rows over the full width."""
    out: Table = [[Cell("办理情况"), *map(Cell, sheet.heads)]]
    for row in sheet.rows:
        if row.kind == "heading":
            out.append([Cell(row.label, 8)])
        else:
            out.append([Cell(row.label), *numbers(sheet, row)])
    return [out]


def b_transposed(sheet: Sheet, rng: random.Random) -> Pieces:
    """Applicants down the side."""
    return [turned(b_heads(sheet) + b_body(sheet))]


def b_total_first(sheet: Sheet, rng: random.Random) -> Pieces:
    """The total column in front."""
    heads = [Cell("项目"), Cell(sheet.heads[-1]), *map(Cell, sheet.heads[:-1])]
    out = [heads]
    for row in sheet.rows:
        cells = [Cell("")] * 7 if row.kind == "heading" else numbers(sheet, row)
        out.append([Cell(row.label), cells[-1], *cells[:-1]])
    return [out]


def b_serial(sheet: Sheet, rng: random.Random) -> Pieces:
    """A serial column in front."""
    out = [[Cell("序号"), Cell("项目"), *map(Cell, sheet.heads)]]
    out += [[Cell(str(i)), *line] for i, line in enumerate(_flat(sheet), 1)]
    return [out]


def b_page_break(sheet: Sheet, rng: random.Random) -> Pieces:
    """Cut by a page: 三 stands again, its cell cut in two, heads sometimes repeated."""
    rows = b_body(sheet)
    starts = [i for i, row in enumerate(rows) if i > 3 and len(row) > 8 and i < len(rows) - 3]
    at = rng.choice(starts)
    outcomes = rows[2][0]
    upper = [*rows[:2], [Cell(outcomes.text, down=at - 2), *rows[2][1:]], *rows[3:at]]
    lower = [[Cell(outcomes.text, down=outcomes.down - at + 2), *rows[at]], *rows[at + 1 :]]
    if rng.random() < 0.3:
        return [b_heads(sheet) + upper + lower]
    again = b_heads(sheet) if rng.random() < 0.5 else []
    return [b_heads(sheet) + upper, again + lower]


def b_heads_apart(sheet: Sheet, rng: random.Random) -> Pieces:
    """The heads a table of their own."""
    return [b_heads(sheet), b_body(sheet)]


# --- section C


def c_plain(sheet: Sheet, rng: random.Random) -> Pieces:
    """As the notice prints it."""
    return [[*_c_heads(sheet), [Cell(v.text) for v in c_values(sheet)]]]


def c_values(sheet: Sheet) -> list:  # type: ignore[type-arg]
    """The fifteen values in printed order."""
    return [sheet.values[f"{remedy}_{part}", ""] for remedy in REMEDIES for part in FIVE]


def _c_heads(sheet: Sheet) -> Table:
    words = [Cell(word, down=2) for word in sheet.heads]
    return [
        [Cell("行政复议", 5), Cell("行政诉讼", 10)],
        [*words, Cell(REMEDY_WORDS[1], 5), Cell(REMEDY_WORDS[2], 5)],
        [Cell(word) for word in sheet.heads * 2],
    ]


def c_two_head_rows(sheet: Sheet, rng: random.Random) -> Pieces:
    """Remedies over outcomes, no 行政诉讼."""
    heads = [[Cell(w, 5) for w in REMEDY_WORDS], [Cell(w) for w in sheet.heads * 3]]
    return [[*heads, [Cell(v.text) for v in c_values(sheet)]]]


def c_down(sheet: Sheet, rng: random.Random) -> Pieces:
    """A row an outcome, remedies as tall cells."""
    out: Table = [[Cell("类型"), Cell("结果"), Cell("数量")]] if rng.random() < 0.5 else []
    for remedy, word in zip(REMEDIES, REMEDY_WORDS, strict=True):
        for number, (part, text) in enumerate(zip(FIVE, sheet.heads, strict=True)):
            value = Cell(sheet.values[f"{remedy}_{part}", ""].text)
            lead = [Cell(word, down=5)] if number == 0 else []
            out.append([*lead, Cell(text), value])
    return [out]


def c_matrix(sheet: Sheet, rng: random.Random) -> Pieces:
    """Remedies down the side, outcomes across the top."""
    out: Table = [[Cell(""), *map(Cell, sheet.heads)]]
    for remedy, word in zip(REMEDIES, REMEDY_WORDS, strict=True):
        out.append(
            [Cell(word), *(Cell(sheet.values[f"{remedy}_{part}", ""].text) for part in FIVE)]
        )
    return [out]


def c_transposed(sheet: Sheet, rng: random.Random) -> Pieces:
    """The form turned."""
    return [turned(c_plain(sheet, rng)[0])]


def c_apart(sheet: Sheet, rng: random.Random) -> Pieces:
    """Reconsideration and lawsuits in two tables."""
    values = [Cell(v.text) for v in c_values(sheet)]
    one: Table = [[Cell("行政复议", 5)], [Cell(w) for w in sheet.heads], values[:5]]
    two: Table = [
        [Cell("行政诉讼", 10)],
        [Cell(REMEDY_WORDS[1], 5), Cell(REMEDY_WORDS[2], 5)],
        [Cell(w) for w in sheet.heads * 2],
        values[5:],
    ]
    return [one, two]


# --- section A


def blocks(sheet: Sheet) -> list[tuple[str, list[tuple[str, list[Indicator]]]]]:
    """Block -> row word -> the values it prints."""
    out = []
    for block, rows in groupby(sheet.rows, key=lambda row: row.parent):
        stems = groupby(rows, key=lambda row: row.label.split("·")[0])
        out.append((block, [(stem, list(listed)) for stem, listed in stems]))
    return out


WIDE = {1: [3], 2: [1, 2], 3: [1, 1, 1]}


def _block(sheet: Sheet, block: str, stems: list[tuple[str, list[Indicator]]]) -> Table:
    rows = stems[0][1]
    wide = WIDE[len(rows)]
    names = [row.label.split("·")[1] for row in rows]
    out = [[Cell(block, 4)]] if block else []
    out.append([Cell("信息内容"), *(Cell(n, w) for n, w in zip(names, wide, strict=True))])
    for stem, listed in stems:
        cells = [
            Cell(sheet.values[row.id, ""].text, w) for row, w in zip(listed, wide, strict=True)
        ]
        out.append([Cell(stem), *cells])
    return out


def a_plain(sheet: Sheet, rng: random.Random) -> Pieces:
    """As the notice prints it."""
    return [[row for block, stems in blocks(sheet) for row in _block(sheet, block, stems)]]


def a_no_blocks(sheet: Sheet, rng: random.Random) -> Pieces:
    """Without the rows that name the items of article 20."""
    return [[row for _, stems in blocks(sheet) for row in _block(sheet, "", stems)]]


def a_table_a_block(sheet: Sheet, rng: random.Random) -> Pieces:
    """Every block a table."""
    return [_block(sheet, block, stems) for block, stems in blocks(sheet)]


def a_ragged(sheet: Sheet, rng: random.Random) -> Pieces:
    """No spans: short rows."""
    rows = a_plain(sheet, rng)[0]
    return [[[Cell(cell.text) for cell in row] for row in rows]]


def a_cut_differently(sheet: Sheet, rng: random.Random) -> Pieces:
    """Heads 1 1 2 1 over values 1 2 1 1, one column more than cells."""
    rows = []
    for row in a_plain(sheet, rng)[0]:
        if len(row) == 1:
            rows.append([Cell(row[0].text, 5)])
        elif len(row) == 4:
            at = rng.choice((1, 2, 3))
            rows.append([Cell(c.text, 2 if i == at else 1) for i, c in enumerate(row)])
        else:
            rows.append([*row[:-1], Cell(row[-1].text, row[-1].across + 1)])
    return [rows]


def a_page_break(sheet: Sheet, rng: random.Random) -> Pieces:
    """Cut by a page, sometimes between the heads of a block and its rows."""
    rows = a_plain(sheet, rng)[0]
    at = rng.randint(2, len(rows) - 2)
    return [rows[:at], rows[at:]]


def a_transposed(sheet: Sheet, rng: random.Random) -> Pieces:
    """Turned."""
    return [turned(a_plain(sheet, rng)[0])]


def turned(rows: Sequence[Sequence[Cell]]) -> Table:
    """Rows and columns exchanged, spans and all."""
    taken: dict[tuple[int, int], bool] = {}
    placed: list[tuple[int, int, Cell]] = []
    for r, row in enumerate(rows):
        col = 0
        for cell in row:
            while (r, col) in taken:
                col += 1
            placed.append((r, col, cell))
            for y in range(r, r + cell.down):
                for x in range(col, col + cell.across):
                    taken[y, x] = True
    out: Table = [[] for _ in range(max(col for _, col, _ in placed) + 1)]
    for _, col, cell in sorted(placed, key=lambda place: (place[1], place[0])):
        out[col].append(Cell(cell.text, cell.down, cell.across))
    return out


A_LAYOUTS: tuple[Layout, ...] = (
    a_plain,
    a_no_blocks,
    a_table_a_block,
    a_ragged,
    a_cut_differently,
    a_page_break,
    a_transposed,
)
B_LAYOUTS: tuple[Layout, ...] = (
    b_plain,
    b_unmerged,
    b_one_label_column,
    b_one_head_row,
    b_merged_headings,
    b_transposed,
    b_total_first,
    b_serial,
    b_page_break,
    b_heads_apart,
)
C_LAYOUTS: tuple[Layout, ...] = (
    c_plain,
    c_two_head_rows,
    c_down,
    c_matrix,
    c_transposed,
    c_apart,
)
