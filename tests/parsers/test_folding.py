"""Markup that is folded before a page is read must leave the page as it was."""

from __future__ import annotations

import pytest

from parsers import css
from parsers.document import parse
from parsers.furniture import FENCE, Veils, folded
from parsers.page import read_page

TABLE = "<table><tr><td>现行有效</td><td>12</td></tr><tr><td>废止</td><td>3</td></tr></table>"


def lines(body: str) -> list[tuple[str, str]]:
    return [(block.tag, block.text) for block in parse(f"<body>{body}{TABLE}").blocks]


def test_inline_elements_and_the_borders_of_items_are_folded() -> None:
    menu = "".join(f'<li><a href="/a/{i}.html" title="t">第{i}条</a></li>\n' for i in range(60))
    markup = folded(f"<ul>{menu}</ul>", css.NO_RULES, Veils())
    assert markup.count("<") == 4
    assert markup.count(FENCE) == 59


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        ("<ul><li>甲</li>\n<li>乙</li></ul>", [("li", "甲"), ("li", "乙")]),
        ("<p>甲<span><b>乙</b></span></p><p>丙</p>", [("p", "甲乙"), ("p", "丙")]),
        ('<p>甲</p><p style="display:none">乙</p><p>丙</p>', [("p", "甲"), ("p", "丙")]),
        ('<p hidden="">甲</p><p>乙</p>', [("p", "乙")]),
        (
            '<p>甲<span style="display:block">乙</span>丙</p>',
            [("p", "甲"), ("span", "乙"), ("p", "丙")],
        ),
        ('<p>甲<span style="DISPLAY:none">乙</span></p>', [("p", "甲")]),
        ('<p style="font-size:0">甲<span style="font-size:9pt">乙</span></p>', [("p", "乙")]),
        ('<p style="visibility:hidden">甲</p><p>乙</p>', [("p", "乙")]),
        ("<style>p.x{display:none}</style><p class=y>甲</p><p class=x>乙</p>", [("p", "甲")]),
        (
            "<style>.x b{display:none}</style><p>甲</p><p class=x>乙<b>丙</b></p>",
            [("p", "甲"), ("p", "乙")],
        ),
        (
            "<style>span{display:block}</style><p>甲<span>乙</span></p>",
            [("p", "甲"), ("span", "乙")],
        ),
        (f"<p>甲{FENCE}乙</p>", [("p", "甲\x1f乙")]),
    ],
)
def test_lines_stay_what_a_browser_shows(body: str, printed: list[tuple[str, str]]) -> None:
    assert lines(body) == printed


def test_a_cell_of_paragraphs_keeps_its_lines() -> None:
    cell = "<td><p>甲</p> <p>乙<i>丙</i></p></td>"
    body = f"<table><tr>{cell}<td>1</td></tr><tr><td>丁</td><td>2</td></tr></table>"
    assert parse(body).grids[0].cells[0].lines == ("甲", "乙丙")


@pytest.mark.parametrize(
    "href", ["a.pdf", "/downfile.html?id=3", "x.doc?y=1", "viewer.html?file=a"]
)
def test_links_to_documents_are_kept(href: str) -> None:
    assert parse(f'<p><a href="{href}">附件</a></p>').links == ((href, "附件"),)


def test_scripts_and_comments_stay_as_they_are() -> None:
    script = "var a = '<b>1</b>'; /* " + "x" * 40 + " */"
    page = read_page(f"<p>甲</p><script>{script}</script><!-- <b>2</b> -->")
    assert [each.text for each in page.carriers] == [script]
