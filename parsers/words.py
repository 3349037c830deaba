"""The words of a statistics table that are no row label: heads, units, applicants, remedies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import cast

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from .dictionary import FORMS, Indicator, columns, form, load, spellings
from .text import fold, key


def _spellings(table: object) -> dict[str, str]:
    listed = cast("Mapping[str, list[str]]", table)
    return {word: name for name, words in listed.items() for word in words}


_WORDS = load("words")
UNIT_WORDS = frozenset(cast("list[str]", _WORDS["units"]))
UNITS_AFTER_NUMBERS = "|".join(cast("list[str]", _WORDS["after_numbers"]))
HEADS = _spellings(_WORDS["heads"])
SURE = _spellings(_WORDS["outcomes"])
OUTCOMES = SURE | _spellings(_WORDS["outcomes_of_a_remedy"])
REMEDIES = _spellings(_WORDS["remedies"])


def _any_of(table: str, name: str) -> re.Pattern[str]:
    return re.compile("|".join(cast("Mapping[str, list[str]]", _WORDS[table])[name]))


ANOTHER_TIME = _any_of("columns", "another_time")
NO_COUNT = _any_of("columns", "no_count")
SECOND = _any_of("columns", "second")
PART = _any_of("columns", "part")
VALID = _any_of("standing", "valid")
VOID = _any_of("standing", "void")
QUALIFIERS = _any_of("qualifiers", "words")
HARMLESS = _any_of("qualifiers", "harmless")
TELLING = _any_of("qualifiers", "telling")
PERIODS = (
    (re.compile("历年|以来|截[至止]|^累计|总累计"), "cumulative"),
    (re.compile(r"(?:\d年度?|当年|年内)累计"), "annual"),
    (re.compile("累计"), "cumulative"),
    (re.compile("本期"), "current_period"),
    (re.compile(r"年|本年|当年"), "annual"),
)
UNIT_OF_ALL = re.compile("(?:^|[^报送制])(?:计量)?单位:([一-龥]{1,3})(?=[、,)/]|$)")
UNIT_OF = re.compile(r"\((?:单位|计量单位)?:?([一-龥]{1,3})\)|单位:([一-龥]{1,3})$")
REGION = re.compile("全[市县区省州旗]|本[市县区省州旗](?![级本直])")
WHOLE = re.compile(f"{REGION.pattern}|汇总|合计|总计|总数|统计总")
YEAR = re.compile(r"(?<!\d)(20[0-3]\d)(?!\d)")
SINCE = re.compile(r"20\d\d年?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:以来|至今)")  # no other year
SPELT_YEAR = re.compile("二[〇○◯零0oO][〇○◯零0oO一二三][〇○◯零0oO一二三四五六七八九](?=年)")
SPELT = str.maketrans("〇○◯零oO一二三四五六七八九", "000000123456789")

APPLICANTS = {
    core: column.id
    for column in columns()
    if column.axis == "applicant"
    for core in map(key, (column.label, *(alias.split("/")[-1] for alias in column.aliases)))
}
SURE_APPLICANTS = frozenset(APPLICANTS) - {"其他", "总计", "合计"}
GROUPS = frozenset(("法人或其他组织", "申请人情况", "法人和其他组织"))

SURE_OUTCOMES = frozenset(word for word, name in SURE.items() if name != "total")
ROWS_OF_S = frozenset(core for name in FORMS for core in spellings(name, "S"))
MISPRINTED = range(3, 10)  # characters of a word of four or more that misses or gained one
BLOCK_LENGTH = 12
BLOCK = re.compile("^(?:政府信息公开条例)?第二十条(?:第?[（(]?[一二三四五六七八九十]+[)）]?项)?$")


def _split(row: Indicator) -> tuple[set[str], set[str]]:
    """Row words and head words of a value of section A; an alias belongs to the liker half."""
    stem, name = row.label.split("·")
    stems, heads = {key(stem)}, {key(name)}
    for alias in row.aliases:
        like_stem, like_head = fuzz.ratio(alias, stem), fuzz.ratio(alias, name)
        (stems if like_stem > like_head else heads).add(key(alias))
    return stems, heads


def _crossings() -> dict[tuple[str, str], tuple[Indicator, ...]]:
    """(row word, head word) -> the values of section A that stand there, one a form."""
    table: dict[tuple[str, str], tuple[Indicator, ...]] = {}
    for row in (*form("2019").section("A"), *form("2021").section("A")):
        stems, heads = _split(row)
        for stem in stems:
            for name in heads:
                table[stem, name] = (*table.get((stem, name), ()), row)
    return table


CROSSINGS = _crossings()
A_STEMS = frozenset(stem for stem, _ in CROSSINGS)
A_HEADS = frozenset(name for _, name in CROSSINGS)


def is_a_word(core: str) -> bool:
    """Whether a comparable core stands in section A, as a row or as a head."""
    return core in A_STEMS or core in A_HEADS


@lru_cache(maxsize=16384)
def head(text: str) -> str:
    """label, unit, serial, remark, value; empty for anything that is no header word."""
    return HEADS.get(key(text), "")


@lru_cache(maxsize=16384)
def is_unit(text: str) -> bool:
    """A unit, also in brackets; `——` stands in the unit cell of heading rows."""
    return fold(text).strip("()") in UNIT_WORDS


@lru_cache(maxsize=16384)
def applicant(text: str) -> str:
    """The applicant column a header cell names, or an empty string."""
    return _named(key(text), APPLICANTS)


@lru_cache(maxsize=16384)
def outcome(text: str) -> str:
    """The outcome that a cell of section C names, or an empty string."""
    return _named(key(text), OUTCOMES)


@lru_cache(maxsize=16384)
def remedy(text: str) -> str:
    """The remedy that a cell of section C names, or an empty string; "suit" is over two."""
    return _named(key(text), REMEDIES)


@lru_cache(maxsize=16384)
def is_group(core: str) -> bool:
    """The upper heads of section B, also with one misprint: 法人或其他组织, 申请人情况."""
    return core in GROUPS or any(_one_off(core, word) for word in GROUPS)


def is_applicant(text: str) -> bool:
    """A type of applicant that no other table prints; 其他 and 总计 are everybody's."""
    return applicant(text) not in ("", "other_organisation", "total")


@lru_cache(maxsize=16384)
def is_outcome(text: str) -> bool:
    """An outcome that no other table prints."""
    return _named(key(text), SURE) not in ("", "total")


def is_exact(text: str) -> bool:
    """Whether a head word is spelled as some form spells it."""
    core = key(text)
    return core in APPLICANTS or core in OUTCOMES or core in REMEDIES or core in GROUPS


def _named(core: str, known: Mapping[str, str]) -> str:
    """The word, or the only one that one misprint makes of it; short words must be exact."""
    if core in known or len(core) not in MISPRINTED or core in ROWS_OF_S:
        return known.get(core, "")
    near = {name for word, name in known.items() if _one_off(core, word)}
    return near.pop() if len(near) == 1 else ""


def _one_off(core: str, word: str) -> bool:
    return len(word) > MISPRINTED[0] and Levenshtein.distance(core, word, score_cutoff=1) <= 1


@lru_cache(maxsize=16384)
def is_block(text: str) -> bool:
    """A block heading of section A: 第二十条第（一）项, one character of its words misprinted."""
    folded = fold(text)
    return bool(BLOCK.match(folded)) or _block_words(folded)


def _block_words(folded: str) -> bool:
    number = re.search("[(][一二三四五六七八九十]+[)]", folded)
    if not number or len(folded) > BLOCK_LENGTH:
        return False
    bare = folded.replace(number.group(), "")
    return Levenshtein.distance(bare, "第二十条第项", score_cutoff=1) <= 1


@lru_cache(maxsize=16384)
def period(text: str) -> str:
    """annual, cumulative, current_period, another, or empty. 本年累计 is within the year."""
    folded = fold(text)
    if ANOTHER_TIME.search(folded):
        return "another"
    if "本年" in folded or "年末" in folded:
        return "annual"
    return next((name for pattern, name in PERIODS if pattern.search(folded)), "")


def year(text: str) -> int | None:
    """The one year printed in a heading, in digits or spelt; None when there are more."""
    folded = fold(text)
    hits = [*YEAR.findall(folded), *SPELT_YEAR.findall(folded)]
    years = {int(hit.translate(SPELT)) for hit in hits}
    return years.pop() if len(years) == 1 else None


def is_of_another_year(text: str, report_year: int | None) -> bool:
    """A year is printed, and it is not the one reported on."""
    printed = year(SINCE.sub("", fold(text)))
    return printed is not None and report_year is not None and printed != report_year


def is_widened(core: str, word: str) -> bool:
    """Whether a label is a known word with another word put in: 镇街主动公开信息数.

    A misprint changes a character, or doubles one; it does not write a word that says more.
    """
    more = len(core) - len(word)
    if more < 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(core, word, strict=False)) if a != b), len(word))
    if core[start + more :] != word[start:]:
        return False
    said = core[start : start + more]
    if set(said) <= set(core[max(start - 1, 0) : start] + core[start + more : start + more + 1]):
        return False
    return not HARMLESS.fullmatch(said) if more > 1 else bool(TELLING.fullmatch(said))


def qualifiers(core: str) -> set[str]:
    """Words of a label that make it another one than the label it resembles."""
    return set(QUALIFIERS.findall(core))


def is_foreign(text: str) -> bool:
    """A head of what was counted at another time, or is no count of this body at all."""
    return period(text) == "another" or bool(NO_COUNT.search(fold(text)))


def is_second(text: str) -> bool:
    """A head of figures that another office checked or put right."""
    return bool(SECOND.search(fold(text)))


def names_years(text: str) -> bool:
    """A head over figures of more than one year: 2016-2017年."""
    return len(set(YEAR.findall(fold(text)))) > 1


def is_whole(text: str) -> bool:
    """A head of the consolidated figures: 全市, 合计; 部门合计 is a part of them."""
    folded = fold(text)
    summed = WHOLE.search(folded) and not PART.search(folded)
    return bool(summed or REGION.search(folded))


def standing_of(heading: str) -> int:
    """1 over a table that was put right, -1 over one not to be read, 0 where nothing is said."""
    return bool(VALID.search(heading)) - bool(VOID.search(heading))


@lru_cache(maxsize=4096)
def unit_of_all(text: str) -> str:
    """The unit that a line above a table gives all its numbers, or an empty string.

    单位：元 is one; of 单位：万件、万条 the first; 填报单位：万安县 is none.
    """
    hit = UNIT_OF_ALL.search(fold(text))
    return hit[1] if hit and hit[1] in UNIT_WORDS else ""


@lru_cache(maxsize=4096)
def unit_in(text: str) -> str:
    """A unit printed in brackets in a label or head: 采购总金额（万元）, （单位：万元）."""
    hit = UNIT_OF.search(fold(text))
    unit = (hit[1] or hit[2]) if hit else ""
    return unit if unit in UNIT_WORDS else ""
