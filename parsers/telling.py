"""Numbers that a text tells of a report's own figures, and how sure it is that it means them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from parsers.frozen import dataclass
from parsers.phrases import Claim, Row, phrases
from parsers.prose import Paragraph, Sentence

_ROUGH_AFTER = re.compile(r"左右|以上|以下|余|多")
_TITLES = re.compile(r"《[^》]*》|〔[^〕]*〕|\[[^\]]*\]")
_YEAR = re.compile(r"(20[0-3]\d)年")
_MOST_NUMBERS = 40  # told in one sentence: a list, not prose
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


@dataclass(frozen=True, slots=True)
class Told:
    """A number of the text; `sure`: told of the whole body and of the year, in plain words."""

    group: str
    whole: bool
    rows: tuple[Row, ...]
    values: tuple[Decimal, ...]  # what it may add up to; the first is what the text says
    scaled: bool  # printed in units of 万: never exact
    sure: bool
    sentence: Sentence
    end: int = 0  # where the number and its unit end in the plain sentence
    since: tuple[int, ...] = ()  # where earlier numbers end, behind which nothing hints at a part


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number stands: enough to tell whose it is and of which year."""

    sentence: Sentence
    start: int  # where its phrase begins in the plain sentence
    earlier_year: str  # the year named last in the paragraph before this sentence
    earlier_office: bool  # a body other than the whole was named in the paragraph before


def places(paragraph: Paragraph) -> Iterator[Place]:
    """Each sentence of the paragraph with what was said before it."""
    year, office = "", False
    for sentence in paragraph.sentences:
        yield Place(sentence, 0, year, office)
        year = last_year(sentence.plain) or year
        office = office or bool(phrases().signs.office.search(sentence.plain))


def told(paragraph: Paragraph, year: int | None) -> Iterator[Told]:
    """Every figure that the paragraph tells in the words of narrative.toml."""
    if not paragraph.tells:
        return
    claims = [claim for claim in phrases().claims if _in_place(claim, paragraph)]
    for place in places(paragraph):
        if place.sentence.tells:
            yield from _sentence(claims, place, year)


def _sentence(claims: Sequence[Claim], place: Place, year: int | None) -> Iterator[Told]:
    taken: dict[int, tuple[Claim, re.Match[str]]] = {}  # by the place of the number
    for claim in claims:
        for hit in (hit for one in claim.patterns for hit in one.finditer(place.sentence.plain)):
            if hit.start("n") not in taken and not _forbidden(claim, hit):
                taken[hit.start("n")] = (claim, hit)
    if len(taken) > _MOST_NUMBERS:
        return
    spans = [hit.span() for _, hit in taken.values()]
    for claim, hit in sorted(taken.values(), key=lambda item: item[1].start("n")):
        here = replace(place, start=hit.start())
        if not is_rough(hit) and not is_elsewhere(here, year):
            sure = not claim.vague and is_plain(here, year, spans, whole=claim.whole)
            open_ = not (sure or claim.vague)
            yield Told(
                group=claim.group,
                whole=claim.whole,
                rows=claim.rows,
                values=(number(hit),),
                scaled=bool(hit["scale"]),
                sure=sure,
                sentence=place.sentence,
                end=hit.end(),
                since=_since(here, year, spans, whole=claim.whole) if open_ else (),
            )


def _in_place(claim: Claim, paragraph: Paragraph) -> bool:
    if claim.chapters and paragraph.chapter not in claim.chapters:
        return False
    near = claim.near
    return near is None or any(near.search(sentence.plain) for sentence in paragraph.sentences)


def _forbidden(claim: Claim, hit: re.Match[str]) -> bool:
    said = hit.string[_part_start(hit.string, hit.start()) : hit.start("n")]
    return claim.never is not None and bool(claim.never.search(said))


def number(hit: re.Match[str]) -> Decimal:
    """The number as told, units of 万 multiplied out."""
    return Decimal(hit["n"]) * _SCALES[hit["scale"]]


def is_rough(hit: re.Match[str]) -> bool:
    """余, 约, 多, 近 ...: never equal to a cell."""
    return bool(hit["about"] or hit["more"] or _ROUGH_AFTER.match(hit.string, hit.end()))


def last_year(plain: str) -> str:
    """The year named last, but not in a title or the number of a document."""
    years = _YEAR.findall(_TITLES.sub("", plain))
    return years[-1] if years else ""


def is_elsewhere(place: Place, year: int | None) -> bool:
    """Of another year, or a change: not comparable at all."""
    before = place.sentence.plain[: place.start]
    named = last_year(before)
    if year is not None and named and int(named) != year:
        return True
    clause = re.split(r"[,;:()]", before)[-1]
    return bool(phrases().signs.veto.search(clause))


def is_plain(
    place: Place, year: int | None, spans: Sequence[tuple[int, int]], *, whole: bool
) -> bool:
    """Whether nothing before the number hints at another body, a part or another span of time."""
    plain = place.sentence.plain
    if whole and place.earlier_office and not phrases().signs.own.search(plain[: place.start]):
        return False
    start = _part_start(plain, place.start)
    return _of_the_year(place, year) and not _hinted(place, start, spans, whole=whole)


def _since(
    place: Place, year: int | None, spans: Sequence[tuple[int, int]], *, whole: bool
) -> tuple[int, ...]:
    """Behind 市政府办公厅新收申请859件 its sentence speaks of the office, and so may the table."""
    ends = [last for _, last in spans if last <= place.start] if _of_the_year(place, year) else []
    return tuple(end for end in ends if not _hinted(place, end, spans, whole=whole))


def _of_the_year(place: Place, year: int | None) -> bool:
    named = last_year(place.sentence.plain[: place.start]) or place.earlier_year
    return not named or (year is not None and int(named) == year)


def _hinted(place: Place, start: int, spans: Sequence[tuple[int, int]], *, whole: bool) -> bool:
    """Whether a word before the number, from `start` on and outside other numbers' phrases, says
    that it is perhaps a part."""
    gone = {at for first, last in spans for at in range(first, last)}
    plain, signs = place.sentence.plain, phrases().signs
    said = "".join(plain[at] for at in range(start, place.start) if at not in gone)
    for pattern in signs.plain:
        said = pattern.sub("", said)
    return bool(signs.doubt.search(said) or (whole and signs.part.search(said)))


def _part_start(plain: str, end: int) -> int:
    return plain.rfind(";", 0, end) + 1
