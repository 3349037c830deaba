"""A table gives the same facts wherever a page hides it, with the path to its place."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

import parsers

ROWS = (
    ("统计指标", "单位", "统计数"),
    ("一、主动公开情况", "——", ""),
    ("（一）主动公开政府信息数", "条", "484860"),
    ("（二）收到申请数", "件", "154"),
    ("1.当面申请数", "件", "32"),
    ("2.传真申请数", "件", "0"),
    ("3.网络申请数", "件", "27"),
    ("4.信函申请数", "件", "95"),
)
TRUTH = ["484860", "154", "32", "0", "27", "95"]


def rows(row: tuple[str, str], cell: tuple[str, str], between: str = "") -> str:
    """The rows with tags of one's choice."""
    return "".join(
        row[0] + between.join(f"{cell[0]}{text}{cell[1]}" for text in texts) + row[1]
        for texts in ROWS
    )


TABLE = f"<table>{rows(('<tr>', '</tr>'), ('<td>', '</td>'))}</table>"
PIECES = [f"{piece}>" for piece in TABLE.split(">")[:-1]]
QUOTED = json.dumps(TABLE).replace("</", "<\\/")
ESCAPED = TABLE.replace("<", "&lt;")
WIDE = "".join(c if c.isascii() and c.isalnum() else f"%u{ord(c):04X}" for c in TABLE)


def script(source: str) -> str:
    """A script element."""
    return f"<script>{source}</script>"


IN_FRAME = script(f"var c={QUOTED}").replace("<", "&lt;")
EMBEDDED = {
    "string": script(f"var c={QUOTED};"),
    "string-u": script(f"var c='{TABLE.replace('<', chr(92) + 'u003c')}';"),
    "string-x": script(f"var c='{TABLE.replace('<', chr(92) + 'x3c')}';"),
    "string-after-comments": script(f"// don't\n/* it's */ var c={QUOTED};"),
    "string-over-lines": script("var c='" + TABLE.replace("<tr>", "\\\n<tr>") + "';"),
    "template-literal": script(f"var c=`{TABLE}`;"),
    "concatenated": script("var c=" + " +\n".join(map(json.dumps, PIECES)) + ";"),
    "appended": script("var c='';\n" + "\n".join(f"c += '{p}';" for p in PIECES)),
    "joined": script("var c=[" + ",".join(map(json.dumps, PIECES)) + "].join('');"),
    "written": script("\n".join(f"document.write('{p}');" for p in PIECES)),
    "unescape": script(f"document.write(unescape('{quote(TABLE)}'))"),
    "unescape-wide": script(f"document.write(unescape('{WIDE}'))"),
    "decodeURIComponent": script(f"show(decodeURIComponent('{quote(TABLE)}'))"),
    "base64": script(f"show(atob('{base64.b64encode(TABLE.encode()).decode()}'))"),
    "config": script(f'_CONFIG.DETAIL = {{"id":1,"content":{QUOTED}}};'),
    "cdata": f"<script type='text/xml'><datastore><![CDATA[{TABLE}]]></datastore></script>",
    "markup-in-script": f"<script type='text/html' id=content>{TABLE}</script>",
    "textarea": f"<textarea>{TABLE}</textarea>",
    "textarea-hidden": f"<textarea style='display:none'>{ESCAPED}</textarea>",
    "in-a-hidden-box": f"<div style='display:none'><textarea>{ESCAPED}</textarea></div>",
    "script-in-a-hidden-box": f"<div hidden>{script(f'var c={QUOTED};')}</div>",
    "value": f'<input type=hidden value="{ESCAPED}">',
    "attribute": f'<div data-content="{ESCAPED}"></div>',
    "escaped-text": f"<div>{ESCAPED}</div>",
    "template": f"<template>{TABLE}</template>",
    "srcdoc": f'<iframe srcdoc="{TABLE}"></iframe>',
    "string-in-a-frame": f"<iframe srcdoc='{IN_FRAME}'></iframe>",
}
WHOLE = {
    "json": json.dumps({"data": {"content": TABLE}}),
    "json-ascii-off": json.dumps({"data": [{"content": TABLE}]}, ensure_ascii=False),
    "jsonp": f"callback({json.dumps({'data': {'content': TABLE}})})",
    "broken-json": json.dumps({"content": TABLE})[:-1],
    "assignment": f"var report = {QUOTED};",
    "xml": f"<?xml version='1.0'?><r><content><![CDATA[{TABLE}]]></content></r>",
}
STYLE = "<style>.t{display:table}.t .r{display:table-row}.r>.c{display:table-cell}</style>"
DIV_ROW, DIV_CELL = ("<div class=r>", "</div>"), ("<div class=c>", "</div>")
BOXES = {
    "css-tables": f"{STYLE}<div class=t>{rows(DIV_ROW, DIV_CELL)}</div>",
    "divs": f"<div>{rows(DIV_ROW, DIV_CELL)}</div>",
    "floated": f"<div>{rows(DIV_ROW, ('<div style=float:left>', '</div>'))}</div>",
    "list-a-row": f"<div>{rows(('<ul>', '</ul>'), ('<li>', '</li>'))}</div>",
    "spans-of-a-class": f"<div>{rows(DIV_ROW, ('<span class=c>', '</span>'))}</div>",
    "spaced-spans": f"<ul>{rows(('<li>', '</li>'), ('<span>', '</span>'), ' ')}</ul>",
    "definitions": "<dl>"
    + "".join(f"<dt>{label}</dt><dd>{unit}</dd><dd>{value}</dd>" for label, unit, value in ROWS)
    + "</dl>",
}
LINES = {
    "pre": "<pre>" + "\n".join("   ".join(texts) for texts in ROWS) + "</pre>",
    "pre-tabs": "<pre>" + "\n".join("\t".join(texts) for texts in ROWS) + "</pre>",
    "paragraph-a-row": "".join(f"<p>{' '.join(texts)}</p>" for texts in ROWS),
    "paragraph-a-cell": "".join(f"<p>{text}</p>" for texts in ROWS for text in texts),
}


def page(body: str) -> bytes:
    """A page with the table somewhere."""
    title = "示例市2017年政府信息公开工作年度报告"
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}".encode()


def numbers(report: parsers.model.Report) -> list[str]:
    """The values of all facts."""
    return [str(fact.value) for fact in report.facts if fact.value is not None]


@pytest.mark.parametrize("body", EMBEDDED.values(), ids=EMBEDDED.keys())
def test_embedded(body: str) -> None:
    report = parsers.read(page(body))
    assert numbers(report) == TRUTH
    assert [table.carrier for table in report.tables] != ["html"]
    assert " > table[0]" in report.tables[0].source


@pytest.mark.parametrize("body", WHOLE.values(), ids=WHOLE.keys())
def test_the_whole_body(body: str) -> None:
    assert numbers(parsers.read(body.encode())) == TRUTH


@pytest.mark.parametrize("body", BOXES.values(), ids=BOXES.keys())
def test_boxes(body: str) -> None:
    report = parsers.read(page(body))
    assert numbers(report) == TRUTH
    assert "table-of-boxes" in {problem.code for problem in report.problems}


@pytest.mark.parametrize("body", LINES.values(), ids=LINES.keys())
def test_lines_of_text_are_doubtful(body: str) -> None:
    report = parsers.read(page(body))
    assert numbers(report) == TRUTH
    doubts = [problem for problem in report.problems if problem.code == "table-of-text"]
    assert all(any(doubt.at.covers(fact.at) for doubt in doubts) for fact in report.facts)


def test_what_style_hides_is_read_under_a_warning() -> None:
    report = parsers.read(page(f"<div style='display:none'>{TABLE}</div>"))
    assert numbers(report) == TRUTH
    assert "not-displayed" in {problem.code for problem in report.problems}


@pytest.mark.parametrize("comment", ["<!-- {} -->", "<!--[if gte mso 9]>{}<![endif]-->"])
def test_comments_are_not_read(comment: str) -> None:
    assert not parsers.read(page(comment.format(TABLE))).facts


def test_content_revealed_by_conditional_comments_is_read() -> None:
    report = parsers.read(page(f"<!--[if !mso]><!-->{TABLE}<!--<![endif]-->"))
    assert [table.carrier for table in report.tables] == ["html"]


def test_a_copy_in_a_script_adds_nothing() -> None:
    report = parsers.read(page(TABLE + script(f"var print={QUOTED};")))
    assert numbers(report) == TRUTH
    assert len(report.tables) == 1


def test_other_rows_in_a_script_do_not_rival_the_page() -> None:
    report = parsers.read(page(TABLE + script(f"var old={QUOTED.replace('154', '99')};")))
    assert numbers(report) == TRUTH


def test_a_report_in_two_strings() -> None:
    first, second = TABLE.split("<tr><td>1.")
    halves = [f"{first}</table>", f"<table><tr><td>1.{second}"]
    body = script(f"var a={json.dumps(halves[0])}, b={json.dumps(halves[1])};")
    assert numbers(parsers.read(page(body))) == TRUTH


def test_what_a_script_computes_is_no_number() -> None:
    report = parsers.read(page(script("var c='" + TABLE.replace("484860", "'+n+'") + "';")))
    assert numbers(report) == TRUTH[1:]
    assert report.facts[0].state == "text"


@pytest.mark.parametrize("quote_", ['"', "'", "`", "/*", "//", '"\\'])
def test_a_hundred_thousand_openings_take_linear_time(quote_: str) -> None:
    assert not parsers.read(page(script(f"<table {quote_ * 100_000} x"))).facts


TITLE = "示例市2017年政府信息公开工作年度报告"
ARTICLE = {"id": 3255421, "title": TITLE, "content": TABLE, "publisher": "示例市人民政府办公室"}
ANSWERS = {
    "article": json.dumps(ARTICLE | {"publish_time": "2018-03-20 10:00:00"}),
    "in-data": json.dumps({"code": 200, "data": ARTICLE | {"pubDate": "2018-03-20"}}),
    "seconds": json.dumps({"data": [ARTICLE | {"date": 1521512130}]}),
    "milliseconds": json.dumps({"data": {**ARTICLE, "releaseTime": 1521512130000}}),
    "jsonp": f"callback({json.dumps(ARTICLE | {'publishTime': '2018年3月20日'})});",
    "content-apart": json.dumps(
        {
            "showTitle": TITLE,
            "pubDate": "2018-03-20",
            "publisher": "示例市",
            "body": {"html": TABLE},
        }
    ),
    "ascii-off": json.dumps(ARTICLE | {"pubdate": "2018/3/20"}, ensure_ascii=False),
}


@pytest.mark.parametrize("body", ANSWERS.values(), ids=ANSWERS.keys())
def test_a_bare_answer_says_whose_article_it_is(body: str) -> None:
    report = parsers.read(body.encode())
    assert numbers(report) == TRUTH
    assert (report.title, report.year, report.agency) == (TITLE, 2017, "示例市")
    assert report.published == "2018-03-20"
    assert "year-missing" not in {problem.code for problem in report.problems}


def test_a_list_of_articles_says_nothing_of_one() -> None:
    articles = [ARTICLE, ARTICLE | {"title": TITLE.replace("2017", "2016")}]
    report = parsers.read(json.dumps({"data": articles}).encode())
    assert not report.title
    assert report.year is None


@pytest.mark.parametrize("date", ["", 0, None, True, "1521", 99999999999, ["2018"], "无"])
def test_a_bare_answer_without_a_date_has_none(date: object) -> None:
    report = parsers.read(json.dumps(ARTICLE | {"pubDate": date}).encode())
    assert numbers(report) == TRUTH
    assert not report.published
