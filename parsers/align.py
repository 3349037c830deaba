"""Printed row labels against the rows of a form: exact first, similar only where order agrees.

It fails closed: a label that fits nothing, or two rows alike, is left unmatched and said so;
nothing ever shifts by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from .dictionary import Indicator, indicator
from .text import full_key, key

FLOOR = 0.72  # similarity below which a label is unknown
LONE_FLOOR = 0.5  # where exactly one printed row stands in the place of exactly one missing row
MARGIN = 0.08  # how far the best candidate must lead
SURE = 0.85  # below it a similar label is a warning, except for a lone one
POLAR = (
    "不",
    "未",
    "非",
    "无",
    "部分",
    "上年",
    "新",
    "结转下",
    "维持",
    "纠正",
    "到场",
    "其中",
    "全文",
)


@dataclass(slots=True)
class Label:
    """A printed row label with the labels printed round it (outermost first)."""

    text: str
    path: tuple[str, ...] = ()
    match: Indicator | None = None
    likeness: float = 1.0
    rivals: tuple[Indicator, ...] = field(default=())

    @property
    def doubtful(self) -> bool:
        """Matched, but so loosely that its numbers need a second look."""
        return self.match is not None and self.likeness < SURE


Spellings = Mapping[str, tuple[Indicator, ...]]


def align(labels: Sequence[Label], rows: Sequence[Indicator], spellings: Spellings) -> None:
    """Set `match` on every label that is certainly a row of the form; several may share one."""
    for label in labels:
        _match_exactly(label, spellings)
    for index, label in enumerate(labels):
        if label.match is None and label.rivals:
            _choose_twin(label, labels, index)
    _match_similar(labels, rows)


def _match_exactly(label: Label, spellings: Spellings) -> None:
    found = spellings.get(full_key(label.text)) or spellings.get(key(label.text)) or ()
    if len(found) == 1:
        label.match = found[0]
    label.rivals = found if len(found) > 1 else ()


def _choose_twin(label: Label, labels: Sequence[Label], index: int) -> None:
    """The same words stand under two headings: the printed path decides, else the order."""
    outer = {key(text) for text in label.path}
    by_path = [row for row in label.rivals if outer & _parent_keys(row)]
    low, high = _neighbours(labels, index)
    by_order = [row for row in label.rivals if low < row.order < high]
    choice = by_path if len(by_path) == 1 else by_order
    if len(choice) == 1:
        label.match = choice[0]


def _parent_keys(row: Indicator) -> frozenset[str]:
    try:
        return indicator(row.form, row.section, row.parent).keys
    except KeyError:
        return frozenset((key(row.parent),))


def _neighbours(labels: Sequence[Label], index: int) -> tuple[int, int]:
    """Orders of the nearest matched rows before and after a label."""
    before = (label.match.order for label in reversed(labels[:index]) if label.match)
    after = (label.match.order for label in labels[index + 1 :] if label.match)
    return next(before, 0), next(after, 10_000)


def _match_similar(labels: Sequence[Label], rows: Sequence[Indicator]) -> None:
    taken = {label.match.id for label in labels if label.match}
    unknown = [i for i, label in enumerate(labels) if not label.match and not label.rivals]
    for index in unknown:
        low, high = _neighbours(labels, index)
        free = [row for row in rows if low < row.order < high and row.id not in taken]
        lone = len(free) == 1 and _alone(labels, index)
        if choice := _most_similar(labels[index], free, lone=lone):
            labels[index].match = choice
            taken.add(choice.id)


def _alone(labels: Sequence[Label], index: int) -> bool:
    """Whether the rows printed directly before and after are both matched."""
    around = (*labels[max(index - 1, 0) : index], *labels[index + 1 : index + 2])
    return all(label.match for label in around)


def _most_similar(label: Label, rows: Sequence[Indicator], *, lone: bool) -> Indicator | None:
    core = key(label.text)
    if len(core) < 2:
        return None
    scored = sorted(((_likeness(core, row), -row.order, row) for row in rows), reverse=True)
    if not scored:
        return None
    best, _, row = scored[0]
    second = scored[1][0] if len(scored) > 1 else 0.0
    if best < (LONE_FLOOR if lone else FLOOR) or best - second < MARGIN:
        return None
    if not lone and not _same_polarity(core, row):
        return None
    label.likeness = max(best, SURE) if lone and best >= FLOOR else best
    return row


def _likeness(core: str, row: Indicator) -> float:
    return max(fuzz.ratio(core, spelling) for spelling in row.keys) / 100


def _same_polarity(core: str, row: Indicator) -> bool:
    """同意 and 不同意 are nearly the same string and opposite claims."""
    marks = {word for word in POLAR if word in core}
    return any(marks == {word for word in POLAR if word in spelling} for spelling in row.keys)
