"""What stands round and inside the tables without being a fact of this report."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from .markup import Cell, Markup
from .sections import Pieces, Table

Around = Callable[[Markup, random.Random], str]


def width(table: Table) -> int:
    """Slots of the first row."""
    return sum(cell.across for cell in table[0])


def with_title(parts: Pieces, rng: random.Random, year: int, section: str) -> Pieces:
    """A title row in the first table."""
    titles = {
        "S": "政府信息公开情况统计表",
        "A": "二、主动公开政府信息情况",
        "B": "三、收到和处理政府信息公开申请情况",
        "C": "四、政府信息公开行政复议、行政诉讼情况",
    }
    title = titles[section] + (rng.choice((f"（{year}年度）", "")) if section == "S" else "")
    out = [[Cell(title, width(parts[0]))], *parts[0]]
    return [out, *parts[1:]]


CLOSINGS = (
    ("单位负责人：张三", "审核人：李四", "填报人：王五"),
    ("联系电话：0796-8221234　填报日期：{next}年1月15日",),
    ("单位负责人：张三　审核人：李四　填报人：王五　联系电话：13812345678",),
    ("注：本表数据统计期限为{year}年1月1日至{year}年12月31日，共计12个月。",),
    ("填报日期", "{next}-01-15"),
    ("联系电话", "0796-8221234"),
    ("说明：统计口径以上级通知为准，涉及3个部门。",),
)


def with_closing(parts: Pieces, rng: random.Random, year: int) -> Pieces:
    """Signature, date, contact or note rows below."""
    wide, last = width(parts[-1]), list(parts[-1])
    for texts in rng.sample(CLOSINGS, rng.randint(1, 3)):
        if len(texts) > wide:
            continue
        rest = wide - len(texts) + 1
        dated = [text.format(year=year, next=year + 1) for text in texts]
        last.append([*map(Cell, dated[:-1]), Cell(dated[-1], rest)])
    return [*parts[:-1], last]


def metadata(markup: Markup, rng: random.Random) -> str:
    """The block of catalogue data above the article."""
    rows = [
        [Cell("索引号"), Cell("36-2018-11"), Cell("信息分类"), Cell("年度报告")],
        [Cell("发布机构"), Cell("市政府办"), Cell("发布日期"), Cell("2018-03-20")],
        [Cell("文号"), Cell("无"), Cell("有效性"), Cell("有效")],
    ]
    return markup.table(rows)


def navigation(markup: Markup, rng: random.Random) -> str:
    """Menus set as a table."""
    words = (
        "首页",
        "政府信息公开",
        "公开指南",
        "公开目录",
        "依申请公开",
        "公开年报",
        "联系我们",
        "其他",
    )
    return markup.table([[Cell(word) for word in words], [Cell(w) for w in reversed(words)]])


def stranger(markup: Markup, rng: random.Random) -> str:
    """A table of another subject."""
    rows = [
        [Cell("姓名"), Cell("电话"), Cell("次数")],
        [Cell("王五"), Cell("8221234"), Cell("15")],
        [Cell("合计"), Cell(""), Cell("15")],
    ]
    return markup.table(rows)


def budget(markup: Markup, rng: random.Random) -> str:
    """A table of money."""
    rows = [
        [Cell("序号"), Cell("项目"), Cell("单位"), Cell("数量")],
        [Cell("1"), Cell("公务接待"), Cell("次"), Cell("15")],
        [Cell("2"), Cell("会议费"), Cell("万元"), Cell("3.5")],
        [Cell("3"), Cell("其他"), Cell("万元"), Cell("2")],
    ]
    return markup.table(rows)


def twice(inner: str, rng: random.Random) -> str:
    """The article again: for printing, for small screens, shown or not."""
    style = rng.choice(("", ' style="display:none"', ' class="print"'))
    return f"<div>{inner}</div><div{style}>{inner}</div>"


def beside_menu(inner: str) -> str:
    """A page set in tables: the menu left, the article in the cell beside it."""
    menu = "".join(f'<tr><td><a href="/{i}">公开年报{i}</a></td></tr>' for i in range(5))
    return (
        "<table><tr><td colspan=2>首页 &gt; 政府信息公开 &gt; 年报</td></tr>"
        f"<tr><td width=200><table>{menu}</table></td>"
        f"<td><table><tr><td>字号：大 中 小</td></tr><tr><td>{inner}</td></tr></table></td></tr>"
        "<tr><td colspan=2>主办：示例市政府办 备案号：12345678</td></tr></table>"
    )


ABOVE: Sequence[Around] = (metadata, navigation)
BELOW: Sequence[Around] = (stranger, budget, navigation)
