"""The running text of a report: paragraphs, sentences, chapters; what is told, not tabulated."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from parsers.model import Block
from parsers.numerals import counted

_HEADING = re.compile(
    r"(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]{1,3}[、.．\s])[\s、.．]*(.*)"
)
_UNNUMBERED = re.compile(  # chapters of the national form that lost their number
    r"总体情况|主动公开(?:政府信息)?情况|收到和处理政府信息公开申请情况|其他需要报告的(?:情况|事项)"
    r"|(?:存在的)?主要问题[及和]改进(?:情况|措施)"
    r"|(?:因?政府信息公开(?:工作)?)?(?:被?申请)?行政复议[、和](?:被?提起)?(?:行政)?诉讼(?:的?情况)?"
)
_PART = re.compile(
    r"[(（]?(?:[一二三四五六七八九十]{1,3}[)）]|\d{1,2}[)）、.．])([^。:：]{2,25})(?:[。:：]|$)"
)
_LONGEST_HEADING = 40
_WRAPPED = 16  # a line this long without a full stop goes on in the next: PDF prints lines
_LONGEST_SENTENCE = 2000
_LONGEST_PARAGRAPH = 5000
_LONGEST_PROSE = 300_000  # ten times the longest report; what is more is no report
_DIGIT = re.compile(r"[0-9]")
_QUOTES = re.compile('[“”"‘’「」『』]')
_ANNEX = re.compile(r"附件\s*[:：]?|附表\s*[:：]?|.{0,40}(?:情况)?统计表")
_FURNITURE = re.compile(
    r"【?(?:top|返回顶部|打印|关闭|收藏|分享|上一篇|下一篇|返回|字号|字体|扫一扫|浏览次数|点击数"
    r"|责任编辑|信息来源|来源|相关链接|相关附件|附件下载|您现在的位置|您的位置|当前位置|索引号)",
    re.IGNORECASE,
)
_FOOT = re.compile(
    r"【?(?:top|打印|关闭)|上一篇|下一篇|相关链接|版权所有|主办单位|承办单位|主办\s*[:：]|网站标识码"
    r"|.{0,10}ICP备|.{0,4}公网安备|copyright|扫一扫",
    re.IGNORECASE,
)
_REPORT_YEAR = re.compile(r"(20[0-3]\d)年(?:度)?(?:政府|政务)?信息公开(?:工作)?(?:年度)?报告")
_PERIOD = re.compile(r"(?:统计|数据)[^。]{0,12}?(20[0-3]\d)年")
_ANY_YEAR = re.compile(r"(20[0-3]\d)年")
# Beyond these a character may be a number that is no digit: ①, ½, ².
_UNUSUAL = re.compile(r"[^\x00-\x7f\u2010-\u203b\u3000-\u3019\u4e00-\u9fff\uff01-\uff5e]")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_BLANKS = re.compile(r"\s+")
_APART = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_SPLIT = re.compile(r"(?<=[。！？!?])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is as printed but for runs of blanks; `plain` has no blanks and half-width marks."""

    text: str
    plain: str

    @property
    def tells(self) -> bool:
        """Whether it holds a digit and is as short as what people write."""
        return len(self.plain) <= _LONGEST_SENTENCE and bool(_DIGIT.search(self.plain))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of prose and the chapter that it stands in ("" before the first heading).

    `about`: the chapter that the words of its own part would be, in reports that tell everything
    under 一、总体情况: （四）行政复议和诉讼情况。
    """

    chapter: str
    sentences: tuple[Sentence, ...]
    about: str = ""

    @property
    def tells(self) -> bool:
        """Whether a number can be told here at all."""
        return any(sentence.tells for sentence in self.sentences)


def paragraphs(blocks: Sequence[Block], names: Mapping[str, str]) -> tuple[Paragraph, ...]:
    """The prose up to the annex, chapter by chapter; `names` maps a chapter to its words."""
    chapter, about, found, length = "", "", [], 0
    for line in _whole_lines(blocks):
        length += len(line)
        if length > _LONGEST_PROSE or (chapter and _ANNEX.fullmatch(line)):
            break
        if named := chapter_of(line, names):
            chapter, about = named, ""
        elif part := _PART.match(line):
            about = _named(part[1], names)
        found.append(Paragraph(chapter, tuple(_sentences(line)), about))
    return tuple(found)


def chapters(blocks: Sequence[Block], names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """(chapter, text) in printed order, without page furniture; "preamble" before the first."""
    chapter, parts = "preamble", dict[str, list[str]]()
    for line in _whole_lines(blocks):
        if chapter != "preamble" and (_ANNEX.fullmatch(line) or _FOOT.match(line)):
            break
        named = chapter_of(line, names)
        if named:
            chapter = named
        elif chapter == "preamble" and not line.rstrip('”"）)').endswith(("。", "；", ";", "：")):
            continue  # titles, paths and dates above the report
        if not _is_furniture(line):
            parts.setdefault(chapter, []).append(line)
    return tuple((name, "\n".join(lines)) for name, lines in parts.items())


def chapter_of(line: str, names: Mapping[str, str]) -> str:
    """The name of the chapter that this line opens, "rest" for a strange one, "" for no heading."""
    if not _is_heading(line):
        return ""
    return _named(line, names) or "rest"


def _named(heading: str, names: Mapping[str, str]) -> str:
    return next((name for name, words in names.items() if re.search(words, heading)), "")


def report_year(texts: Iterable[str]) -> int | None:
    """The year that title or period name, else the only one named at all; None when in doubt."""
    joined = "\n".join(texts)
    for pattern in (_REPORT_YEAR, _PERIOD):
        years = Counter(pattern.findall(joined)).most_common(2)
        if years and (len(years) == 1 or years[0][1] > years[1][1]):
            return int(years[0][0])
    only = set(_ANY_YEAR.findall(joined))
    return int(only.pop()) if len(only) == 1 else None


def plain(text: str) -> str:
    """For matching only: half-width, spelt counts in digits, no quotes, no thousands marks, no
    blanks (but one between two digits)."""
    if _UNUSUAL.search(text):
        text = "".join("," if unicodedata.category(char) == "No" else char for char in text)
    if "," in text:
        text = _GROUPED.sub(_without_commas, text)
    text = unicodedata.normalize("NFKC", _QUOTES.sub("", text)).replace("~", "-")
    text = counted(text)
    return _BLANKS.sub(" ", _APART.sub("", text)) if _BLANKS.search(text) else text


def _without_commas(hit: re.Match[str]) -> str:
    return hit[0].replace(",", "")


def _sentences(line: str) -> list[Sentence]:
    pieces = (re.sub(r"\s+", " ", piece).strip() for piece in _SPLIT.split(line))
    return [Sentence(piece, plain(piece)) for piece in pieces if piece]


def _whole_lines(blocks: Sequence[Block]) -> list[str]:
    """The displayed lines, those that were cut for want of room joined again."""
    lines: list[str] = []
    before = -1
    for block in blocks:
        for line in (part.strip() for part in block.text.splitlines()):
            if not line:
                continue
            if lines and block.before == before and _goes_on(lines[-1], line):
                cut_number = lines[-1][-1].isdigit() and line[0].isdigit()
                lines[-1] += (" " if cut_number else "") + line
            else:
                lines.append(line)
            before = block.before
    return lines


def _goes_on(line: str, following: str) -> bool:
    if (
        not _WRAPPED <= len(line) <= _LONGEST_PARAGRAPH
        or re.search(r"[。！？!?；;：:]$", line)
        or _is_heading(line)
    ):
        return False
    if _is_furniture(line) or (line.endswith("报告") and _REPORT_YEAR.search(line)):
        return False
    starts_anew = re.match(r"[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]|第|附|【|-", following)
    return not starts_anew and bool(re.search(r"[\u4e00-\u9fff]", following))


def _is_heading(line: str) -> bool:
    short = len(line) <= _LONGEST_HEADING and not re.search(r"[。；;，]", line)
    return short and bool(_HEADING.match(line) or _UNNUMBERED.fullmatch(line))


def _is_furniture(line: str) -> bool:
    return bool(_FURNITURE.match(line)) and len(line) <= _LONGEST_HEADING
