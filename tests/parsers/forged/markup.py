"""Markup for cells: plain, or with any number of mutations that must not change what is read."""

from __future__ import annotations

import html
import json
import random
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

MUTATIONS = (
    "attributes",
    "comments",
    "wrappers",
    "dropped-ends",
    "split-runs",
    "layout-table",
    "divs",
    "hidden-rows",
    "hidden-cells",
    "hidden-runs",
    "span-noise",
    "double-columns",
    "upper-case",
    "entities",
    "row-groups",
    "white-space",
    "foreign-wrappers",
    "zero-width",
    "inputs",
    "long-rowspans",
    "header-cells",
    "links",
    "padding",
    "residue",
)
CARRIERS = ("html", "cdata", "json", "textarea", "script")
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "gbk-as-gb2312", "utf-8-as-gbk")
NOISE = (
    ' class="MsoNormal"',
    " style='border-width: 31.875pt; mso-border-alt: solid'",
    ' width=120 height="32"',
    ' valign="center" nowrap="nowrap"',
    ' style="FONT-FAMILY: 仿宋_GB2312"',
    ' data-row="7" id="c-0"',
    ' align=center bgcolor="#FFFFFF"',
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell; a newline is a line break."""

    text: str
    across: int = 1
    down: int = 1


Rows = Sequence[Sequence[Cell]]


class Markup:
    """Writes tables and pages, mutated as told."""

    def __init__(self, rng: random.Random, mutations: Collection[str] = ()) -> None:
        self.rng = rng
        self.on = frozenset(mutations)
        self.breaks = rng.choice(("br", "p", "div"))

    def _some(self, mutation: str, share: float = 0.3) -> bool:
        return mutation in self.on and self.rng.random() < share

    def table(self, rows: Rows) -> str:
        """One table element."""
        body = [self._row(row, len(rows) - i) for i, row in enumerate(rows)]
        if self._some("hidden-rows", 0.9):
            at = self.rng.randrange(len(body) + 1)
            body.insert(at, '<tr style="display: none"><td>隐藏<td>12345<td>件</tr>')
        inner = self._grouped(rows, body)
        caption = "<colgroup><col width=90><col></colgroup>" if self._some("residue", 0.5) else ""
        out = f"<table{self._noise()}>{caption}{inner}</table>"
        if "foreign-wrappers" in self.on:
            out = out.replace("<tr", "<form><tr", 1) if self.rng.random() < 0.5 else out
        if "layout-table" in self.on:
            out = f"<table><tr><td><div>{out}</div></td></tr></table>"
        if "divs" in self.on:
            out = "<div class=c><section>" * 3 + out + "</section></div>" * 3
        return out

    def _grouped(self, rows: Rows, body: list[str]) -> str:
        """Rows in a tbody, sometimes the first in a thead, where no cell hangs over."""
        if "row-groups" not in self.on:
            return self._joined(body)
        if len(body) > 1 and body[0] and all(cell.down == 1 for cell in rows[0]):
            return f"<thead>{body[0]}</thead><tbody>{self._joined(body[1:])}</tbody>"
        return f"<tbody>{self._joined(body)}</tbody>"

    def _joined(self, body: list[str]) -> str:
        return ("\r\n\t " if "white-space" in self.on else "").join(body)

    def _row(self, row: Sequence[Cell], left: int) -> str:
        cells = [self._cell(cell, left) for cell in row]
        if self._some("hidden-cells", 0.3):
            cells.insert(self.rng.randrange(len(cells) + 1), "<td style='DISPLAY:none'>777</td>")
        end = "" if self._some("dropped-ends", 0.7) else "</tr>"
        comment = "<!-- <td>99</td> -->" if self._some("comments") else ""
        out = f"<tr{self._noise()}>{comment}{self._joined(cells)}{end}"
        return out.replace("<tr", "<TR").replace("</tr", "</TR") if "upper-case" in self.on else out

    def _cell(self, cell: Cell, left: int) -> str:
        tag = "th" if self._some("header-cells", 0.2) else "td"
        across, down = cell.across * (2 if "double-columns" in self.on else 1), cell.down
        spans = ""
        if across > 1 or self._some("span-noise"):
            spans += f' colspan="{across}{self.rng.choice(("", "px", ".5", " "))}"'
        if down == left and left > 1 and "long-rowspans" in self.on:
            spans += f" rowspan={self.rng.choice((0, 200))}"
        elif down > 1 or self._some("span-noise"):
            spans += f' rowspan="{down}"'
        if self._some("span-noise") and not spans:
            spans = self.rng.choice((' colspan=""', ' colspan="-1"', ' rowspan="x"', " colspan=0"))
        end = "" if self._some("dropped-ends", 0.7) else f"</{tag}>"
        if "upper-case" in self.on:
            tag, end = tag.upper(), end.upper()
        return f"<{tag}{spans}{self._noise()}>{self._content(cell.text)}{end}"

    def _noise(self) -> str:
        return self.rng.choice(NOISE) if self._some("attributes", 0.6) else ""

    def _content(self, text: str) -> str:
        if text.strip() and "\n" not in text and self._some("inputs", 0.2) and text.isdigit():
            return f'<input type="text" value="{text}">'
        lines = [self._line(line) for line in text.split("\n")]
        if len(lines) == 1:
            inner = lines[0]
            if self._some("wrappers", 0.6):
                inner = self.rng.choice(("<p>{}</p>", "<div>{}</div>", "<p><b>{}</b></p>")).format(
                    inner
                )
        elif self.breaks == "br":
            inner = "<br>".join(lines)
        else:
            inner = "".join(f"<{self.breaks}>{line}</{self.breaks}>" for line in lines)
        if self._some("residue", 0.3):
            inner += self.rng.choice(
                ("<o:p></o:p>", "<u><span><br></span></u>", "<script>var n=88;</script>")
            )
        if self._some("white-space", 0.4):
            inner = f"\n      {inner}\n   "
        return inner

    def _line(self, text: str) -> str:
        parts = self._runs(text)
        out = "".join(parts)
        if self._some("padding", 0.4) and text.strip():
            out = "&nbsp;" * self.rng.randint(1, 3) + out + "&nbsp;&nbsp;"
        if self._some("hidden-runs", 0.2):
            out += '<span style="display:none !important">9</span>'
        if self._some("links", 0.1):
            out = f'<a name="t"></a>{out}<img src="/i.gif" alt="5">'
        if self._some("comments", 0.2):
            out = f"{out}<!--5-->"
        return out

    def _runs(self, text: str) -> list[str]:
        if not self._some("split-runs", 0.5) or len(text) < 2:
            return [self._escaped(text)]
        cuts = sorted(self.rng.sample(range(1, len(text)), min(2, len(text) - 1)))
        pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        tags = ("<span>{}</span>", '<font face="宋体">{}</font>', "<strong>{}</strong>", "{}")
        return [self.rng.choice(tags).format(self._escaped(piece)) for piece in pieces]

    def _escaped(self, text: str) -> str:
        out = []
        for char in text:
            if self._some("entities", 0.2):
                out.append(self.rng.choice((f"&#{ord(char)};", f"&#x{ord(char):X};")))
            else:
                out.append(html.escape(char).replace("\xa0", "&nbsp;"))
            if self._some("zero-width", 0.05) and not char.isdigit():
                out.append("\u200b")
        return "".join(out)


def carried(body: str, carrier: str) -> str:
    """The article as it hides in a page."""
    if carrier == "cdata":  # a script in it would end the script round it
        body = re.sub("<script.*?</script>", "", body)
        return f'<script type="text/xml"><record><![CDATA[{body}]]></record></script>'
    if carrier == "script":
        text = json.dumps(body).replace("</", "<\\/")
        return f"<div id=c></div><script>var html = {text};</script>"
    if carrier == "json":
        text = json.dumps({"DETAIL": {"content": body}}).replace("</", "<\\/")
        return f"<script>window._CONFIG = {text};</script>"
    if carrier == "textarea":
        return f"<textarea>{html.escape(body)}</textarea>"
    return body


def encoded(text: str, encoding: str) -> bytes:
    """Bytes under a declaration that may lie."""
    declared = {"gb18030": "gb18030", "gbk-as-gb2312": "gb2312", "utf-8-as-gbk": "gbk"}
    text = text.replace("<head>", f'<head><meta charset="{declared.get(encoding, "utf-8")}">', 1)
    codec = {"gbk-as-gb2312": "gb18030", "utf-8-as-gbk": "utf-8"}.get(encoding, encoding)
    return text.encode(codec)
