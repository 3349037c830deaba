"""Section S, record by record, in the layouts that agencies print it in."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from parsers.text import strip_ordinals

from .markup import Cell
from .sections import Pieces, Table, turned
from .sheets import Record, Sheet

Arrange = Callable[[Sheet, random.Random], Pieces]
UNIT = "单位"


def line(record: Record) -> list[Cell]:
    """Label, unit, values."""
    return [Cell(record.label), Cell(record.unit), *(Cell(v.text) for v in record.values)]


def head(sheet: Sheet) -> list[Cell]:
    """The head row of `line`."""
    name = "统计指标" if sheet.form == "2014" else "指标名称"
    unit = UNIT if sheet.form == "2014" else "计量单位"
    return [Cell(name), Cell(unit), *map(Cell, sheet.heads)]


def rows(sheet: Sheet) -> Table:
    """Head and records."""
    return [head(sheet), *map(line, sheet.records)]


def plain(sheet: Sheet, rng: random.Random) -> Pieces:
    """As the notice prints it."""
    return [rows(sheet)]


def no_units(sheet: Sheet, rng: random.Random) -> Pieces:
    """No unit column."""
    return [[[row[0], *row[2:]] for row in rows(sheet)]]


def no_head(sheet: Sheet, rng: random.Random) -> Pieces:
    """The head row lost."""
    return [rows(sheet)[1:]]


def unit_first(sheet: Sheet, rng: random.Random) -> Pieces:
    """Unit, label, values."""
    return [[[row[1], row[0], *row[2:]] for row in rows(sheet)]]


def unit_last(sheet: Sheet, rng: random.Random) -> Pieces:
    """Label, values, unit."""
    return [[[row[0], *row[2:], row[1]] for row in rows(sheet)]]


def value_first(sheet: Sheet, rng: random.Random) -> Pieces:
    """Values, unit, label."""
    return [[[*row[2:], row[1], row[0]] for row in rows(sheet)]]


def serial(sheet: Sheet, rng: random.Random) -> Pieces:
    """A serial column in front."""
    body = [[Cell(str(i)), *row] for i, row in enumerate(rows(sheet)[1:], 1)]
    return [[[Cell(rng.choice(("序号", "代码"))), *head(sheet)], *body]]


def code_third(sheet: Sheet, rng: random.Random) -> Pieces:
    """Two-digit codes between unit and values."""
    body = [[*row[:2], Cell(f"{i:02d}"), *row[2:]] for i, row in enumerate(rows(sheet)[1:], 1)]
    top = head(sheet)
    return [[[*top[:2], Cell("代码"), *top[2:]], *body]]


def remarks(sheet: Sheet, rng: random.Random) -> Pieces:
    """A remark column behind, mostly empty, numbers in it."""
    words = ("", "", "", "见说明", "含上年3件", "2016年为5")
    body = [[*row, Cell(rng.choice(words))] for row in rows(sheet)[1:]]
    return [[[*head(sheet), Cell("备注")], *body]]


def _abreast(sheet: Sheet, count: int, *, heads: bool) -> Pieces:
    body = rows(sheet)[1:]
    size = -(-len(body) // count)
    parts = [body[i : i + size] for i in range(0, len(body), size)]
    blank = [Cell("")] * len(body[0])
    wide = [[c for part in across for c in (part or blank)] for across in zip_longest(*parts)]
    return [[head(sheet) * len(parts), *wide] if heads else wide]


def two_up(sheet: Sheet, rng: random.Random) -> Pieces:
    """Two records abreast."""
    return _abreast(sheet, 2, heads=True)


def two_up_no_head(sheet: Sheet, rng: random.Random) -> Pieces:
    """Two records abreast, no head row."""
    return _abreast(sheet, 2, heads=False)


def three_up(sheet: Sheet, rng: random.Random) -> Pieces:
    """Three records abreast."""
    return _abreast(sheet, 3, heads=True)


def across_first(sheet: Sheet, rng: random.Random) -> Pieces:
    """Two abreast, reading from left to right: odd rows left, even rows right."""
    body = rows(sheet)[1:]
    blank = [Cell("")] * len(body[0])
    pairs = zip_longest(body[::2], body[1::2])
    return [[head(sheet) * 2, *([*a, *(b or blank)] for a, b in pairs)]]


def transposed(sheet: Sheet, rng: random.Random) -> Pieces:
    """Labels across the top."""
    return [turned(rows(sheet))]


def packed(sheet: Sheet, rng: random.Random) -> Pieces:
    """Rows packed into one by line breaks, where none of them has an empty cell."""
    out, group = [head(sheet)], []
    for record in sheet.records:
        row = line(record)
        sure = not any(value.doubtful for value in record.values)  # a warning is for a whole cell
        if sure and all(cell.text.strip() and "\n" not in cell.text for cell in row):
            group.append(row)
            if len(group) < 5:
                continue
            row = None
        if group:
            out.append(
                [Cell("\n".join(c.text for c in column)) for column in zip(*group, strict=True)]
            )
            group = []
        if row:
            out.append(row)
    if group:
        out.append([Cell("\n".join(c.text for c in column)) for column in zip(*group, strict=True)])
    return [out]


def pieces(sheet: Sheet, rng: random.Random) -> Pieces:
    """Torn into tables of a few rows."""
    size = rng.choice((5, 10, 23))
    table = rows(sheet)
    return [table[i : i + size] for i in range(0, len(table), size)]


def pieces_with_heads(sheet: Sheet, rng: random.Random) -> Pieces:
    """Torn, the head row repeated."""
    size = rng.choice((5, 10, 23))
    table = rows(sheet)
    return [[table[0], *table[i : i + size]] for i in range(1, len(table), size)]


def table_a_row(sheet: Sheet, rng: random.Random) -> Pieces:
    """Every row a table."""
    return [[row] for row in rows(sheet)]


def head_apart(sheet: Sheet, rng: random.Random) -> Pieces:
    """The head row a table of its own."""
    table = rows(sheet)
    return [table[:1], table[1:]]


def head_repeated(sheet: Sheet, rng: random.Random) -> Pieces:
    """The head row again in the middle."""
    table = rows(sheet)
    at = rng.randint(3, len(table) - 2)
    return [[*table[:at], table[0], *table[at:]]]


def _wrapped(sheet: Sheet, *, below: bool) -> Iterator[list[Cell]]:
    yield head(sheet)
    for record in sheet.records:
        row = line(record)
        if len(record.label) > 12:
            empty = [Cell("")] * (len(row) - 1)
            first, second = (empty, row[1:]) if below else (row[1:], empty)
            yield [Cell(record.label[:9]), *first]
            yield [Cell(record.label[9:]), *second]
        else:
            yield row


def wrapped_below(sheet: Sheet, rng: random.Random) -> Pieces:
    """Long labels in two rows, the value beside the second half."""
    return [list(_wrapped(sheet, below=True))]


def wrapped_above(sheet: Sheet, rng: random.Random) -> Pieces:
    """Long labels in two rows, the value beside the first half."""
    return [list(_wrapped(sheet, below=False))]


def wrapped_in_cell(sheet: Sheet, rng: random.Random) -> Pieces:
    """Long labels in two paragraphs of a cell."""
    out = [head(sheet)]
    for row in rows(sheet)[1:]:
        text = row[0].text
        cut = rng.randint(4, len(text) - 3) if len(text) > 10 else 0
        out.append([Cell(f"{text[:cut]}\n{text[cut:]}") if cut else row[0], *row[1:]])
    return [out]


def units_in_values(sheet: Sheet, rng: random.Random) -> Pieces:
    """The unit behind the number, no unit column."""
    out = [[head(sheet)[0], *head(sheet)[2:]]]
    for record in sheet.records:
        cells = [
            Cell(v.text + record.unit if v.state == "number" and v.text.isdigit() else v.text)
            for v in record.values
        ]
        out.append([Cell(record.label), *cells])
    return [out]


def units_in_labels(sheet: Sheet, rng: random.Random) -> Pieces:
    """The unit in brackets behind the label."""
    body = [
        [Cell(f"{r.label}（{r.unit}）" if r.row.kind != "heading" else r.label), *line(r)[2:]]
        for r in sheet.records
    ]
    return [[[head(sheet)[0], *head(sheet)[2:]], *body]]


def headings_merged(sheet: Sheet, rng: random.Random) -> Pieces:
    """Heading rows over the full width."""
    wide = len(head(sheet))
    body = [[Cell(r.label, wide)] if r.row.kind == "heading" else line(r) for r in sheet.records]
    return [[head(sheet), *body]]


def sections_down_the_side(sheet: Sheet, rng: random.Random) -> Pieces:
    """Top headings as tall cells of a column of their own."""
    top = head(sheet)
    out: Table = [[Cell(top[0].text, 2), *top[1:]]]
    groups: list[tuple[Record | None, list[Record]]] = []
    for record in sheet.records:
        if record.row.kind == "heading" and not record.row.parent:
            groups.append((record, []))
        elif not record.row.parent or not groups or groups[-1][0] is None:
            groups.append((None, [record]))
        else:
            groups[-1][1].append(record)
    for name, listed in groups:
        for number, record in enumerate(listed):
            row = line(record)
            if name is None:
                out.append([Cell(row[0].text, 2), *row[1:]])
            else:
                lead = [Cell(name.label, down=len(listed))] if number == 0 else []
                out.append([*lead, *row])
    return [out]


def indented_columns(sheet: Sheet, rng: random.Random) -> Pieces:
    """Three label columns, the label in the column of its depth."""
    parents = {record.row.id: record.row.parent for record in sheet.records}
    top = head(sheet)
    out: Table = [[Cell(top[0].text, 3), *top[1:]]]
    for record in sheet.records:
        depth = 0
        name = record.row.parent
        while name and depth < 2:
            depth, name = depth + 1, parents.get(name, "")
        lead = [Cell("")] * depth
        out.append([*lead, Cell(record.label), *[Cell("")] * (2 - depth), *line(record)[1:]])
    return [out]


def spacer_rows(sheet: Sheet, rng: random.Random) -> Pieces:
    """Empty rows between the rows."""
    wide = len(head(sheet))
    out = []
    for row in rows(sheet):
        out.append(row)
        if rng.random() < 0.15:
            out.append([Cell("", wide)] if rng.random() < 0.5 else [Cell("")] * wide)
    return [out]


def continued(sheet: Sheet, rng: random.Random) -> Pieces:
    """Torn at pages, 续表 and a page number between."""
    table, wide = rows(sheet), len(head(sheet))
    at = rng.randint(4, len(table) - 4)
    foot = [Cell("第1页 共2页", wide)]
    return [[*table[:at], foot], [[Cell("（续表）", wide)], table[0], *table[at:]]]


def head_in_two_rows(sheet: Sheet, rng: random.Random) -> Pieces:
    """A head over the heads of the value columns."""
    top = head(sheet)
    over = "统计数据" if len(sheet.heads) > 1 else "报送数据"
    first = [Cell(top[0].text, down=2), Cell(top[1].text, down=2), Cell(over, len(sheet.heads))]
    return [[first, top[2:], *rows(sheet)[1:]]]


def double_rows(sheet: Sheet, rng: random.Random) -> Pieces:
    """Every cell two rows tall, in rows of which the second is empty."""
    body = [[Cell(c.text, down=2) for c in row] for row in rows(sheet)[1:]]
    out: Table = [head(sheet)]
    for row in body:
        out += [row, []]
    return [out]


def ordinals_apart(sheet: Sheet, rng: random.Random) -> Pieces:
    """Ordinals in a column of their own."""
    out: Table = [[Cell("序号"), *head(sheet)]]
    for record in sheet.records:
        row = line(record)
        bare = strip_ordinals(record.label.replace("（", "(").replace("）", ")"))
        mark = record.label[: max(0, len(record.label) - len(bare))]
        out.append([Cell(mark), Cell(record.label[len(mark) :]), *row[1:]])
    return [out]


def no_ordinals(sheet: Sheet, rng: random.Random) -> Pieces:
    """No numbering."""
    out = [head(sheet)]
    for row in rows(sheet)[1:]:
        folded = row[0].text.replace("（", "(").replace("）", ")")
        out.append([Cell(strip_ordinals(folded)), *row[1:]])
    return [out]


def other_ordinals(sheet: Sheet, rng: random.Random) -> Pieces:
    """Ordinals in another style."""
    styles = ("{}. ", "{}．", "{}、", "({})", "（{}）", "{}）", " {} ")
    style, out = rng.choice(styles), [head(sheet)]
    for number, row in enumerate(rows(sheet)[1:], 1):
        folded = row[0].text.replace("（", "(").replace("）", ")")
        out.append([Cell(style.format(number % 9 + 1) + strip_ordinals(folded)), *row[1:]])
    return [out]


def empty_columns(sheet: Sheet, rng: random.Random) -> Pieces:
    """An empty column somewhere, as designers leave them."""
    at = rng.choice((0, 1, len(head(sheet))))
    return [[[*row[:at], Cell(""), *row[at:]] for row in rows(sheet)]]


def parts_beside(sheet: Sheet, rng: random.Random) -> Pieces:
    """The consolidated column beside its parts; a serial column in front."""
    at = rng.choice((0, 2))
    heads = ["市本级统计数", "区县统计数"]
    heads.insert(at, rng.choice(("全市统计数", "合计", "全市汇总数")))
    out: Table = [[Cell("序号"), Cell("统计指标"), Cell("单位"), *map(Cell, heads)]]
    for number, record in enumerate(sheet.records, 1):
        heading = record.row.kind == "heading"
        own = Cell(record.values[0].text)
        cells = [Cell("" if heading else str(rng.randint(0, 9999))) for _ in range(2)]
        cells.insert(at, own)
        out.append([Cell(str(number)), Cell(record.label), Cell(record.unit), *cells])
    return [out]


def last_year_beside(sheet: Sheet, rng: random.Random) -> Pieces:
    """Last year's figures in a column of their own."""
    at = rng.choice((0, 1))
    heads = [f"{sheet.year - 1}年"]
    heads.insert(at, f"{sheet.year}年")
    out: Table = [[*head(sheet)[:2], *map(Cell, heads)]]
    for record in sheet.records:
        cells = [Cell("" if record.row.kind == "heading" else str(rng.randint(0, 9999)))]
        cells.insert(at, Cell(record.values[0].text))
        out.append([Cell(record.label), Cell(record.unit), *cells])
    return [out]


ALL: tuple[Arrange, ...] = (
    plain,
    no_units,
    no_head,
    unit_first,
    unit_last,
    value_first,
    serial,
    code_third,
    remarks,
    two_up,
    two_up_no_head,
    three_up,
    across_first,
    transposed,
    packed,
    pieces,
    pieces_with_heads,
    table_a_row,
    head_apart,
    head_repeated,
    wrapped_below,
    wrapped_above,
    wrapped_in_cell,
    units_in_values,
    units_in_labels,
    headings_merged,
    sections_down_the_side,
    ordinals_apart,
    no_ordinals,
    other_ordinals,
    empty_columns,
    indented_columns,
    spacer_rows,
    continued,
    head_in_two_rows,
    double_rows,
)
ONE_VALUE: tuple[Arrange, ...] = (parts_beside, last_year_beside)
WITHOUT_HEADS = frozenset(("no_head", "two_up_no_head"))  # one value column only


def usable(sheet: Sheet) -> Sequence[Arrange]:
    """The arrangements that leave the facts of this sheet decidable."""
    out = [each for each in ALL if len(sheet.heads) == 1 or each.__name__ not in WITHOUT_HEADS]
    return [*out, *ONE_VALUE] if sheet.form == "2014" else out
