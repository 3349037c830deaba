"""Capital tags, bare attributes, no end tags: how pages were written around 2010."""

from __future__ import annotations

from spiders.simulator.model import Rows, Td

from .base import Markup, joined, same


def _cell(td: Td) -> str:
    sizes = (("colSpan", td.colspan), ("rowSpan", td.rowspan))
    bare = "".join(f" {name}={size}" for name, size in sizes if size > 1)
    text = joined(td.text) or "&nbsp;"
    return (
        f"<TD vAlign=center width=110{bare}>\n<P align=center><FONT face=宋体 size=3>{text}</FONT>"
    )


def table(rows: Rows) -> str:
    body = "\n".join("<TR>\n" + "\n".join(_cell(td) for td in row) for row in rows)
    return f"<TABLE cellSpacing=0 cellPadding=0 border=1>\n<TBODY>\n{body}\n</TBODY></TABLE>"


def paragraph(text: str) -> str:
    return f'<P style="TEXT-INDENT: 32pt; FONT-FAMILY: 仿宋_GB2312">{joined(text)}'


def heading(text: str) -> str:
    return f"<P><B>{joined(text)}</B>"


MARKUP = Markup(table=table, paragraph=paragraph, heading=heading, article=same)
