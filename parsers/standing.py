"""What stands above a table, and whose figures of which year it says they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from . import words
from .model import Block, Document, Grid
from .rows import label_sections
from .text import fold, ordinal, strip_ordinals
from .titles import body_in, judge, squeeze

NEAR = 3  # blocks in which any heading speaks of the table below
LENGTH = 60
MENU = 3  # lines in a row that name different years: a list of reports, no heading
SENTENCE = re.compile("[。；，,;]")
DATELINE = re.compile(
    r"(?:发布|公开|发文|成文|生成|更新|添加|录入|信息)?(?:时间|日期)[:：]|(?:来源|浏览次数|点击数?|索引号)[:：]"
)
PLAN = re.compile("打算|计划|安排|思路|要点|展望|下一步|目标")
SIGNED = re.compile(r"(?!.*截[至止])[^\d]{0,30}20\d\d年\d{1,2}月\d{1,2}日\)?")
DOCUMENT_NUMBER = re.compile(r"\(20\d\d\)第?\d+号")
TABLE_NAME = re.compile("统计表|情况表|报表|附表|统计数据")
STOP = re.compile("(?<=[表据])[。；;]$")  # 附：2016年度统计表。 is a heading all the same
LAST_YEAR = re.compile("(?<![较比与同和])(?:上年|上一年|去年)(?!度?(?:结转|[比相]))")
THIS_YEAR = re.compile("本年|今年|当年")
BARE_YEAR = re.compile(r"\(?20\d\d年度?\)?")
BEFORE_NAME = re.compile(r"20\d\d年|政府信息|信息公开|统计|\(")
OFFICE = re.compile("(?:人民)?政府(?:办公[室厅])?$")
PROPER = re.compile("..[省市县区州旗盟镇乡]|.(?:局|委|委员会|厅|办事处)$")
TITLES = ("h1", "h2")  # the page's own title is no heading of one of its tables
LISTED = ("li", "a")  # links to the reports of other years


@dataclass(frozen=True)
class Lead:
    """The text between a table and the one before it."""

    grid: Grid
    printed: Sequence[Block]

    @cached_property
    def blocks(self) -> list[Block]:
        """Without lists of years."""
        return _without_menus(self.printed)

    @cached_property
    def near(self) -> list[str]:
        """Headings just above the table, and its caption."""
        lead = [block.text for block in self.blocks if block.tag not in TITLES]
        heads = [text for text in lead[-NEAR:] if _is_heading(text)]
        return [*heads, *([self.grid.caption] if self.grid.caption else [])]

    @cached_property
    def announced(self) -> list[str]:
        """Headings anywhere above it that name a report, a table or a year."""
        lead = [block.text for block in self.blocks if block.tag not in LISTED]
        return [text for text in lead if announces(text)]

    @property
    def of_disclosure(self) -> list[str]:
        """Those of them that cannot be of another subject."""
        return [text for text in self.announced if "公开" in squeeze(text)]


def leads(document: Document) -> Iterator[Lead]:
    """One a table, in document order."""
    before: dict[int, list[Block]] = {}
    for block in document.blocks:
        before.setdefault(block.before, []).append(block)
    return (Lead(grid, before.get(grid.index, [])) for grid in document.grids)


def year_of(headings: Sequence[str], report_year: int | None = None) -> int | None:
    """The year in the heading nearest to a table; tables below it stand under it as well."""
    years = (_year(text, report_year) for text in _speaking(headings))
    return next((found for found in years if found), None)


def body_of(headings: Sequence[str]) -> str:
    """The body in the heading nearest to a table: 示例市公安局2017年度统计表."""
    return next((body for body in map(_body, _speaking(headings)) if body), "")


def is_another(body: str, agency: str) -> bool:
    """Whether a heading names a body that is not the report's: a form is often headed with the
    region alone, and a region's office speaks for it.
    """
    if not PROPER.search(body):
        return False  # 市直机关, 复议机关
    one, other = (OFFICE.sub("", name) for name in (body, agency))
    return not (other.startswith(one) or other.endswith(one) or one.endswith(other))


def _speaking(headings: Sequence[str]) -> list[str]:
    """From the nearest on, without chapters that have ended: behind 二、 nothing is of 一、."""
    out, levels = list[str](), set[str]()
    for text in reversed(headings):
        level = re.sub("[0-9一二三四五六七八九十]+", "", ordinal(text))
        if level not in levels:
            out.append(text)
        levels |= {level} - {""}
    return out


def _year(text: str, report_year: int | None) -> int | None:
    """Plans, dates of signature and numbers of documents date no table."""
    folded = DOCUMENT_NUMBER.sub("", fold(text))
    if PLAN.search(folded) or SIGNED.fullmatch(folded):
        return None
    return words.year(folded) or _relative_year(folded, report_year)


def _relative_year(folded: str, report_year: int | None) -> int | None:
    """上年度数据 is of the year before; 上年结转 and 三、本年度办理结果 are rows of the form."""
    if report_year is None or label_sections(folded):
        return None
    if LAST_YEAR.search(folded):
        return report_year - 1
    return report_year if THIS_YEAR.search(folded) else None


def _body(text: str) -> str:
    head = BEFORE_NAME.split(strip_ordinals(fold(text)))[0]
    return body_in(squeeze(head)) if head else ""


def _without_menus(blocks: Sequence[Block]) -> list[Block]:
    """A run of lines that name different years, one a line, is a list."""
    out, run = list[Block](), list[Block]()
    for block in blocks:
        if _is_heading(block.text) and words.year(block.text):
            run.append(block)
            continue
        out += [*_unless_menu(run), block]
        run = []
    return [*out, *_unless_menu(run)]


def _unless_menu(run: list[Block]) -> list[Block]:
    return [] if len({words.year(block.text) for block in run}) >= MENU else run


def announces(text: str) -> bool:
    """Whether a text is a heading that names a report, a table or a year."""
    if not _is_heading(text):
        return False
    squeezed = squeeze(text)
    if TABLE_NAME.search(squeezed) or BARE_YEAR.fullmatch(squeezed):
        return True
    return "年" in squeezed and judge(text).kind != "other"


def _is_heading(text: str) -> bool:
    """Short, no sentence and no dateline: plans for next year, or the day on which the page was
    published (发布时间：2019-01-12, told just above the table), do not date it.
    """
    short = len(text) <= LENGTH and not SENTENCE.search(STOP.sub("", text))
    return short and not DATELINE.search(squeeze(text))
