"""Numbers of the text beside the table: a sentence disagrees only when no reading of it fits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from parsers.disputes import GROUP as DISPUTES
from parsers.disputes import told_disputes
from parsers.frozen import dataclass
from parsers.model import Block, Fact, Narrative
from parsers.phrases import phrases
from parsers.prose import Paragraph, chapters, paragraphs, report_year
from parsers.settled import Figure, Table, tables
from parsers.shares import share
from parsers.telling import Told, told

_ANCHOR = 2  # told exactly as printed and no chance hit: text and table speak of the same body

_PROOF = 20  # the same from a size that two bodies do not share by chance


@dataclass(frozen=True, slots=True)
class Verdict:
    """A told number beside the figures that it may mean; the first is what the words say."""

    told: Told
    indicator: str
    table: Table
    figures: tuple[Figure, ...]

    @property
    def key(self) -> str:
        """What is told: all persons' requests and all requests are rows of one indicator."""
        return self.figures[0].reading

    @property
    def value(self) -> Decimal:
        """The number as told."""
        return self.told.values[0]

    @property
    def match(self) -> Figure | None:
        """The reading that fits, a certain one first. Units of 万 never fit: they are rounded."""
        fitting = [figure for figure in self.figures if figure.value == self.value]
        best = sorted(fitting, key=lambda figure: not figure.certain)
        return best[0] if best and not self.told.scaled else None

    @property
    def certain(self) -> bool:
        """Whether the table prints every cell of every reading."""
        return all(figure.certain for figure in self.figures)

    @property
    def contradicts(self) -> bool:
        """Nothing fits, though the number is surely meant and every cell is printed."""
        fits = {figure.value for figure in self.figures} & set(self.told.values)
        return self.certain and self.told.sure and not self.told.scaled and not fits


def compare(blocks: Sequence[Block], facts: Sequence[Fact]) -> tuple[Narrative, ...]:
    """The figures that the text tells beside those that the tables print, each once.

    Left out is what agrees with nothing and is not surely told of this body and this year.
    `agrees` is None where the table prints no certain rival.
    """
    forms = tables(facts)
    year = report_year(block.text for block in blocks)
    verdicts = [
        verdict
        for paragraph in paragraphs(blocks, phrases().chapters)
        for verdict in _verdicts(paragraph, year, forms)
    ]
    rows: dict[tuple[str, Decimal, str], Narrative] = {}
    for row in _rows(_assured(verdicts)):
        rows.setdefault((row.indicator, row.value, row.reading), row)
    return tuple(rows.values())


def texts(blocks: Sequence[Block]) -> tuple[tuple[str, str], ...]:
    """(chapter, text) of the report's prose in printed order, without tables and page furniture.

    Chapters: preamble, overview, proactive, requests, fees, remedies, capacity, problems, other,
    and rest for a heading that is none of these.
    """
    return chapters(blocks, phrases().chapters)


def _verdicts(
    paragraph: Paragraph, year: int | None, forms: tuple[Table, ...]
) -> Iterator[Verdict]:
    for one in (*told(paragraph, year), *told_disputes(paragraph, year)):
        meant = ((table, row) for table in forms for row in one.rows if table.form in row.forms)
        for table, row in meant:
            figures = tuple(table.figure(reading) for reading in row.readings)
            if figures[0].value is not None:
                yield Verdict(one, row.indicator, table, figures)
                break


def _assured(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Numbers told behind one that the table prints exactly are told of the table's body."""
    proofs = {
        (id(one.told.sentence), one.told.end)
        for one in verdicts
        if _anchors(one) and one.value >= _PROOF
    }
    return [
        replace(one, told=replace(one.told, sure=True))
        if any((id(one.told.sentence), end) in proofs for end in one.told.since)
        else one
        for one in verdicts
    ]


def _rows(verdicts: Sequence[Verdict]) -> Iterator[Narrative]:
    agreed = {one.key for one in verdicts if one.match is not None}
    anchored = {one.told.group for one in verdicts if _anchors(one)}
    rivals: dict[str, set[Decimal]] = defaultdict(set)
    for one in verdicts:
        if one.contradicts:
            rivals[one.key].add(one.value)
    for one in verdicts:
        # A number that is told rightly elsewhere, or told in two ways, is told here of a part.
        alone = one.key not in agreed and rivals[one.key] <= {one.value}
        comparable = one.told.whole or one.told.group in anchored
        if one.match is not None or (alone and comparable and _tells(one)):
            yield _narrative(one)
        if one.told.group in anchored and (row := _share(one)) is not None:
            yield row


def _anchors(verdict: Verdict) -> bool:
    match = verdict.match
    return match is not None and match.certain and verdict.value >= _ANCHOR


def _tells(verdict: Verdict) -> bool:
    """Whether a number that fits nothing is worth a row: a rival, or one that has none."""
    fits_otherwise = {figure.value for figure in verdict.figures} & set(verdict.told.values[1:])
    return verdict.told.sure and not fits_otherwise


def _narrative(verdict: Verdict) -> Narrative:
    match, meant = verdict.match, _meant(verdict)
    return Narrative(
        indicator=verdict.indicator if meant is verdict.figures[0] else meant.reading,
        value=verdict.value,
        printed=meant.value if meant.certain else None,
        agrees=True if match is not None else (False if verdict.contradicts else None),
        sentence=verdict.told.sentence.text,
        reading=match.reading if match is not None else "",
    )


def _meant(verdict: Verdict) -> Figure:
    """The figure to print beside the number: what its words name.

    "Suits" names no row of its own: there it is the row that fits, if one row alone does.
    """
    match, first = verdict.match, verdict.figures[0]
    suits = " " in first.reading and verdict.told.group.startswith(DISPUTES)
    return match if match is not None and suits and " " not in match.reading else first


def _share(verdict: Verdict) -> Narrative | None:
    return share(verdict.told, verdict.indicator, verdict.table, verdict.figures)
