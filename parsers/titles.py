"""Whether a title is that of an annual report, of which year and of which body."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

from . import regions
from .frozen import dataclass
from .model import RowKind

_LONGEST = 200
_ZERO = "0〇○◯零OoОоΟο"  # every sign seen in the place of a zero: Latin, Cyrillic, Greek, circles
_ARABIC = {str(i): str(i) for i in range(10)}
_CHINESE = {digit: str(i + 1) for i, digit in enumerate("一二三四五六七八九")} | {"贰": "2"}
_DIGITS = _ARABIC | _CHINESE | dict.fromkeys(_ZERO, "0")
_ONE = "[" + "".join(_DIGITS) + "]"
_FULL = rf"(?<!{_ONE})[2二贰][{_ZERO}]{_ONE}{{2}}(?!{_ONE})"
_LAST = r"(?<![\d.〔\[第])[0-3]\d(?=年)"
_YEARS = (
    re.compile(rf"{_FULL}(?=年|度)(?!年\d{{1,2}}月)"),
    re.compile(rf"{_LAST}(?!年\d{{1,2}}月)"),
    re.compile(rf"(?<![.\-/〔\[]){_FULL}(?![号.\-/月年〕\]])"),
    re.compile(rf"(?<=[〔\[]){_FULL}(?=[〕\]](?![\d第号]))"),  # not the number of a document
    # The first reports say 2008年5月1日至2008年12月31日, or 2008年5月1日至12月31日.
    re.compile(rf"{_FULL}(?=年(?:5月1日[-—–~至到]+)?12月31日)"),
)
_SPAN = re.compile(rf"{_FULL}年?度?(?:[-—–~至、和]|到){_ONE}{{2,4}}(?:年|度|学年)")
_YEAR_WORD = rf"(?:{_FULL}(?:年度|年|度)?|{_LAST}年度?)"
_DATE = rf"至?(?:{_FULL}年)?\d{{1,2}}月(?:\d{{1,2}}日)?[起止至]?"
_ISSUED = re.compile(r"(?:正式|已|全文)?(?:发布|公布)")
_INVISIBLE = re.compile(
    r"[\s\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]+"
)


@dataclass(frozen=True, slots=True)
class Title:
    """`agency` is the body as printed, "" when none is named; `reason` says what decided."""

    kind: RowKind
    year: int | None = None
    agency: str = ""
    edition: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Rules:
    """The words of titles.toml as patterns."""

    core: re.Pattern[str]
    summary: re.Pattern[str]
    short: re.Pattern[str]
    torn: re.Pattern[str]
    before: re.Pattern[str]
    before_verbs: re.Pattern[str]
    behind: re.Pattern[str]
    foreign_topic: re.Pattern[str]
    cover: re.Pattern[str]
    notice: re.Pattern[str]
    issued: re.Pattern[str]
    revised: re.Pattern[str]
    rendition: re.Pattern[str]
    column: re.Pattern[str]
    foreign_column: re.Pattern[str]
    body: re.Pattern[str]
    relative: tuple[str, ...]
    menus: frozenset[str]


@lru_cache(maxsize=2048)
def squeeze(text: str) -> str:
    """NFKC without any blank or invisible character: how titles are compared and read."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def year_in(text: str) -> int | None:
    """The report year that squeezed `text` names; the last of several, None for a span."""
    if _SPAN.search(text):
        return None
    for pattern in _YEARS:
        years = [year for hit in pattern.findall(text) if (year := number(hit))]
        if years:
            return years[-1]
    return None


def number(digits: str) -> int | None:
    """二○一七, 2O17 or 17 as a year in which there can be a report."""
    value = int("".join(_DIGITS[digit] for digit in digits))
    value += 2000 if value < 100 else 0
    return value if 2004 <= value <= 2039 else None


def judge(title: str, *, column: str = "") -> Title:
    """Judge a row or page by its title; `column`, its list's name, decides only for weak titles."""
    if len(title) > 4 * _LONGEST:
        return _judged(title, column)
    return _known(title, column)


def _judged(title: str, column: str) -> Title:
    text, column = squeeze(title), squeeze(column)[:_LONGEST]
    if len(text) > _LONGEST:
        return Title("other", reason="too long for a title")
    text = _clean(text)
    found = _cover(text) or _core(_piece(text)) or _cut(text) or _weak(text, column)
    if found.year is None and found.kind != "other" and (year := year_in(column)):
        return replace(found, year=year, reason=f"{found.reason}; year of the column")
    return found


_known = lru_cache(maxsize=2048)(_judged)  # one title is judged in five places of a page


def _clean(text: str) -> str:
    """Without list marks and tags: ·, 3., 附件1:, 【年报】; a tag that tells something stays."""
    text = re.sub(r"^(?:[·•●■◆▪*※>\-]+|\d{1,3}[.、)](?!\d)|附件?\d*[:.、])+", "", text)
    tag = re.match(r"[【\[](?!\d+\])(.{1,8}?)[】\]]", text)
    if not tag or _rules().revised.search(tag[1]) or _rules().before.search(tag[1]):
        return text
    return text[tag.end() :]


def _piece(text: str) -> str:
    """The part of a page title that names the report: 报告_栏目_网站; all of it when a part tells
    that it is something else (报告-解读)."""
    rules = _rules()
    pieces = [piece for piece in re.split(r"[_|丨]|[-—]+(?=[^\d\-—])", text) if piece]
    pieces = [piece for piece in pieces if piece not in rules.menus]
    if any(rules.behind.match(piece) or rules.before.match(piece) for piece in pieces):
        return text
    cores = [piece for piece in pieces if rules.core.search(piece)]
    return next((piece for piece in cores if year_in(piece)), cores[0] if cores else text)


def _cover(text: str) -> Title | None:
    """A letter that carries the report, or corrects it; the inner title is judged."""
    rules = _rules()
    found = rules.cover.search(text) or rules.notice.search(text)
    if not found:
        return None
    inner = _core(found["inner"].strip('《》<>"“”'))
    if inner is None or inner.kind == "other":
        return None
    kind: RowKind = "revised" if rules.revised.search(found["verb"]) else "cover"
    agency = inner.agency or body_in(found["sender"])
    return Title(kind, inner.year, agency, _edition(text), f"letter: {found['verb']}")


def _core(text: str) -> Title | None:
    """The full name of the report, with nothing around it that makes it something else."""
    rules = _rules()
    found = rules.core.search(text)
    if not found:
        return None
    head, tail = text[: found.start()], text[found.end() :]
    head += "政府" if head.endswith("人民") else ""
    year = _nearest_year(found[0], head, tail)
    if rules.foreign_topic.search(head) and found[0].startswith("信息公开"):
        return Title("other", year, reason="disclosure of something else")
    if word := _spoiler(head, tail):
        return Title("other", year, reason=f"not a report: {word}")
    kind: RowKind = "revised" if rules.revised.search(head + tail) else "report"
    if rules.issued.search(re.sub(_YEAR_WORD, "", head)) or _ISSUED.fullmatch(tail):
        kind = "cover"
    return Title(kind, year, body_in(head), _edition(head + tail), "full name of the report")


def _cut(text: str) -> Title | None:
    """A title that the list cut may go on as a report: 吉安市2017年政府信息公开工作..."""
    if not text.endswith(("...", "··")) or not _rules().torn.search(text):
        return None
    if _rules().before.search(text) or _rules().before_verbs.search(text):
        return None
    return Title("weak", year_in(text), reason="the title is cut")


def _nearest_year(core: str, head: str, tail: str) -> int | None:
    """The year inside the name wins, then the one before it, then the one behind it."""
    if _SPAN.search(head + core):
        return None
    return year_in(core) or year_in(head) or year_in(tail)


def _spoiler(head: str, tail: str) -> str:
    """The word beside the name of the report that makes the title something else."""
    rules = _rules()
    found = rules.before.search(head) or rules.behind.search(tail)
    if not found and not body_in(head):
        found = rules.before_verbs.search(head)
    return found[0] if found else ""


def _weak(text: str, column: str) -> Title:
    """2017年度报告, 年报, 工作总结, or only a body: a report where the column says so."""
    rules = _rules()
    year = year_in(text)
    annual = bool(rules.column.search(column)) and not rules.foreign_column.search(column)
    found = rules.summary.search(text) or rules.short.fullmatch(text)
    if word := rules.before.search(text):
        return Title("other", year, reason=f"not a report: {word[0]}")
    if not found:
        agency = body_in(text) if annual else ""
        return Title("weak" if agency else "other", year, agency, reason="no name of a report")
    groups = found.groupdict()
    head = text[: found.start()] + (groups.get("head") or groups.get("late") or "")
    agency = body_in(head)
    if _named(head) and not agency:
        return Title("other", year, reason="no name of a report")
    named = _named(found[0]) != _named(head)
    kind: RowKind = "report" if annual and named and (year or year_in(column)) else "weak"
    reason = f"short name in the column {column}" if annual else "short name, column silent"
    return Title(kind, year, agency, _edition(text), reason)


def _named(text: str) -> str:
    """What stays of `text` without years and brackets."""
    return re.sub(rf"{_YEAR_WORD}|[()《》\[\]]|关于", "", text)


def _edition(text: str) -> str:
    """更正, 修订版, 图片版 ... as printed."""
    rules = _rules()
    found = rules.revised.search(text) or rules.rendition.search(text)
    return found[0] if found else ""


def body_in(head: str) -> str:
    """The body that squeezed `head` names, without year and date: 吉安市2017年 -> 吉安市."""
    rules = _rules()
    head = re.sub(rf"{_DATE}|{_YEAR_WORD}|[《》<>“”\"]|【.*?】|\[.*?\]|\(\)", "", head)
    head = re.sub(r"^(?:关于|[-—:·,，、])+|(?:关于|年度|发布|公布|公开|的|[-—:·,，、])+$", "", head)
    if head.startswith("(") and (head.endswith(")") or ")" not in head):
        head = head.strip("()")
    if head.startswith(rules.relative) or "关于" in head:
        return ""
    return head if rules.body.fullmatch(head) or regions.find(head) else ""


@cache
def _rules() -> _Rules:
    path = Path(__file__).with_name("titles.toml")
    words = {key: value.split() for key, value in tomllib.loads(path.read_text("utf-8")).items()}
    any_of = {key: _any_of(items) for key, items in words.items()}
    # Atomic: 年度 is never tried again as 年 + 度, or long rows of them take for ever.
    fill = rf"(?>{any_of['fillers']}|{_YEAR_WORD}|[()《》<>:])*?"
    year = rf"\(?{_YEAR_WORD}\)?"
    short = rf"(?:年度)?(?:工作)?{any_of['reports']}"
    return _Rules(
        core=re.compile(rf"{any_of['topics']}{fill}{any_of['reports']}"),
        summary=re.compile(rf"{any_of['topics']}{fill}{any_of['summaries']}"),
        short=re.compile(
            rf"(?P<head>[^\d]{{0,24}}?)(?:{year}(?:{short})?|{short}(?:{year})?)"
            rf"|{year}(?P<late>[^\d]{{2,24}}?){short}"
        ),
        torn=re.compile(rf"(?:{any_of['topics']}|政府信息公?|政务公?){fill}年?[.·]+$"),
        before=re.compile(any_of["before"]),
        before_verbs=re.compile(any_of["before_verbs"]),
        behind=re.compile(any_of["behind"]),
        foreign_topic=re.compile(rf"{any_of['foreign_topics']}$"),
        cover=_letter(any_of["cover_verbs"], ".+?", any_of["cover_kinds"]),
        notice=_letter(any_of["notice_verbs"], "《.+?》", "通知"),
        issued=re.compile(r"(?:发布|公布|公开)$"),
        revised=re.compile(rf"{any_of['revised']}(?:版|稿|件|本)?"),
        rendition=re.compile(any_of["renditions"], re.IGNORECASE),
        column=re.compile(any_of["columns"]),
        foreign_column=re.compile(any_of["foreign_columns"]),
        body=re.compile(rf"[一-鿿()、·]{{1,30}}{any_of['bodies']}\)?"),
        relative=tuple(words["relative"]),
        menus=frozenset(words["menus"]),
    )


def _letter(verbs: str, inner: str, kinds: str) -> re.Pattern[str]:
    """关于报送《…》的函, with or without the quotes."""
    verb = rf"(?P<verb>更正|修订|勘误|补充|{verbs})"
    name = rf"(?:{kinds}|说明|声明)(?:\([^)]*\))?"
    return re.compile(rf"(?P<sender>.*?)关于{verb}(?P<inner>{inner})的?{name}$")


def _any_of(words: list[str]) -> str:
    """One pattern for any of the words, longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"
