"""Pages of our own: the printed rows of a form with given values, laid out in many ways."""

from __future__ import annotations

import html
import random
from collections.abc import Mapping, Sequence

from parsers.dictionary import Indicator, columns, form
from parsers.model import FormId

Values = Mapping[tuple[str, str], str]  # (indicator, column) -> printed text
Row = Sequence[str]
APPLICANTS = [column.id for column in columns() if column.axis == "applicant"]
HEADS = {column.id: column.label for column in columns()}


def td(text: str, **spans: int) -> str:
    """One cell; a newline in the text is a line break."""
    attributes = "".join(f' {name}="{n}"' for name, n in spans.items() if n > 1)
    return f"<td{attributes}>{html.escape(text).replace(chr(10), '<br>')}</td>"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows of ready cells."""
    return "<table>" + "".join(f"<tr>{''.join(row)}</tr>" for row in rows) + "</table>"


def page(*parts: str, title: str = "示例市2017年政府信息公开工作年度报告") -> str:
    """A whole page round the parts."""
    return (
        f"<html><head><title>{title}</title><meta name=ArticleTitle content='{title}'></head>"
        f"<body><h1>{title}</h1>{''.join(parts)}</body></html>"
    )


def s_rows(form_id: FormId) -> tuple[Indicator, ...]:
    """The rows of section S."""
    return form(form_id).section("S")


def s_values(
    form_id: FormId, seed: int, columns_: Sequence[str] = ("",)
) -> dict[tuple[str, str], str]:
    """Distinct plausible printed values, some slashes, dashes and blanks."""
    rng = random.Random(seed)
    out = {}
    for row in s_rows(form_id):
        for column in columns_:
            if row.kind != "heading":
                out[row.id, column] = rng.choice(
                    ["/", "——", "", "0", *[str(rng.randint(1, 99999))] * 9]
                )
    return out


def s_plain(
    form_id: FormId,
    values: Values,
    columns_: Sequence[str] = ("",),
    heads: Sequence[str] = ("统计数",),
) -> list[list[str]]:
    """Header, then label, unit, value texts row by row."""
    rows = [["统计指标", "单位", *heads]]
    for row in s_rows(form_id):
        heading = row.kind == "heading"
        rows.append(
            [
                row.label,
                "——" if heading else row.unit,
                *(values.get((row.id, c), "") for c in columns_),
            ]
        )
    return rows


def cells(rows: Sequence[Row]) -> list[list[str]]:
    """Texts to cells."""
    return [[td(text) for text in row] for row in rows]


def b_values(form_id: FormId, seed: int) -> dict[tuple[str, str], str]:
    """Section B with all its identities holding: parts drawn, sums made."""
    rng = random.Random(seed)
    parts = [r for r in form(form_id).section("B") if r.kind != "heading"]
    grid: dict[tuple[str, str], int] = {}
    for column in APPLICANTS[:-1]:
        details = [
            r.id
            for r in parts
            if r.id
            not in ("requests_new", "requests_carried_in", "outcomes_total", "requests_carried_out")
        ]
        for name in details:
            grid[name, column] = rng.choice([0, 0, rng.randint(1, 60)])
        total = sum(grid[name, column] for name in details)
        grid["outcomes_total", column] = total
        carried = rng.randint(0, min(total, 9))
        grid["requests_carried_in", column] = carried
        grid["requests_carried_out", column] = rng.randint(0, 9)
        grid["requests_new", column] = total + grid["requests_carried_out", column] - carried
    for row in parts:
        grid[row.id, "total"] = sum(grid[row.id, c] for c in APPLICANTS[:-1])
    return {place: str(number) for place, number in grid.items()}


CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


def b_heads() -> list[list[str]]:
    """The three head rows of section B."""
    return [
        [td(CORNER, colspan=3, rowspan=3), td("申请人情况", colspan=7)],
        [td("自然人", rowspan=2), td("法人或其他组织", colspan=5), td("总计", rowspan=2)],
        [td(HEADS[column]) for column in APPLICANTS[1:-1]],
    ]


def b_rows(form_id: FormId, values: Values) -> list[list[str]]:
    """The body of section B with its tall label cells."""
    rows = form(form_id).section("B")
    kids = {r.id: [x for x in rows if x.parent == r.id] for r in rows}
    inner = sum(max(1, len(kids[r.id])) for r in rows if r.parent == "outcomes")
    out: list[list[str]] = []
    pending: list[str] = []
    for row in rows:
        if row.id == "outcomes":
            pending = [td(row.label, rowspan=inner)]
        elif row.kind == "heading":
            pending = [*pending, td(row.label, rowspan=len(kids[row.id]))]
        else:
            width = 3 if not row.parent else 2 if row.parent == "outcomes" else 1
            numbers = [td(values.get((row.id, c), "")) for c in APPLICANTS]
            out.append([*pending, td(row.label, colspan=width), *numbers])
            pending = []
    return out


def c_values(seed: int) -> dict[tuple[str, str], str]:
    """Section C with its three sums holding."""
    rng = random.Random(seed)
    out = {}
    for remedy in ("reconsideration", "suit_direct", "suit_after_reconsideration"):
        parts = {p: rng.randint(0, 30) for p in ("upheld", "corrected", "other", "pending")}
        parts["total"] = sum(parts.values())
        out |= {(f"{remedy}_{part}", ""): str(number) for part, number in parts.items()}
    return out


FIVE = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


def c_rows(form_id: FormId, values: Values) -> list[list[str]]:
    """Section C: three head rows and one row of fifteen."""
    return [
        [td("行政复议", colspan=5), td("行政诉讼", colspan=10)],
        [
            *(td(word, rowspan=2) for word in FIVE),
            td("未经复议直接起诉", colspan=5),
            td("复议后起诉", colspan=5),
        ],
        [td(word) for word in FIVE * 2],
        [td(values[row.id, ""]) for row in form(form_id).section("C")],
    ]


def a_values(form_id: FormId, seed: int) -> dict[tuple[str, str], str]:
    """Section A, plausible numbers."""
    rng = random.Random(seed)
    return {(row.id, ""): str(rng.randint(0, 5000)) for row in form(form_id).section("A")}


def a_rows(form_id: FormId, values: Values) -> list[list[str]]:
    """Section A in its blocks, values as wide as the form prints them."""
    blocks: dict[str, dict[str, list[Indicator]]] = {}
    for row in form(form_id).section("A"):
        blocks.setdefault(row.parent, {}).setdefault(row.label.split("·")[0], []).append(row)
    out: list[list[str]] = []
    for block, stems in blocks.items():
        out.append([td(block, colspan=4)])
        rows = next(iter(stems.values()))
        wide = {1: [3], 2: [1, 2], 3: [1, 1, 1]}[len(rows)]
        names = [row.label.split("·")[1] for row in rows]
        out.append([td("信息内容"), *(td(n, colspan=w) for n, w in zip(names, wide, strict=True))])
        for stem, printed in stems.items():
            cells_ = [td(values[r.id, ""], colspan=w) for r, w in zip(printed, wide, strict=True)]
            out.append([td(stem), *cells_])
    return out
