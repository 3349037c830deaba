"""A clean page, as an editor's template writes it."""

from __future__ import annotations

from spiders.simulator.model import Rows, Td

from .base import Markup, joined, same, spans


def _cell(td: Td) -> str:
    align = "left" if td.kind == "label" else "center"
    return f'<td{spans(td)} style="text-align:{align}">{joined(td.text)}</td>'


def table(rows: Rows) -> str:
    body = "\n".join(f"<tr>{''.join(_cell(td) for td in row)}</tr>" for row in rows)
    open_table = '<table border="1" cellspacing="0" cellpadding="4" width="640">'
    return f"{open_table}\n<tbody>\n{body}\n</tbody>\n</table>"


def paragraph(text: str) -> str:
    return f'<p style="text-indent:2em">{joined(text)}</p>'


def heading(text: str) -> str:
    return f"<p><strong>{joined(text)}</strong></p>"


MARKUP = Markup(table=table, paragraph=paragraph, heading=heading, article=same)
