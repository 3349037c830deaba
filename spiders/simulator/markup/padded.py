"""Blanks of every width round labels and numbers; bare text in one cell, `<p>` in the next."""

from __future__ import annotations

from spiders.simulator.model import Rows, Td

from .base import Markup, joined, lines, spans


def _head(text: str) -> str:
    """Short head words are spread by blanks."""
    bare = joined(text)
    return "　".join(bare) if len(bare) <= 4 else bare


def _inner(td: Td, column: int) -> str:
    if td.kind == "head":
        return f"\n&nbsp; {_head(td.text)}\n&nbsp; "
    if td.kind == "value":
        return f"&nbsp;{joined(td.text)}&nbsp;" if column % 2 else f"<p>{joined(td.text)}　</p>"
    return "\n     &nbsp;".join(f"<p>{line}&nbsp;&nbsp;</p>" for line in lines(td.text))


def table(rows: Rows) -> str:
    trs = []
    for row in rows:
        cells = (f"\n <td{spans(td)}>{_inner(td, column)}</td>" for column, td in enumerate(row))
        trs.append(f"<tr>{''.join(cells)}\n</tr>")
    return f'<table border="1"  cellspacing="0">{"".join(trs)}</table>\n<p>&nbsp;</p>'


def paragraph(text: str) -> str:
    return f"<p>　　&nbsp;{joined(text)}&nbsp;</p>\n"


def heading(text: str) -> str:
    return f"<p>&nbsp;　{joined(text)}　</p>\n"


def article(body: str) -> str:
    return f"{body}\n<u><span><br></span></u>"


MARKUP = Markup(table=table, paragraph=paragraph, heading=heading, article=article)
