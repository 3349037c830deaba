"""Tables that speak the words of the forms and are not this report's own statistics."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from .markup import Cell, Markup
from .sections import Table

Neighbour = Callable[[random.Random], Table]
BODIES = ("东湖区", "西湖区", "青云谱区", "湾里区", "市教育局", "市公安局", "市民政局")


def _n(rng: random.Random) -> Cell:
    return Cell(str(rng.choice((0, rng.randint(1, 99), rng.randint(1, 9999)))))


def by_district(rng: random.Random) -> Table:
    """Requests of every district, with heads like row labels."""
    heads = ("新收申请", "结转申请", "予以公开", "部分公开", "不予公开", "无法提供", "总计")
    rows = [[Cell("单位名称"), *map(Cell, heads)]]
    return rows + [[Cell(body), *(_n(rng) for _ in heads)] for body in rng.sample(BODIES, 5)]


def by_year(rng: random.Random) -> Table:
    """Figures of several years side by side."""
    labels = ("主动公开政府信息数", "收到申请数", "行政复议数", "行政诉讼数")
    rows = [[Cell("项目"), *(Cell(f"{year}年") for year in (2015, 2016, 2017))]]
    return rows + [[Cell(label), *(_n(rng) for _ in range(3))] for label in labels]


def decisions(rng: random.Random) -> Table:
    """Decisions by department."""
    rows = [[Cell("部门"), Cell("行政许可"), Cell("行政处罚"), Cell("行政强制")]]
    return rows + [[Cell(body), _n(rng), _n(rng), _n(rng)] for body in rng.sample(BODIES, 3)]


def channels(rng: random.Random) -> Table:
    """Channels of disclosure, as a table of the text."""
    words = ("政府网站", "政务微博", "政务微信", "政府公报", "其他方式", "合计")
    return [[Cell("公开渠道"), Cell("数量（条）")], *([Cell(word), _n(rng)] for word in words)]


def applicants(rng: random.Random) -> Table:
    """Who asked, as a table of the text."""
    words = ("自然人", "法人或其他组织", "总计")
    return [list(map(Cell, words)), [_n(rng), _n(rng), _n(rng)]]


def disputes(rng: random.Random) -> Table:
    """Disputes of the districts."""
    rows = [[Cell("区县"), Cell("行政复议"), Cell("行政诉讼"), Cell("合计")]]
    return rows + [[Cell(body), _n(rng), _n(rng), _n(rng)] for body in rng.sample(BODIES, 3)]


def replies(rng: random.Random) -> Table:
    """How requests ended, in words of another form, with shares."""
    words = ("予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理")
    rows = [[Cell("办理结果"), Cell("件数"), Cell("占比")]]
    return rows + [[Cell(word), _n(rng), Cell(f"{rng.randint(1, 99)}.5%")] for word in words]


def contacts(rng: random.Random) -> Table:
    """Where to apply: words of the form, numbers that are none."""
    return [
        [Cell("受理机构"), Cell("联系电话"), Cell("传真"), Cell("电子邮件")],
        [
            Cell("市政府信息公开办"),
            Cell("0791-838383"),
            Cell("838384"),
            Cell("xxgk@example.cn"),
        ],
    ]


ALL: Sequence[Neighbour] = (
    by_district,
    by_year,
    decisions,
    channels,
    applicants,
    disputes,
    replies,
    contacts,
)


def neighbour(markup: Markup, rng: random.Random) -> tuple[str, str]:
    """One of them under a heading of its own, and its name."""
    made = rng.choice(ALL)
    heading = rng.choice(("各单位情况", "相关情况", "附表"))
    return f"<p>{heading}</p>{markup.table(made(rng))}", made.__name__
