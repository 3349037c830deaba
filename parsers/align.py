"""Printed row labels against the rows of a form: exact first, similar only where order agrees.

It fails closed: a label that fits nothing, or two rows alike, is left unmatched and said so;
nothing ever shifts by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from .dictionary import Indicator, indicator
from .text import fold, full_key, key, ordinal, strip_ordinals
from .words import is_widened, qualifiers

_DIGITS = re.compile(r"\d+")
FLOOR = 0.72  # similarity below which a label is unknown
LONE_FLOOR = 0.5  # where exactly one printed row stands in the place of exactly one missing row
MARGIN = 0.08  # how far the best candidate must lead
SURE = 0.85  # below it a similar label is a warning, unless nothing else is nearly as like
CLEAR = 0.12  # one misprint in a label of five characters leaves .8; other rows are below .67
APART = 0.2  # how far rows of the opposite meaning must be from a label that lost its 不
MOVED = 0.79  # one misprint of five characters, without the help of order
SHORTEST = 4
FEWEST = 5  # numbered rows from which a table shows whether it numbers as the form does
OFTEN = 5  # one wrong number in so many is a misprint
BESIDE = 3
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
    second: float = 0.0  # likeness of the next best row that is not printed elsewhere
    rivals: tuple[Indicator, ...] = field(default=())

    @property
    def doubtful(self) -> bool:
        """Matched, but so loosely that its numbers need a second look."""
        if self.match is None or self.likeness >= SURE:
            return False
        return self.likeness < FLOOR or self.likeness - self.second < CLEAR

    def doubt(self) -> None:
        """The match stays, and is said to be loose."""
        self.likeness = min(self.likeness, LONE_FLOOR)


Spellings = Mapping[str, tuple[Indicator, ...]]


def align(labels: Sequence[Label], rows: Sequence[Indicator], spellings: Spellings) -> None:
    """Set `match` on every label that is certainly a row of the form; several may share one."""
    for label in labels:
        _match_exactly(label, spellings)
    for index, label in enumerate(labels):
        if label.match is None and label.rivals:
            _choose_twin(label, labels, index)
    _match_similar(labels, rows)
    _match_moved(labels, rows)
    _doubt_numbering(labels)
    _doubt_everybodys(labels)
    for label in labels:
        if label.match is not None and _says_more(label, label.match):
            label.doubt()


def _match_exactly(label: Label, spellings: Spellings) -> None:
    found = spellings.get(full_key(label.text)) or spellings.get(key(label.text)) or ()
    if len(found) == 1:
        label.match = found[0]
    label.rivals = found if len(found) > 1 else ()


def _doubt_numbering(labels: Sequence[Label]) -> None:
    """4.同意公开答复数 where the form prints 2.同意公开答复数 may be the fourth row without its 不.

    Only where the table numbers its rows as the form does, and the order or an unknown row beside
    it speaks against it too.
    """
    told = [_numbered_as(label) for label in labels]
    if told.count(True) < FEWEST or told.count(False) * OFTEN > told.count(True):
        return
    for index, label in enumerate(labels):
        if told[index] is False and label.match is not None:
            low, high = _neighbours(labels, index)
            beside = labels[max(0, index - BESIDE) : index + BESIDE + 1]
            if not low < label.match.order < high or any(other.match is None for other in beside):
                label.doubt()


def _doubt_everybodys(labels: Sequence[Label]) -> None:
    """合计 and 其他 without a number are every table's words: out of order they may be a foot."""
    for index, label in enumerate(labels):
        if label.match is None or len(key(label.text)) >= SHORTEST or ordinal(label.text):
            continue
        low, high = _neighbours(labels, index)
        if not low < label.match.order < high:
            label.doubt()


def _says_more(label: Label, row: Indicator) -> bool:
    """A label that says what the row does not say is perhaps another row."""
    if label.likeness >= 1:
        return False
    core = key(label.text)
    nearest = max(row.keys, key=lambda known: fuzz.ratio(core, known))
    return _is_qualified(label, row) or is_widened(core, nearest)


def _is_qualified(label: Label, row: Indicator) -> bool:
    """上年新收申请 is no misprint of 本年新收申请: it says what no spelling of the row says."""
    said = _qualifiers(key(label.text))
    return bool(said) and not any(said <= _qualifiers(core) for core in row.keys)


def _qualifiers(core: str) -> set[str]:
    return qualifiers(core) | {word for word in POLAR if word in core}


def _numbered_as(label: Label) -> bool | None:
    """Whether a row is numbered as in the form; None where one has no number of that kind."""
    if label.match is None:
        return None
    printed, own = (ordinal(text).strip("().,、") for text in (label.text, label.match.label))
    same_kind = bool(printed and own) and printed.isascii() == own.isascii()
    return printed == own if same_kind else None


def _choose_twin(label: Label, labels: Sequence[Label], index: int) -> None:
    """The same words stand under two headings: the printed path decides, else the order."""
    outer = {key(text) for text in label.path}
    by_path = [row for row in label.rivals if outer & _parent_keys(row)]
    low, high = _neighbours(labels, index, sure=True)
    by_order = [row for row in label.rivals if low < row.order < high]
    by_group = _by_group(label, labels, index)
    choices = (by_path, by_order, by_group)
    label.match = next((found[0] for found in choices if len(found) == 1), None)


def _by_group(label: Label, labels: Sequence[Label], index: int) -> list[Indicator]:
    """Rows of one group change places; only where every twin is printed, each below its group."""
    twins = [i for i, other in enumerate(labels) if other.rivals == label.rivals]
    above = (other for other in reversed(labels[:index]) if not other.rivals)
    nearest = next(above, None)
    if len(twins) != len(label.rivals) or nearest is None or nearest.match is None:
        return []
    own = sorted(label.rivals, key=lambda row: row.order)[twins.index(index)]
    return [own] if own.parent in (nearest.match.id, nearest.match.parent) else []


def _parent_keys(row: Indicator) -> frozenset[str]:
    try:
        return indicator(row.form, row.section, row.parent).keys
    except KeyError:
        return frozenset((key(row.parent),))


def _neighbours(labels: Sequence[Label], index: int, *, sure: bool = False) -> tuple[int, int]:
    """Orders of the nearest matched rows before and after a label; `sure`: of no twins."""
    known = [label if not (sure and label.rivals) else None for label in labels]
    before = (label.match.order for label in reversed(known[:index]) if label and label.match)
    after = (label.match.order for label in known[index + 1 :] if label and label.match)
    return next(before, 0), next(after, 10_000)


def _match_similar(labels: Sequence[Label], rows: Sequence[Indicator]) -> None:
    """Runs of unknown labels between two known ones, against the rows missing there."""
    taken = {label.match.id for label in labels if label.match}
    for start, stop in _runs(labels):
        low, high = _neighbours(labels, start)[0], _neighbours(labels, stop - 1)[1]
        open_rows = [row for row in rows if row.id not in taken]
        free = [row for row in open_rows if low < row.order < high]
        run = [label for label in labels[start:stop] if len(key(label.text)) > 1]
        for label, row in _in_order(run, free, open_rows):
            label.match = row
            taken.add(row.id)


def _match_moved(labels: Sequence[Label], rows: Sequence[Indicator]) -> None:
    """A misprinted label out of order, like one row that is printed nowhere and like no other."""
    taken = {label.match.id for label in labels if label.match}
    free = [row for row in rows if row.id not in taken]
    for label in labels:
        core = key(label.text)
        if label.match is not None or label.rivals or len(core) < SHORTEST:
            continue
        ranked = sorted(((_likeness(core, row), row.order, row) for row in free), reverse=True)
        best, second = [*ranked, (0.0, 0, None), (0.0, 0, None)][:2]
        row = best[2]
        if row is None or best[0] < MOVED or best[0] - second[0] < CLEAR:
            continue
        if row.id not in taken and _same_polarity(label, row, best[0], free):
            label.match, label.likeness, label.second = row, best[0], second[0]
            taken.add(row.id)


def _runs(labels: Sequence[Label]) -> list[tuple[int, int]]:
    """Half-open ranges of consecutive unmatched labels."""
    runs: list[tuple[int, int]] = []
    for index, label in enumerate(labels):
        if label.match is None:
            if runs and runs[-1][1] == index:
                runs[-1] = (runs[-1][0], index + 1)
            else:
                runs.append((index, index + 1))
    return runs


def _in_order(
    run: Sequence[Label], free: Sequence[Indicator], open_rows: Sequence[Indicator]
) -> list[tuple[Label, Indicator]]:
    """The order-keeping pairing with the greatest total likeness; doubtful pairs are left out."""
    if not run or not free:
        return []
    scores = [[_likeness(key(label.text), row) for row in free] for label in run]
    pairs = _best_path(scores)
    complete = len(pairs) == len(run) == len(free)
    used = {j for _, j in pairs}
    paired = [free[j] for j in used]
    kept = []
    for i, j in pairs:
        others = [k for k in range(len(free)) if k != j and k not in used]
        run[i].second = max((scores[i][k] for k in others), default=0.0)
        if scores[i][j] - run[i].second < MARGIN:
            run[i].second = min(run[i].second, scores[i][j] - _lead(run[i], free, j, others))
        unused = [row for row in open_rows if row not in paired]
        if _acceptable(run[i], free[j], scores[i][j], unused, complete=complete):
            kept.append((run[i], free[j]))
            if _exchangeable((i, j), pairs, scores, free):
                run[i].doubt()
    return kept


def _exchangeable(
    pair: tuple[int, int],
    pairs: Sequence[tuple[int, int]],
    scores: Sequence[Sequence[float]],
    free: Sequence[Indicator],
) -> bool:
    """行政甲诉数 and 行政诉庚数 may be 行政诉讼数 and 行政申诉数 or the other way: only the form's
    order speaks, and provinces print these rows in another.
    """
    i, j = pair
    others = [(k, m) for k, m in pairs if k != i and not free[m].keys & free[j].keys]
    return scores[i][j] < 1 and any(
        scores[i][m] + scores[k][j] > scores[i][j] + scores[k][m] - MARGIN for k, m in others
    )


def _lead(label: Label, free: Sequence[Indicator], j: int, others: Iterable[int]) -> float:
    """How far a row leads when stops count: 信、传真申请数 is 信函、传真申请数, not 传真申请数."""
    return _as_printed(label, free[j]) - max(_as_printed(label, free[k]) for k in others)


def _as_printed(label: Label, row: Indicator) -> float:
    printed = strip_ordinals(fold(label.text))
    spellings = (strip_ordinals(fold(text)) for text in (row.label, *row.aliases))
    return max(fuzz.ratio(printed, spelling) for spelling in spellings) / 100


def _best_path(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Longest-common-subsequence over likeness above the lowest floor."""
    n, m = len(scores), len(scores[0])
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            pair = scores[i][j] - LONE_FLOOR + 0.01
            paired = best[i + 1][j + 1] + pair if pair > 0 else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    path: list[tuple[int, int]] = []
    i = j = 0
    while i < n and j < m:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            path.append((i, j))
            i, j = i + 1, j + 1
    return path


def _acceptable(
    label: Label, row: Indicator, best: float, open_rows: Sequence[Indicator], *, complete: bool
) -> bool:
    """`complete`: as many labels as missing rows, so that each has exactly one place."""
    if not complete and (best < FLOOR or best - label.second < MARGIN):
        return False
    if not complete and not _same_polarity(label, row, best, open_rows):
        return False
    label.likeness = max(best, SURE) if complete and best >= FLOOR else best
    return True


def _likeness(core: str, row: Indicator) -> float:
    """免予公开范围5 is no misprint of 范围3: a row that only its digit names is known by it."""
    printed = set(_DIGITS.findall(core))
    alike = [
        key for key in row.keys if not printed or not _counted(key) or printed <= _counted(key)
    ]
    return max((fuzz.ratio(core, spelling) for spelling in alike), default=0) / 100


def _counted(spelling: str) -> set[str]:
    return set(_DIGITS.findall(spelling))


def _same_polarity(
    label: Label, row: Indicator, best: float, open_rows: Sequence[Indicator]
) -> bool:
    """同意 and 不同意 are nearly the same string and opposite claims.

    A label that lost such a word to a misprint is still its row where the row it now looks like
    is printed elsewhere.
    """
    core = key(label.text)
    if _fits_polarity(core, row):
        return True
    others = (other for other in open_rows if other is not row and _fits_polarity(core, other))
    return all(_likeness(core, other) < best - APART for other in others)


def _fits_polarity(core: str, row: Indicator) -> bool:
    marks = {word for word in POLAR if word in core}
    return any(marks == {word for word in POLAR if word in spelling} for spelling in row.keys)
