"""What page makers do to a form's grid; every change keeps the printed values."""

from __future__ import annotations

from collections.abc import Callable

from .model import Rows, Td

TALL = 10  # only the section cell of table B is this high


def split_section(rows: Rows) -> Rows:
    """A page break cuts the tall section cell: it is printed twice, the heights add up."""
    start = next(i for i, row in enumerate(rows) if row[0].rowspan > TALL)
    tall = rows[start][0]
    groups = (i for i in range(start + TALL, len(rows)) if len(rows[i]) > len(rows[i - 1]))
    cut = next(groups)
    upper = Td(tall.text, rowspan=cut - start)
    lower = Td(tall.text, rowspan=tall.rowspan - (cut - start))
    return (
        *rows[:start],
        (upper, *rows[start][1:]),
        *rows[start + 1 : cut],
        (lower, *rows[cut]),
        *rows[cut + 1 :],
    )


def uneven(rows: Rows) -> Rows:
    """Five columns under four: header and data rows cut the same width differently."""
    return tuple(_cut(row) for row in rows)


def _cut(row: tuple[Td, ...]) -> tuple[Td, ...]:
    widths = {1: (5,), 2: (1, 4), 3: (1, 2, 2), 4: (1, 1, 2, 1)}[len(row)]
    if len(row) == 4 and row[1].kind == "value":
        widths = (1, 2, 1, 1)
    return tuple(Td(td.text, td.kind, width) for td, width in zip(row, widths, strict=True))


def wrapped(rows: Rows) -> Rows:
    """The longest label runs over two rows; unit and value stand in the second."""
    made: list[tuple[Td, ...]] = []
    for row in rows:
        upper, _, lower = row[0].text.partition("|")
        if lower and not lower.startswith("（"):
            made += [(Td(upper), Td("", "unit"), Td("", "value")), (Td(lower), *row[1:])]
        else:
            made.append(row)
    return tuple(made)


def serial(rows: Rows) -> Rows:
    """A running number in front."""
    head, *body = rows
    numbered = ((Td(str(i), "unit"), *row) for i, row in enumerate(body, start=1))
    return ((Td("序号", "head"), *head), *numbered)


# (mess, section) -> what it does there; other sections stay as they are
MESSES: dict[tuple[str, str], Callable[[Rows], Rows]] = {
    ("split-section", "B"): split_section,
    ("uneven", "A"): uneven,
    ("wrapped", "S"): wrapped,
    ("serial", "S"): serial,
}


def apply(names: tuple[str, ...], section: str, rows: Rows) -> Rows:
    for name in names:
        change = MESSES.get((name, section))
        rows = change(rows) if change else rows
    return rows
