"""Rows of list pages in the shapes that systems give them; markup of our own."""

import pytest

from parsers.listing import column_name, rows

BASE = "http://www.x.gov.cn/zwgk/xxgknb/index.html"
HERE = "http://www.x.gov.cn/zwgk/xxgknb/"
TITLE = "清源市2017年政府信息公开工作年度报告"


def only(text, base=BASE, column=""):
    (row,) = rows(text, base, column)
    return row


@pytest.mark.parametrize(
    ("text", "published"),
    [
        # TRS: a layout table
        ("<table><tr><td><a href='./t2018_1.html'>{}</a></td><td> 2018-02-28 </td></table>", 1),
        # old Hanweb: brackets
        ("<ul><li><a href='/art/2018/2/28/art_1_2.html'>{}</a><td>[2018-02-28]</td></li></ul>", 1),
        ("<li><a href='../info/1026/25268.htm'>{}</a><span>2018年02月28日</span></li>", 1),
        ("<li><b>2018/02/28</b><a href='a2017.htm'>{}</a></li>", 1),
        ("<dl><dd><a href='x.htm'>{}</a></dd><dd> 2018-02-28 10:33 </dd></dl>", 1),
        ("<li><i>2018.2.28</i><a href='x.htm'>{}</a></li>", 1),
        # the date inside the anchor is no part of the title
        ("<li><a href='x.htm'><span>{}</span><span>2018-02-28</span></a></li>", 1),
        ("<li><a href='x.htm'><em>[2018-02-28]</em>{}</a></li>", 1),
        # no year, no date
        ("<li><a href='./t20180228_1.html'>{}</a><span>10-19</span></li>", 0),
        ("<li><a href='./t20180228_1.html'>{}</a></li>", 0),
        ("<li><a href='./t20180228_1.html'>{}</a><span>2018-02-31</span></li>", 0),
        # rows that are no nodes
        ("<p><a href='x.htm'>{}</a> 2018-02-28<br><a href='y.htm'>别的标题文字</a> 2019-01-01", 1),
    ],
)  # fmt: skip
def test_dates_in_every_place(text, published):
    row = rows(text.format(TITLE), BASE)[0]
    assert row.title == TITLE
    assert row.published == ("2018-02-28" if published else "")
    assert (row.kind, row.year, row.agency) == ("report", 2017, "清源市")


def test_the_date_of_another_row_is_not_taken():
    text = (
        "<ul><li><a href='t20180101_1.html'>没有日期的第一行标题</a></li>"
        "<li><a href='t20180101_2.html'>带着日期的第二行标题</a><span>2018-01-01</span></li></ul>"
    )
    assert [row.published for row in rows(text, BASE)] == ["", "2018-01-01"]


@pytest.mark.parametrize(
    "anchor",
    [
        f"<a href='x.htm' title='{TITLE}'>清源市2017年政府信息公开...</a>",
        f"<a href='x.htm' title='标题：{TITLE}\n发布日期：2018-02-28'>清源市2017年…</a>",
        f"<a href='x.htm' title='{TITLE}'><img src='a.png'></a>",
        f"<a href='x.htm' title='查看详情'>{TITLE}</a>",
        "<a href='x.htm'>清源市<font>201</font><font>7年</font>政府信息公开工作年度报告</a>",
        f"<a href='x.htm'>·\u3000{TITLE}\xa0</a>",
        f"<a href='x.htm'><span class='til'>{TITLE}</span><span class='sub'>（副题）</span></a>",
    ],
)
def test_the_whole_title(anchor):
    assert only(f"<li>{anchor}<span>2018-02-28</span></li>").title == TITLE


def test_a_cut_title_without_the_whole_one_is_weak():
    row = only("<li><a href='t20180101_1.html'>清源市2017年政府信息公开...</a></li>")
    assert (row.kind, row.year) == ("weak", 2017)


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("./x.htm", HERE + "x.htm"),
        ("\n/a/b.pdf\n\n", "http://www.x.gov.cn/a/b.pdf"),
        (" x .htm#top", HERE + "x.htm"),
        ("//y.gov.cn/a.htm", "http://y.gov.cn/a.htm"),
        ("https://y.gov.cn/a.htm?b=1&amp;c=2", "https://y.gov.cn/a.htm?b=1&c=2"),
        ("../../jd/t20180101_1.html", "http://www.x.gov.cn/jd/t20180101_1.html"),
    ],
)
def test_addresses(href, url):
    assert only(f"<li><a href='{href}'>{TITLE}</a>2018-02-28</li>").url == url


def test_the_base_of_the_page_counts():
    text = f"<base href='/other/'><li><a href='x.htm'>{TITLE}</a></li>"
    assert only(text).url == "http://www.x.gov.cn/other/x.htm"


@pytest.mark.parametrize(
    "text",
    [
        # scripts, marks, mail
        f"<a href='javascript:void(0)'>{TITLE}</a>",
        f"<a href='javascript:;' title='{TITLE}'>a</a>",
        f"<a href='#'>{TITLE}</a>",
        f"<a href=''>{TITLE}</a>",
        f"<a href='mailto:a@b'>{TITLE}</a>",
        f"<a>{TITLE}</a>",
        f"<a href='http://[bad/x.htm'>{TITLE}</a>",
        # templates
        f"<dl ms-repeat='list'><dd><a href='x.htm'>{TITLE}</a></dd></dl>",
        "<li><a href='{{url}}'>{{el.title}}2017年政府信息公开年度报告</a></li>",
        "<li v-for='a in b'><a href='t20180101_1.html'>标题标题标题标题</a>2018-01-01</li>",
        f"<script>var a = \"<a href='x.htm'>{TITLE}</a>\"</script>",
        f"<!-- <a href='x.htm'>{TITLE}</a> -->",
        # menus and columns
        "<div class='nav'><a href='t20180101_1.html'>机构职能介绍</a></div>",
        "<ul class='submenu'><li><a href='/content/1.html'>政府信息公开指南</a></li></ul>",
        "<td><a href='../gkndbg/'>政府信息公开年度报告</a></td>",
        "<td><a href='list.shtml'>政府信息公开年报</a></td>",
        "<td><a href='index_1.html'>下一页</a></td>",
        "<div class='pos'>当前位置：<a href='./'>信息公开年报</a></div>",
        "<td><a href='/content/123456.html'>概况</a></td>",
        # buttons
        "<li><a href='a.pdf'>下载文字版</a><span>2018-01-01</span></li>",
        "<li><a href='a12345.html'>京ICP备05000000号</a></li>",
    ],
)
def test_no_rows(text):
    assert rows(text, BASE) == ()


def test_every_row_is_kept_with_its_kind():
    titles = {
        TITLE: "report",
        "清源市2016年政府信息公开年度报告（更正）": "revised",
        "关于报送《清源市公安局2015年政府信息公开年度报告》的函": "cover",
        "清源市召开2018年度工作会议": "other",
        "2014年度报告": "weak",
    }
    items = "".join(
        f"<li><a href='t20180101_{n}.html'>{title}</a><span>2018-01-0{n + 1}</span></li>"
        for n, title in enumerate(titles)
    )
    found = rows(f"<ul>{items}</ul>", BASE)
    assert {row.title: row.kind for row in found} == titles
    assert [row.published[-1] for row in found] == list("12345")
    in_column = rows(f"<ul>{items}</ul>", BASE, "政府信息公开年报")
    assert [row.kind for row in in_column][-1] == "report"


def test_the_page_names_its_column_itself():
    text = "<meta name='ColumnName'content='政府信息公开年报'><a href='1.pdf'>2014年度报告</a>"
    assert only(text).kind == "report"


def test_one_row_an_address_and_the_fuller_title():
    text = (
        "<li><a href='t20180101_1.html'><img alt=''>图片新闻</a>"
        f"<a href='t20180101_1.html'>{TITLE}</a><span>2018-01-01</span></li>"
    )
    assert only(text).title == TITLE


def test_rows_inside_a_script():
    record = "<li><a href='/art/2018/2/28/art_1_2.html'>{}</a><b>2018-02-28</b></li>"
    store = (
        "<div><script type='text/xml'><datastore>"
        "<nextgroup><![CDATA[<a href='x'></a>]]></nextgroup>"
        f"<recordset><record>\n<![CDATA[{record.format(TITLE)}]]></record></recordset>"
        "</datastore></script></div>"
    )
    row = only(store)
    assert (row.url, row.published) == (
        "http://www.x.gov.cn/art/2018/2/28/art_1_2.html",
        "2018-02-28",
    )


def test_table_rows_inside_a_script():
    cells = "<tr><td><a href='art_1_2.html' title='{}'>清源...</a></td><td>[2018-02-28]</td></tr>"
    row = only(f"<record><![CDATA[{cells.format(TITLE)}]]></record>")
    assert (row.title, row.published) == (TITLE, "2018-02-28")


def test_rows_in_a_javascript_array():
    answer = f"""\r\n\r\ntotalRecord=2;dataStore = [
    '<li><a href="/a_1.html">{TITLE}</a>2018-02-28</li>',
    '<li><a href=\\'/art_22222.html\\'>清源市召开会议</a>2018-02-27</li>'];"""
    assert [(row.kind, row.published) for row in rows(answer, BASE)] == [
        ("report", "2018-02-28"),
        ("other", "2018-02-27"),
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<meta name='ColumnName' content='年报'><meta name='ColumnType' content='x'>", "年报"),
        ("<META NAME='columnname' CONTENT=''><meta name='ColumnType' content='年报'>", "年报"),
        ("<div>您现在的位置：<a>首页</a> &gt;&gt; <a>信息公开年报</a></div>", "信息公开年报"),
        ("<div><span>当前位置：</span><a>首页</a><i>></i><a>年报</a> > 正文</div>", "年报"),
        ("<td>您的当前位置: 首页 > 公开 > 年报</td>", "年报"),
        ("<p>文章</p>", ""),
        ("", ""),
    ],
)
def test_column_name(text, name):
    assert column_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00" * 1000,
        "<a href=x>" * 5000,
        "<div>" * 3000 + "<a href='t20180101_1.html'>标题标题标题</a>",
        "<record><![CDATA[" * 5000,
        "dataStore = ['" * 5000,
        "<ul>" + "<li><a href='t20180101_1.html'>同一个标题</a>2018-01-01</li>" * 3000,
        "<div>" + "".join(f"<a href='a{n}00000.html'>短{n}</a>" for n in range(3000)),
        "<p>当前位置</p>" * 3000,
    ],
    ids=range(9),
)
def test_hostile_pages_end(text):
    assert len(rows(text, BASE)) <= 3000
