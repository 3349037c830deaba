"""Reviews and suits as reports tell them: a total, then how they ended, spread over sentences."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from parsers.phrases import Row, phrases
from parsers.prose import Paragraph, Sentence
from parsers.telling import Place, Told, is_elsewhere, is_plain, is_rough, number, places

GROUP = "disputes"
_MOST_PARTS = 10  # a paragraph that tells more is a list of bodies, not of endings


@dataclass(slots=True)
class Tally:
    """What one paragraph tells of one kind of dispute."""

    totals: list[Told] = field(default_factory=list)
    endings: dict[str, list[Decimal]] = field(default_factory=lambda: defaultdict(list))
    sentence: Sentence | None = None  # of the last ending
    strange: bool = False  # a number that is neither the total nor an ending


@dataclass(frozen=True, slots=True)
class Hit:
    """A number with a unit of cases, and the words that are its own."""

    match: re.Match[str]
    place: Place
    own: str
    topic: str
    topic_is_own: bool
    vague: bool = False  # only a heading of its part says that the dispute is over disclosure


def told_disputes(paragraph: Paragraph, year: int | None) -> Iterator[Told]:
    """Totals and endings of the paragraph, if it is about disputes over disclosure."""
    if not paragraph.tells:
        return
    tallies: dict[str, Tally] = defaultdict(Tally)
    for hit in _hits(paragraph):
        _count(hit, tallies[hit.topic], year)
    for topic, tally in tallies.items():
        yield from tally.totals
        yield from _endings(topic, tally)
        yield from _all_upheld(topic, tally)


def _hits(paragraph: Paragraph) -> Iterator[Hit]:
    """Every number of cases after a topic was named; the topic named last before it is its own.

    Outside its chapter a dispute counts only where its sentence says that it is over disclosure;
    under a heading of its own it may agree with the table, never disagree.
    """
    near = phrases().disputes.near
    topic = ""
    for place in places(paragraph):
        plain = place.sentence.plain
        vague = paragraph.chapter != "remedies" and not near.search(plain)
        if vague and _topic(plain) and paragraph.about != "remedies":
            topic = ""
            continue
        if place.sentence.tells:
            yield from _sentence(place, topic, vague=vague)
        topic = _topic(plain) or topic


def _sentence(place: Place, topic: str, *, vague: bool) -> Iterator[Hit]:
    words, plain, last = phrases().disputes, place.sentence.plain, 0
    for match in words.number.finditer(plain):
        own = re.split(r"[,;。(]", plain[last : match.start("n")])[-1]
        after = words.named_after.match(plain, match.end())
        here = _topic(after[0]) if after else _topic(plain[last : match.start("n")])
        topic = here or topic
        if topic:
            at = replace(place, start=match.start("n"))
            yield Hit(match, at, own, topic, bool(after or _topic(own)), vague)
        last = match.end()


def _topic(text: str) -> str:
    """The topic named last in the text."""
    found = [
        (hit.start(), topic)
        for topic, pattern in phrases().disputes.topics.items()
        for hit in pattern.finditer(text)
    ]
    return max(found)[1] if found else ""


def _count(hit: Hit, tally: Tally, year: int | None) -> None:
    ending = _ending(hit)
    if is_rough(hit.match) or is_elsewhere(hit.place, year):
        tally.strange = True
    elif ending == "total":
        tally.totals.append(_total(hit, year))
    elif ending in ("", "stage"):
        tally.strange = tally.strange or not ending
    else:
        tally.endings[ending].append(number(hit.match))
        tally.sentence = hit.place.sentence


def _ending(hit: Hit) -> str:
    """The kind of ending that the number's own words name; "total" when they name the topic."""
    kinds = phrases().disputes.endings.items()
    kind = next((kind for kind, pattern in kinds if pattern.search(hit.own)), "")
    return "total" if hit.topic_is_own and kind in ("", "stage") else kind


def _total(hit: Hit, year: int | None) -> Told:
    return Told(
        group=f"{GROUP}-{hit.topic}",
        whole=True,
        rows=_rows(hit.topic, "total"),
        values=(number(hit.match),),
        scaled=bool(hit.match["scale"]),
        sure=not hit.vague and is_plain(hit.place, year, (), whole=True),
        sentence=hit.place.sentence,
        end=hit.match.end(),
    )


def _rows(topic: str, ending: str) -> tuple[Row, ...]:
    outcomes = phrases().disputes.outcomes
    return tuple(one.row for one in outcomes if (one.topic, one.ending) == (topic, ending))


def _endings(topic: str, tally: Tally) -> Iterator[Told]:
    """The sums of each kind: reports tell 维持 and 驳回 apart, the tables count them together."""
    parts = tally.endings
    upheld, dismissed = parts.get("upheld", []), parts.get("dismissed", [])
    for ending, values in (
        ("upheld", upheld + dismissed),
        ("corrected", parts.get("corrected", [])),
        ("other", parts.get("other", [])),
    ):
        if values and tally.sentence is not None:
            yield Told(
                group=f"{GROUP}-{topic}",
                whole=False,
                rows=_rows(topic, ending),
                values=(sum(values, Decimal(0)), *_other_sums(values, parts)),
                scaled=False,
                sure=_complete(tally),
                sentence=tally.sentence,
            )


def _other_sums(values: list[Decimal], parts: dict[str, list[Decimal]]) -> set[Decimal]:
    """What else the table may have counted here: any of the numbers told, in any company.

    Where one report files a case under another ending than the next, nobody is wrong.
    """
    sums: set[Decimal] = set()
    for told in [one for kind in parts.values() for one in kind][:_MOST_PARTS]:
        sums |= {told} | {told + one for one in sums}
    return sums - {sum(values, Decimal(0))}


def _complete(tally: Tally) -> bool:
    """Whether one plain total was told and the endings add up to it."""
    parts = sum((sum(kind, Decimal(0)) for kind in tally.endings.values()), Decimal(0))
    totals = {told.values[0] for told in tally.totals if told.sure}
    few = sum(map(len, tally.endings.values())) <= _MOST_PARTS
    return few and not tally.strange and totals == {parts}


def _all_upheld(topic: str, tally: Tally) -> Iterator[Told]:
    """行政复议7件，均维持: the total told is the number upheld."""
    for total in tally.totals:
        rest = total.sentence.plain[total.end :].split(";")[0]
        if not tally.endings and phrases().disputes.all_upheld.search(rest):
            yield Told(
                group=total.group,
                whole=False,
                rows=_rows(topic, "upheld"),
                values=total.values,
                scaled=total.scaled,
                sure=total.sure,
                sentence=total.sentence,
            )
