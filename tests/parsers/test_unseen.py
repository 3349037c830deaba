"""Numbers that a reader of the page does not see as their markup has them are in doubt."""

from __future__ import annotations

from decimal import Decimal

import pytest

import parsers

from . import forge

DOUBTS = {"number-doubtful", "unreadable-number"}


def cell(markup: str, *, style: str = "", attributes: str = "") -> tuple[Decimal | None, set[str]]:
    """The value of a cell with that markup, and the warnings on it."""
    rows = forge.cells(forge.s_plain("2014", forge.s_values("2014", 1)))
    rows[10][2] = f"<td{attributes}>{markup}</td>"
    page = forge.page(f"<style>{style}</style>" if style else "", forge.table(rows))
    report = parsers.read(page.encode())
    fact = next(fact for fact in report.facts if fact.indicator == "disclosed_other")
    loud = [p for p in report.problems if p.severity != "info"]
    return fact.value, {p.code for p in loud if p.at.cell and p.at.covers(fact.at)}


@pytest.mark.parametrize(
    "style",
    [
        "opacity:0",
        "FILTER: alpha(opacity=0)",
        "color:#fff",
        "COLOR: White",
        "color: rgba(0, 0, 0, 0)",
        "position:absolute;left:-9999px",
        "display:inline-block;width:0;overflow:hidden",
        "clip:rect(0 0 0 0);position:absolute",
        "text-indent:-999em;display:inline-block",
        "transform:scale(0)",
        "font-size:0.1px",
        "mso-hide:all",
    ],
)
def test_a_run_that_is_not_seen_is_no_digit_and_is_said(style: str) -> None:
    assert cell(f'<span style="{style}">9</span>15') == (15, {"number-doubtful"})


@pytest.mark.parametrize(
    ("markup", "style"),
    [
        ("<i class=v>9</i>15", ".v{opacity:0}"),
        ("<i class=v>9</i>15", "td .v{color:#fff}"),
        ("<i class=sr-only>9</i>15", ""),
        ("<i class='x d-none'>9</i>15", ""),
    ],
)
def test_style_sheets_and_well_known_classes_hide_as_well(markup: str, style: str) -> None:
    assert cell(markup, style=style) == (15, {"number-doubtful"})


@pytest.mark.parametrize(
    "content", ['"1"', '"\\31"', "attr(data-d)", "'-'", "counter(n)"], ids=range(5)
)
def test_digits_and_signs_that_style_adds_are_said(content: str) -> None:
    style = f"td.n::before{{content:{content}}}"
    assert cell("5", style=style, attributes=" class=n")[1] == {"number-doubtful"}
    assert cell("", style=style, attributes=" class=n")[1] == {"unreadable-number"}


@pytest.mark.parametrize(
    "markup",
    [
        '1<img src="a.gif">5',
        "<img src=num1.gif>5",
        "<img src=a01.gif alt=1>5",
        "<img src=5.gif>",
        "<img src=/upload/20240105a.png>",
        "1<svg><path d=M0 /></svg>5",
        "<svg><text>9</text></svg>15",
        "<object>9</object>15",
        "<button>9</button>15",
        "<canvas></canvas>15",
        "1<script>document.write(5)</script>",
        "<bdo dir=rtl>123</bdo>",
        '<b style="unicode-bidi:bidi-override;direction:rtl">123</b>',
        '<b style="transform:rotate(180deg);display:inline-block">66</b>',
        '<b style="position:relative;left:9px">1</b><b style="position:relative;left:-9px">5</b>',
        '<b style="margin-right:2em">14</b><b>9</b>',
        '<b style="display:inline-block;width:50%">14</b>9',
        '<div style="display:flex;justify-content:space-between"><b>14</b><b>9</b></div>',
        '<font color="#FFFFFF">7</font>15',
        "<font color=white size=2>7</font>15",
        '<p style="orphans:0"><b style="font-size:1pt">7</b><b style="widows:0">15</b></p>',
        "15<small>2</small>",
        '15<a href="#1">1</a>',
        '<p style="text-decoration:line-through">12</p>',
        '<span class="del">12</span>15',
    ],
)
def test_what_is_drawn_moved_or_struck_is_no_sure_number(markup: str) -> None:
    assert cell(markup)[1] & DOUBTS


@pytest.mark.parametrize(
    "markup", ["<img src=spacer.gif>", '<img src=x.gif width="1" height=1>', "&nbsp;"]
)
def test_a_spacer_is_no_picture_of_a_number(markup: str) -> None:
    assert cell(markup) == (None, set())


@pytest.mark.parametrize("attribute", ["style='text-decoration:line-through'", "style='opacity:0'"])
def test_a_veiled_row_veils_its_cells(attribute: str) -> None:
    rows = forge.cells(forge.s_plain("2014", {("disclosed_other", ""): "12"}))
    table = forge.table(rows).replace(f"<tr>{rows[10][0]}", f"<tr {attribute}>{rows[10][0]}")
    report = parsers.read(forge.page(table).encode())
    at = next(fact.at for fact in report.facts if fact.indicator == "disclosed_other")
    assert any(p.code in DOUBTS and p.at.covers(at) for p in report.problems)


@pytest.mark.parametrize(
    "markup",
    [
        '<span style="opacity:0">&nbsp;</span>15',
        '<span style="color:#333">1</span><span style="color:#000">5</span>',
        '<font color="#ff0000">15</font>',
        '<b style="position:relative;left:2px">15</b>',
        '<b style="display:inline-block;width:50px">15</b>',
        "<small>15</small>",
        '15<img src="arrow.gif" alt="5">',
        '<a href="#">15</a>',
        "<button>15</button>",
        '15<a href="#note1">[1]</a>',
        '15<span style="vertical-align: super">2</span>',
        "15<span class=MsoFootnoteReference>2</span>",
        "<w:del>12</w:del><w:ins>15</w:ins>",
    ],
)
def test_what_is_seen_as_it_is_written_is_sure(markup: str) -> None:
    assert cell(markup) == (15, set())


@pytest.mark.parametrize(
    ("markup", "style"),
    [
        ("<b class=c>15</b>", '.c:after{content:"";display:block}'),
        ("<b class=c>15</b>", '.c:before{content:"\\e601"}'),
        ("15", "@media print{td{opacity:0}}"),
        ('<b style="background:#06c;color:#fff">15</b>', ""),
        ('<b style="background:#06c"><font color="#fff">15</font></b>', ""),
    ],
)
def test_style_that_hides_nothing_here_is_no_doubt(markup: str, style: str) -> None:
    assert cell(markup, style=style) == (15, set())
