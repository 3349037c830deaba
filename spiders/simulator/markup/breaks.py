"""A rich-text editor: line breaks inside labels, the first row marked, borders only in styles."""

from __future__ import annotations

from spiders.simulator.model import Rows, Td

from .base import Markup, lines, same, spans

BORDER = "border: 1px solid windowtext; padding: 5px"


def _cell(td: Td) -> str:
    inner = "<br/>".join(lines(td.text)) or "<br/>"
    return f'<td{spans(td)} style="{BORDER}"><p style="text-indent: 0em;">{inner}</p></td>'


def _row(index: int, row: tuple[Td, ...]) -> str:
    mark = "" if index else ' class="firstRow"'
    return f'<tr style="height: 19px"{mark}>{"".join(_cell(td) for td in row)}</tr>'


def table(rows: Rows) -> str:
    body = "".join(_row(index, row) for index, row in enumerate(rows))
    style = "font-family: &#39;Times New Roman&#39;; border-collapse: collapse; margin: 0 auto"
    return f'<table border="0" cellspacing="0" style="{style}"><tbody>{body}</tbody></table>'


def paragraph(text: str) -> str:
    return f'<p style="text-indent: 2em;"><span>{"".join(lines(text))}</span><br/></p>\n'


def heading(text: str) -> str:
    return f'<h3 style="font-family: 黑体, SimHei;">{"".join(lines(text))}</h3>\n'


MARKUP = Markup(table=table, paragraph=paragraph, heading=heading, article=same)
