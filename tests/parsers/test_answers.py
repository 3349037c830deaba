"""Answers of list interfaces: JSON in its wrappings, and what is none."""

from __future__ import annotations

import json

import pytest

from parsers.answers import json_rows, markup, total

URL = "http://a.gov.cn/list"
TITLE = "样例市2019年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("text", "url", "day"),
    [
        ('[{"title": "%s", "url": "./x.html", "inputtime": "2020-3-1"}]', "/x.html", "2020-03-01"),
        ('\r\n\r\n\ufeff\r\nresult({"data": [{"puburl": "/x.html", "MetaDataId": "1", '
         '"tip": {"title": "%s", "dates": "2020年3月1日"}}]});\r\n', "/x.html", "2020-03-01"),
        ('{"docs": [{"doctitle": "%s", "body": "a\r\nb", "docpuburl": "/x.html"}]}', "/x.html", ""),
        ('<script>var itemObj=[{"aT":"%s","aPd":"2020-03-01","aU":"{\\"common\\":\\"/x.html\\"}"}];'
         "</script>", "/x.html", "2020-03-01"),
        ('{"articles": [{"title": "%s", "date": 1583353600, "url": "//a.gov.cn/x.html"}]}',
         "/x.html", "2020-03-05"),
    ],
)  # fmt: skip
def test_one_row_however_it_is_wrapped(text: str, url: str, day: str) -> None:
    [row] = json_rows(text.replace("%s", TITLE), URL)
    assert (row.url, row.title, row.published) == (f"http://a.gov.cn{url}", TITLE, day)
    assert (row.kind, row.year, row.agency) == ("report", 2019, "样例市")


def test_markup_inside_an_answer() -> None:
    inner = '<li><a href="/x.html">x</a></li>'
    assert markup(json.dumps({"data": {"html": inner}})) == inner
    assert markup(f"cb({json.dumps({'result': inner})})") == inner
    assert markup(f"<ul>{inner}</ul>") == f"<ul>{inner}</ul>"


@pytest.mark.parametrize("text", ["", "{", "cb(", "[" * 50_000, '{"total": "many"}', "<p>{}</p>"])
def test_what_is_no_answer_gives_no_rows(text: str) -> None:
    assert json_rows(text, URL) == ()
    assert total(text) is None


def test_the_promise_of_an_answer() -> None:
    assert total('{"classify": {"post_count": 203}}') == 203
    assert total('{"data": {"total": "12"}}') == 12
