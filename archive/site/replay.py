"""An archived page as it may be shown: no script, no form, no request; the cell outlined.

The policy of `headers.ARCHIVED` is what protects: a browser runs and fetches nothing under it. The
sanitiser only tidies, so that a page reads well without what it cannot load.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from html import escape
from pathlib import Path

from lxml import html

from parsers.model import At, Cell, Grid
from parsers.showing import MARK

ANCHOR = "gongkai-cell"
SHOWN = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
SILENT, KEPT, ATTRIBUTES = (frozenset(SHOWN[name]) for name in ("silent", "kept", "attributes"))
UNSAFE = re.compile(r"url\s*\(|image-set|expression|behavior|-moz-binding|@|\\|/\*|<", re.I)
IMPORTS = re.compile(r"@import[^;]*;?|@charset[^;]*;?|</", re.I)
REACHES = re.compile(
    r"url\s*\([^)]*\)|expression|behavior|-moz-binding|image-set\s*\([^)]*\)", re.I
)
LOOK = """
:root{color-scheme:light;scroll-padding-block:38vh}
html{background:#fff;color:#222}
body{font:15px/1.7 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei","Hiragino Sans GB",sans-serif;
margin:0 auto;padding:14px;max-width:1100px;zoom:.82;overflow-wrap:anywhere}
table{border-collapse:collapse}
td,th{padding:2px 5px;overflow-wrap:break-word}
[data-gongkai="cell"]{outline:3px solid #c8371b!important;outline-offset:-1px;
background:#fff1c9!important;color:#000!important}
[data-gongkai="term"]{outline:1px dashed #8a6d1a!important;background:#fffaf0!important}
.gongkai-redrawn td,.gongkai-redrawn th{border:1px solid #bbb}
.gongkai-note{color:#666;font-size:13px}
.gongkai-page{position:relative}
.gongkai-page img{display:block;width:100%}
.gongkai-page i{position:absolute;outline:3px solid #c8371b;background:rgba(255,214,74,.35)}
"""


def document(body: str, title: str = "") -> str:
    """A page of ours round what is shown."""
    return (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{LOOK}</style></head><body>{body}</body></html>"
    )


def sanitised(page: str, title: str = "") -> str:
    """What is left of an archived page when nothing in it can act."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = html.document_fromstring(page.encode("utf-8", "replace") or b"<p>", parser=parser)
    styles = "".join(_style(node.text or "") for node in root.iter("style"))
    for node in list(root.iter()):
        if isinstance(node.tag, str):
            _clean(node)
    body = root.find("body")
    inner = "" if body is None else html.tostring(body, encoding="unicode", method="html")
    return document(styles + re.sub(r"^<body[^>]*>|</body>\s*$", "", inner), title)


def _style(text: str) -> str:
    return f"<style>{REACHES.sub('none', IMPORTS.sub('', text))}</style>"


def _clean(node: html.HtmlElement) -> None:
    """One element: gone, unwrapped to its text, or stripped to what only draws."""
    if node.tag in ("input", "img"):
        node.text, node.tag = _words(node), "span"
    inside = node.getparent() is not None
    if node.tag in SILENT and inside:
        node.drop_tree()
    elif node.tag not in KEPT and inside:
        node.drop_tag()
    else:
        _strip(node)


def _strip(node: html.HtmlElement) -> None:
    for name, value in list(node.attrib.items()):
        ours = name == MARK and value in ("cell", "term")
        if not ours and (name not in ATTRIBUTES or UNSAFE.search(value)):
            del node.attrib[name]
    if node.get(MARK) == "cell":
        node.set("id", ANCHOR)


def _words(node: html.HtmlElement) -> str:
    """A field prints its value, a picture that was not kept its alternative text."""
    if node.tag == "input":
        return str(node.get("value", "")) if node.get("type", "text") in ("text", "") else ""
    return str(node.get("alt", ""))


def redrawn(grids: Sequence[Grid], at: At, note: str) -> str:
    """Tables of a document that no browser shows, drawn from the cells that were read."""
    drawn = "".join(_table(grid, at) for grid in grids)
    return document(f'<p class="gongkai-note">{escape(note)}</p>{drawn}')


def _table(grid: Grid, at: At) -> str:
    rows = "".join(
        "<tr>" + "".join(_cell(cell, at) for cell in row) + "</tr>" for row in grid.rows()
    )
    caption = f"<caption>{escape(grid.caption)}</caption>" if grid.caption else ""
    return f'<table class="gongkai-redrawn">{caption}{rows}</table><br>'


def _cell(cell: Cell, at: At) -> str:
    chosen = (cell.at.table, cell.at.row, cell.at.cell) == (at.table, at.row, at.cell)
    mark = f' {MARK}="cell" id="{ANCHOR}"' if chosen else ""
    text = "<br>".join(escape(line) for line in cell.lines)
    return f'<td rowspan="{cell.rowspan}" colspan="{cell.colspan}"{mark}>{text}</td>'


def pictured(image: str, size: tuple[float, float], at: At, alt: str) -> str:
    """A page as a picture with the box of the cell drawn over it."""
    return document(
        f'<div class="gongkai-page"><img src="data:image/png;base64,{image}" alt="{escape(alt)}">'
        f"{_box(at, *size)}</div>"
    )


def _box(at: At, width: float, height: float) -> str:
    if at.box is None:
        return ""
    x0, top, x1, bottom = at.box
    style = (
        f"left:{100 * x0 / width:.3f}%;top:{100 * top / height:.3f}%;"
        f"width:{100 * (x1 - x0) / width:.3f}%;height:{100 * (bottom - top) / height:.3f}%"
    )
    return f'<i id="{ANCHOR}" data-gongkai="cell" style="{style}"></i>'
