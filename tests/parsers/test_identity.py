"""Whose report of which year: witnesses, their order, their disagreements."""

from decimal import Decimal

import pytest

from parsers.identity import hear, identify, is_report, preliminary_year
from parsers.model import At, Block, Cell, Document, Fact, Grid, Hints

JIAN = Hints(region_code="360800", agency="吉安市")
NAMELESS = "吉安市政府信息公开年报"
PLACE = "吉安市2017年政府信息公开工作年度报告"


def page(*lines, title="", metas=(), grids=(), tag="p"):
    """Lines of a page; a line in a list stands behind the first table."""
    blocks = []
    for line in lines:
        before = 1 if isinstance(line, list) else 0
        text = line[0] if isinstance(line, list) else line
        blocks.append(Block(text=text, before=before, tag=tag))
    return Document(title=title, metas=tuple(metas), blocks=tuple(blocks), grids=tuple(grids))


def grid(*rows, index=0, caption=None):
    cells = tuple(
        Cell(text=text, lines=(text,), row=r, col=c, at=At(table=index, row=r, cell=c))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    width = max(map(len, rows))
    return Grid(index=index, cells=cells, n_rows=len(rows), n_cols=width, caption=caption)


def fact(table=0):
    return Fact(
        form="2014", section="S", indicator="requests_received", value=Decimal(1), state="number",
        raw="1", label="收到申请数", at=At(table=table, row=1, cell=1),
    )  # fmt: skip


def read(document, facts=(), hints=None, url=""):
    return identify(document, facts, hints or Hints(), url)


def codes(identity):
    return [each.code for each in identity.problems]


def test_the_heading_gives_title_body_region_and_year():
    found = read(page("您现在的位置：首页 >> 政府信息公开年报", PLACE, "正文"))
    assert (found.title, found.agency, found.region_code, found.year) == (
        PLACE,
        "吉安市",
        "360800",
        2017,
    )
    assert codes(found) == []
    assert found.evidence["year"].startswith("heading")


def test_the_article_title_wins_over_the_page_title():
    metas = (("ArticleTitle", PLACE),)
    found = read(page(title="吉安市2016年政府信息公开工作年度报告_年报_吉安", metas=metas))
    assert (found.title, found.year) == (PLACE, 2017)
    assert codes(found) == ["year-differs"]


def test_a_cut_title_gives_way_to_the_whole():
    metas = (("ArticleTitle", "吉安市2017年政府信息公开工作年度报告..."),)
    longer = "吉安市2017年政府信息公开工作年度报告（修订版）"
    found = read(page(longer, metas=metas))
    assert (found.title, found.edition) == (longer, "修订版")


def test_a_title_torn_over_two_lines_is_joined():
    found = read(page("吉安市", "2017年政府信息公开工作年度报告"))
    assert (found.title, found.agency, found.year) == (PLACE, "吉安市", 2017)


def test_the_report_behind_a_cover_letter_names_the_body():
    letter = "关于报送《平潭综合实验区公安局2015年政府信息公开年度报告》的函"
    found = read(page("平潭综合实验区公安局2015年政府信息公开年度报告", title=letter))
    assert found.title == "平潭综合实验区公安局2015年政府信息公开年度报告"
    assert (found.agency, found.region_code) == ("平潭综合实验区公安局", "350128")


@pytest.mark.parametrize(
    ("line", "year"),
    [
        ("本报告统计期限自2016年1月1日起至2016年12月31日止。", 2016),
        ("统计期限自 二○一六年一月一日 至 二○一六年十二月三十一日", 2016),
        ("所列数据的统计期限从2016年1月1日到12月31日。", 2016),
        ("统计期限自2016年1月1日至2017年12月31日", None),
        ("自2015年1月1日至12月31日……；自2016年1月1日至12月31日", None),
        ("自12016年1月1日至12月31日", None),
    ],
)
def test_the_period_names_the_year_where_the_title_does_not(line, year):
    found = read(page("吉安市政府信息公开年度报告", line))
    assert found.year == year
    assert codes(found) == ([] if year else ["year-missing"])


@pytest.mark.parametrize(
    "document",
    [
        page(NAMELESS, grids=[grid(["指标", "2015年度", "历年累计"], ["a", "1", "2"])]),
        page(NAMELESS, "统计表（2015年度）", ["完"], grids=[grid(["指标", "数"])]),
        page(NAMELESS, grids=[grid(["指标", "数"], caption="（2015年度）")]),
    ],
)  # fmt: skip
def test_the_head_of_the_table_names_the_year(document):
    found = read(document)
    assert found.year == 2015
    assert found.evidence["year"].startswith("table head")


def test_only_tables_with_facts_are_heard():
    tables = [grid(["指标", "2014年度"], index=0), grid(["指标", "2015年度"], index=1)]
    document = page(NAMELESS, grids=tables)
    assert read(document, [fact(table=1)]).year == 2015
    assert read(document).year is None


def test_printed_years_that_disagree_are_a_problem():
    found = read(page(PLACE, "本报告统计期限自2016年1月1日起至2016年12月31日止。"))
    assert found.year == 2017
    assert [(each.code, each.severity) for each in found.problems] == [("year-differs", "warning")]
    assert "period says 2016" in found.problems[0].detail


@pytest.mark.parametrize(
    ("document", "year"),
    [
        (page(NAMELESS, metas=[("PubDate", "2018-03-20 10:00")]), 2017),
        (page(NAMELESS, "吉安市人民政府", "二○一三年一月二十日"), 2012),
        # a rebuilt site: the signature is older and right
        (
            page(NAMELESS, "2011年3月20日", metas=[("PubDate", "2020-09-03")]),
            2010,
        ),
    ],
)
def test_a_year_from_a_date_is_inferred_and_says_so(document, year):
    found = read(document)
    assert (found.year, codes(found)) == (year, ["year-inferred"])


def test_the_date_in_an_address_is_never_the_year():
    found = read(page(NAMELESS), url="http://x.gov.cn/art/2018/2/28/a.html")
    assert (found.year, codes(found), found.published) == (None, ["year-missing"], "")


def test_hints_do_not_decide_in_silence():
    hints = Hints(year=2017, agency="吉安市", region_code="360800")
    found = read(page("政府信息公开年报", "正文"), hints=hints)
    assert (found.year, found.agency, found.region_code) == (2017, "吉安市", "360800")
    assert codes(found) == ["year-inferred"]
    assert "year-differs" in codes(read(page(PLACE), hints=Hints(year=2016)))


@pytest.mark.parametrize(
    ("document", "published"),
    [
        (page(metas=[("PubDate", "2018-03-20 10:33:12")]), "2018-03-20"),
        (page(metas=[("PubDate", "2015-01-02 00:00")]), "2015-01-02"),
        (page(metas=[("pubdate", "")]), ""),
        (page("发布时间：2018-03-20 10:33 来源：本站 浏览：12"), "2018-03-20"),
        (page("发 布 日 期 ： 2018年3月9日"), "2018-03-09"),
        (page("发布时间：2018/3/9"), "2018-03-09"),
        (page("发布时间： 来源：本站"), ""),
        (page("成文日期：2018-03-01", "发布日期：2018-03-20"), "2018-03-20"),
        (page(grids=[grid(["索 引 号", "x", "发布日期：", "2018-03-20"])]), "2018-03-20"),
        (page("发布时间：2018-13-40"), ""),
        (page("发布时间：0000-00-00"), ""),
        (page("收到日期：2018-01-01"), ""),
    ],
)
def test_published(document, published):
    assert read(document).published == published


def test_the_list_gives_the_date_that_the_page_keeps_to_itself():
    found = read(page(PLACE), hints=Hints(published="2018-03-29"))
    assert (found.published, found.evidence["published"]) == ("2018-03-29", "list: 2018-03-29")


@pytest.mark.parametrize(
    ("line", "scope"),
    [
        (
            "本年度报告由市政府信息公开办综合各县（市、区）及市政府各部门年度报告编制而成。",
            "consolidated",
        ),
        ("本报告根据各县区和各部门报送的年度报告汇总编制，现予公布，敬请监督。", "consolidated"),
        ("本机关根据《条例》要求编制本年度报告，现向社会公布，欢迎监督。", "own"),
        ("根据《中华人民共和国政府信息公开条例》的规定，编制本年度报告并公布。", "unknown"),
        ("申请内容不属于本行政机关公开的二十六件，其余的都已经按时答复完毕。", "unknown"),
    ],
)
def test_scope_is_what_the_opening_says(line, scope):
    assert read(page(PLACE, line)).scope == scope


@pytest.mark.parametrize(
    ("title", "hints", "region"),
    [
        ("鄂尔多斯市人民政府办公室2019年政府信息公开工作年度报告", Hints(), "150600"),
        ("内蒙古自治区2018年政府信息公开工作年度报告", Hints(region_code="150600"), "150000"),
        ("鼓楼区教育局2018年政府信息公开年度报告", Hints(region_code="320100"), "320106"),
        ("鼓楼区教育局2018年政府信息公开年度报告", Hints(), ""),
        ("市财政局2018年政府信息公开年度报告", JIAN, "360800"),
        ("国家税务总局吉安市税务局2018年政府信息公开年度报告", Hints(), "360800"),
        ("苏州市吴江市2010年政府信息公开年度报告", Hints(), "320584"),
    ],
)  # fmt: skip
def test_region(title, hints, region):
    found = read(page(title), hints=hints)
    assert found.region_code == region
    assert ("region-unknown" in codes(found)) == (not region)


def test_the_site_code_settles_an_ambiguous_district():
    metas = [("SiteIDCode", "3201060001"), ("SiteName", "南京市鼓楼区人民政府")]
    found = read(page("鼓楼区2018年政府信息公开年度报告", metas=metas))
    assert (found.agency, found.region_code) == ("鼓楼区", "320106")


def test_a_body_is_found_where_the_title_names_none():
    title = "2017年政府信息公开工作年度报告"
    assert read(page(title, metas=[("ContentSource", "吉安市财政局")])).agency == "吉安市财政局"
    assert read(page(title, "发布机构：吉安市财政局 发布日期：")).agency == "吉安市财政局"
    assert read(page(title, "吉安市财政局", "2018年3月20日")).agency == "吉安市财政局"
    assert read(page(title, metas=[("SiteName", "吉安市人民政府网站")])).agency == "吉安市人民政府"
    assert "agency-missing" in codes(read(page(title)))


def test_a_signature_of_another_region_is_a_problem():
    found = read(page(PLACE, "正文", "赣州市人民政府", "2018年3月20日"))
    assert codes(found) == ["agency-differs"]
    assert codes(read(page(PLACE, "正文", "江西省人民政府", "2018年3月20日"))) == []


@pytest.mark.parametrize(
    ("document", "url", "severity"),
    [
        (page(PLACE, "統(tǒng)計(jì)數(shù)據(jù)如下"), "", "warning"),
        (page("吉安市2017年政府信息公開工作年度報告", "統計數據時間機構辦務發" * 20), "", None),
        (page(PLACE, "統計數據時間機構辦務發" * 20), "", "warning"),
        (page(PLACE), "http://www.zwclone.com/a.html", "info"),
        (page(PLACE), "http://www.jian.gov.cn/a.html", None),
        (page(PLACE), "http://127.0.0.3:8000/a.html", None),
        (page(PLACE), "page.html", None),
    ],
)
def test_clones_are_suspected(document, url, severity):
    found = [each.severity for each in read(document, url=url).problems]
    assert found == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("document", "title", "expected"),
    [
        (page(), PLACE, True),
        (page("第二十条第（一）项", "收到和处理政府信息公开申请情况", "行政复议"), "", True),
        (page(grids=[grid(["第二十条第（一）项"], ["规范性文件"], ["制发件数"])]), "", True),
        (page("用户登录", "用户名", "密码"), "", False),
        (page("您访问的页面不存在"), "", False),
        (page("正文"), "404 Not Found", False),
        (page("全市召开会议，部署全年工作。"), "吉安市召开年度工作会议", False),
        (page("概述", "行政复议", "总体情况"), PLACE + "解读", False),
        (page("主动公开政府信息", "信息公开申请", "行政复议"), "政府信息公开条例", False),
        (page("主动公开政府信息", "信息公开申请", "行政复议"), "关于报送年报的函", False),
        (page("主动公开政府信息", "信息公开申请", "行政复议"), "2017年度报告", True),
        (page(), "", False),
    ],
)
def test_is_report(document, title, expected):
    found, reason = is_report(document, title)
    assert found is expected
    assert reason


def test_no_problems_for_what_is_no_report():
    assert read(page("全市召开会议，部署全年工作。", title="新闻")).problems == ()


def test_what_is_no_report_has_no_inferred_year():
    law = page(
        "为了实施《条例》，制定本办法，自公布之日起施行。", metas=[("PubDate", "2018-03-20")]
    )
    found = read(law)
    assert (found.year, found.scope, found.published) == (None, "unknown", "2018-03-20")


def test_a_section_over_a_table_is_no_title():
    tables = [grid(["第二十条第（一）项"], ["规范性文件"], ["制发件数"])]
    assert read(page(grids=tables), [fact()]).title == ""
    assert read(page("一、总体情况", tag="h3")).title == ""


def test_preliminary_knows_the_year_before_the_tables_are_read():
    document = page(PLACE)
    assert preliminary_year(document, Hints(), hear(document, Hints())) == 2017


def test_an_empty_document():
    found = read(page())
    assert (found.title, found.agency, found.year, found.scope) == ("", "", None, "unknown")


def test_a_link_to_the_report_of_another_year_is_no_title():
    below = "相关链接：2016年政府信息公开工作年度报告"
    found = read(page(PLACE, "一、概述", below), [fact()])
    assert (found.year, codes(found)) == (2017, [])


def test_a_short_title_prints_its_year_too():
    found = read(page("宿迁市2024年年报", tag="h1"), [fact()])
    assert (found.year, codes(found)) == (2024, [])
