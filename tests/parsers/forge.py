"""Pages of our own: the printed rows of a form with given values, laid out in many ways."""

from __future__ import annotations

import html
import random
from collections.abc import Callable, Mapping, Sequence

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


def s_values(form_id: FormId, seed: int, columns_: Sequence[str] = ("",)) -> dict[tuple[str, str], str]:
    """Distinct plausible printed values, some slashes, dashes and blanks."""
    rng = random.Random(seed)
    out = {}
    for row in s_rows(form_id):
        for column in columns_:
            if row.kind != "heading":
                out[row.id, column] = rng.choice(["/", "——", "", "0", *[str(rng.randint(1, 99999))] * 9])
    return out


def s_plain(form_id: FormId, values: Values, columns_: Sequence[str] = ("",), heads: Sequence[str] = ("统计数",)) -> list[list[str]]:
    """Header, then label, unit, value texts row by row."""
    rows = [["统计指标", "单位", *heads]]
    for row in s_rows(form_id):
        heading = row.kind == "heading"
        rows.append(
            [row.label, "——" if heading else row.unit, *(values.get((row.id, c), "") for c in columns_)]
        )
    return rows


def cells(rows: Sequence[Row]) -> list[list[str]]:
    """Texts to cells."""
    return [[td(text) for text in row] for row in rows]
