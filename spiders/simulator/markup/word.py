"""Pasted from a word processor: every run in spans, words and numbers cut in the middle."""

from __future__ import annotations

from spiders.simulator.model import Rows, Td

from .base import Markup, lines, spans

FONT = "font-size:12.0pt;font-family:仿宋_GB2312;mso-bidi-font-family:宋体"
EMPTY = '<span lang="EN-US" style="font-family:Arial;font-size:12.0pt"></span>'


def _runs(line: str) -> str:
    """Two runs and an empty one; an escaped character is never cut."""
    middle = 0 if "&" in line else (len(line) + 1) // 2
    pieces = [piece for piece in (line[:middle], line[middle:]) if piece]
    return "".join(f'<span style="{FONT}">{piece}</span>' for piece in pieces) + EMPTY


def _paragraphs(td: Td) -> str:
    align = "left" if td.kind == "label" else "center"
    open_p = f'<p class="MsoNormal" align="{align}" style="text-align:{align};line-height:18.0pt">'
    texts = [_runs(line) for line in lines(td.text)]
    if td.kind == "value":
        texts = [f"&nbsp;{text}&nbsp;&nbsp;&nbsp;" for text in texts]
    return "".join(f"{open_p}{text}</p>" for text in texts)


def _cell(td: Td) -> str:
    style = "width:64.4pt;border:solid windowtext 1.0pt;border-top:none;padding:0cm 5.4pt"
    return f'<td width="85"{spans(td)} valign="center" style="{style}">{_paragraphs(td)}</td>'


def table(rows: Rows) -> str:
    body = "".join(f'<tr style="height:25pt">{"".join(map(_cell, row))}</tr>\n' for row in rows)
    style = "border-collapse:collapse;border:none;mso-border-alt:solid windowtext .5pt"
    return (
        f'<table class="MsoNormalTable" border="1" cellspacing="0" style="{style}">'
        f"<tbody>{body}</tbody></table>"
    )


def paragraph(text: str) -> str:
    runs = "".join(_runs(line) for line in lines(text))
    return f'<p class="MsoNormal" style="text-indent:32.0pt;layout-grid-mode:char">{runs}</p>\n'


def heading(text: str) -> str:
    runs = "".join(_runs(line) for line in lines(text))
    return f'<p class="MsoNormal" style="text-indent:32.0pt"><b>{runs}</b></p>\n'


def article(body: str) -> str:
    return f'<div class="WordSection1" style="layout-grid:15.6pt">\n{body}\n</div>'


MARKUP = Markup(table=table, paragraph=paragraph, heading=heading, article=article)
