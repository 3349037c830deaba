"""The whole article is a cell of a layout table, every data cell holds a block of its own."""

from __future__ import annotations

from spiders.simulator.model import Rows, Td

from .base import Markup, joined, spans


def _cell(td: Td) -> str:
    inner = f'<div align="center">{joined(td.text)}</div>'
    return f'<td{spans(td)} height="32" nowrap="nowrap">{inner}</td>'


def table(rows: Rows) -> str:
    body = "\n".join(f"  <tr>{''.join(_cell(td) for td in row)}</tr>" for row in rows)
    return (
        '<table width="98%" border="0" align="center"><tr><td align="center">\n'
        f'<table border="1" bordercolor="#000000" width="100%"><tbody>\n{body}\n</tbody></table>\n'
        "</td></tr></table>"
    )


def paragraph(text: str) -> str:
    return f"<div>　　{joined(text)}</div>"


def heading(text: str) -> str:
    return f'<div style="font-family:黑体">　　{joined(text)}</div>'


def article(body: str) -> str:
    return (
        '<table width="1000" border="0" cellpadding="0" cellspacing="0"><tbody><tr>\n'
        '<td width="12" rowspan="2">&nbsp;</td><td valign="top">\n'
        f"{body}\n</td></tr>\n<tr><td>&nbsp;</td></tr></tbody></table>"
    )


MARKUP = Markup(table=table, paragraph=paragraph, heading=heading, article=article)
