"""A run is a candidate until it passes its gates; then, at once, it is what the archive says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from archive.candidates import put_in_force, settled
from archive.capture import now
from archive.editions import name_reports, settle
from archive.fact_rows import Value
from archive.facts import FactsStore
from archive.floors import FLOORS, load_floors
from archive.golden import FOLDER, misses
from archive.reading import Engine
from archive.ruled import apply, confirmed
from archive.rulings import Ruling
from archive.seals import close_run
from parsers.dictionary import indicators
from parsers.relations import identities

SHOWN = 5  # examples a gate names


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One condition of promotion; `measured` and `limit` in words, `examples` to look at."""

    name: str
    passed: bool
    measured: str
    limit: str
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = f" ({'; '.join(self.examples)})" if self.examples else ""
        return f"{self.name}: {self.measured}, {self.limit}{shown}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a run is to be promoted."""

    candidate: bool = False  # stop before the gates
    because: tuple[str, ...] = ()  # reasons for changed numbers: "why" or "indicator: why"
    force: str = ""  # promote whatever the gates say, for this reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a run is in force, and what its gates said."""

    promoted: bool
    gates: tuple[Gate, ...] = ()
    forced: str = ""
    patched: int = 0

    @property
    def refused(self) -> tuple[Gate, ...]:
        return () if self.promoted else tuple(gate for gate in self.gates if not gate.passed)


class _Refused(Exception):
    """Undoes everything the attempt wrote."""


def promote(
    facts: FactsStore,
    run: int,
    *,
    data: Path,
    engine: Engine,
    rulings: Sequence[Ruling],
    order: Order,
) -> Verdict:
    """Puts the readings of a run in force when all gates pass, or says what stands in the way."""
    _state_reasons(facts, run, order.because)
    gates: tuple[Gate, ...] = ()
    try:
        with facts.transaction():
            held = confirmed(facts, rulings)
            agencies = put_in_force(facts, run)
            settle(facts, run, agencies)
            gates = _gates(facts, run, data, engine, rulings, held)
            if not order.force and not all(gate.passed for gate in gates):
                raise _Refused
            patched = apply(facts, run, rulings)
            name_reports(facts, run)
            verdict = Verdict(promoted=True, gates=gates, forced=order.force, patched=patched)
            settled(facts, run, now(), asdict(verdict))
            close_run(facts, run)
            return verdict
    except _Refused:
        verdict = Verdict(promoted=False, gates=gates)
        _keep(facts, run, verdict)
        return verdict


def _keep(facts: FactsStore, run: int, verdict: Verdict) -> None:
    text = json.dumps(asdict(verdict), ensure_ascii=False, sort_keys=True)
    with facts.transaction():
        facts.rows("UPDATE runs SET verdict = ? WHERE id = ?", (text, run))


def _state_reasons(facts: FactsStore, run: int, because: Iterable[str]) -> None:
    """ "indicator: why" speaks for the changes of that row, any other text for all the rest."""
    known = {row.id for row in indicators()}
    with facts.transaction():
        for reason in because:
            name, _, why = reason.partition(":")
            only = name.strip() if name.strip() in known and why.strip() else None
            facts.rows(
                "UPDATE changes SET reason = ?1 WHERE run = ?2 AND cause = 'parser' "
                "AND CASE WHEN ?3 IS NULL THEN reason = '' ELSE indicator = ?3 END",
                (why.strip() if only else reason.strip(), run, only),
            )


def _gates(
    facts: FactsStore,
    run: int,
    data: Path,
    engine: Engine,
    rulings: Sequence[Ruling],
    held: Mapping[str, Value],
) -> tuple[Gate, ...]:
    limits = load_floors(FLOORS)
    ours = facts.rows("SELECT 1 FROM proposals WHERE run = ? AND cause = 'parser' LIMIT 1", (run,))
    gates = [_confirmed(facts, rulings, held)]
    if ours:
        gates += [
            _golden(data, engine),
            _identities(facts, run, limits["identities"]),
            _unexplained(facts, run, limits["promotion"]),
            *_lost(facts, run, limits["promotion"]),
        ]
    return tuple(gates)


def _confirmed(facts: FactsStore, rulings: Iterable[Ruling], held: Mapping[str, Value]) -> Gate:
    """A cell that a person confirmed is read otherwise, though its page is the same."""
    ruled = tuple(rulings)
    now_read = confirmed(facts, ruled)
    lost = [
        f"{each.id}: {each.indicator} was read as {_text(held[each.id])} from {each.printed!r}, "
        f"now as {_text(now_read.get(each.id))}"
        for each in ruled
        if each.id in held and _otherwise(held[each.id], now_read.get(each.id))
        if _still_there(facts, each.body)
    ]
    return Gate(
        name="confirmed cells",
        passed=not lost,
        measured=f"{len(lost)} of {len(held)} are read otherwise",
        limit="none may be",
        examples=tuple(lost[:SHOWN]),
    )


def _otherwise(before: Value, after: Value | None) -> bool:
    return after is None or before.differs(after)


def _text(value: Value | None) -> str:
    return "nothing" if value is None else value.text or value.state


def _still_there(facts: FactsStore, body: str) -> bool:
    sql = "SELECT 1 FROM readings WHERE body = ? AND to_run IS NULL LIMIT 1"
    return bool(facts.rows(sql, (body,)))


def _golden(data: Path, engine: Engine) -> Gate:
    wrong = [f"{miss.page}: {miss.what}" for miss in misses(data / FOLDER, engine.read)]
    return Gate(
        name="golden pages",
        passed=not wrong,
        measured=f"{len(wrong)} are read otherwise",
        limit="none may be",
        examples=tuple(wrong[:SHOWN]),
    )


def _identities(facts: FactsStore, run: int, limits: Mapping[str, float]) -> Gate:
    """Over the pages that our parser reads otherwise now: hard checks, before and after."""
    before, after = (_rate(facts, run, side) for side in ("replaces", "reading"))
    fell = before is not None and after is not None and after < min(before, limits["hard"])
    return Gate(
        name="hard identities of the pages read otherwise",
        passed=not fell,
        measured=f"{_percent(after)} hold, {_percent(before)} before",
        limit=f"below {_percent(limits['hard'])} they may not fall",
    )


def _rate(facts: FactsStore, run: int, side: str) -> float | None:
    hard = {identity.id for identity in identities() if identity.kind == "hard"}
    rows = facts.rows(
        "SELECT check_id, status = 'broken', count(*) FROM checks WHERE status <> 'undecided' "
        f"AND reading IN (SELECT {side} FROM proposals WHERE run = ? AND cause = 'parser') "
        "GROUP BY 1, 2",
        (run,),
    )
    decided = sum(count for name, _, count in rows if name in hard)
    broken = sum(count for name, is_broken, count in rows if name in hard and is_broken)
    return (decided - broken) / decided if decided else None


def _unexplained(facts: FactsStore, run: int, limits: Mapping[str, float]) -> Gate:
    """Numbers that our parser changed or lost, and nobody said why; a gain needs no reason."""
    rows = facts.rows(
        "SELECT indicator, count(*) FROM changes WHERE run = ? AND cause = 'parser' "
        "AND kind IN ('changed', 'removed') AND old_state = 'number' AND reason = '' "
        "GROUP BY indicator ORDER BY count(*) DESC, indicator",
        (run,),
    )
    ((compared,),) = facts.rows(
        "SELECT coalesce(counts ->> '$.compared', 0) FROM runs WHERE id = ?", (run,)
    )
    changed = sum(count for _, count in rows)
    share = changed / compared if compared else float(changed > 0)
    over = changed > limits["unexplained_cells"] and share > limits["unexplained"]
    return Gate(
        name="numbers changed by the parser without a stated reason",
        passed=not over,
        measured=f"{changed} of {compared}",
        limit=f"{_percent(limits['unexplained'])} may be, "
        f"or {limits['unexplained_cells']:g} cells: state one with --because",
        examples=tuple(f"{name} {count}" for name, count in rows[:SHOWN]),
    )


# Reports that our reading of their pages took away: the page has no numbers any more, or they went
# to another report, which another copy speaks for. A report that only moved (a corrected year)
# still speaks from the same page.
LOST = """
SELECT a.name, p.year, o.url, EXISTS (SELECT 1 FROM readings n
    WHERE n.url = o.url AND n.to_run IS NULL AND n.numbers > 0)
FROM choices c JOIN readings o ON o.id = c.reading
JOIN reports p ON p.id = c.report JOIN agencies a ON a.id = p.agency
WHERE c.to_run = ?1 AND o.numbers > 0
    AND EXISTS (SELECT 1 FROM proposals q WHERE q.url = o.url AND q.cause = 'parser')
    AND NOT EXISTS (SELECT 1 FROM readings n JOIN reports s ON s.reading = n.id
        WHERE n.url = o.url AND n.numbers > 0)
ORDER BY p.id
"""


def _lost(facts: FactsStore, run: int, limits: Mapping[str, float]) -> Iterator[Gate]:
    rows = facts.rows(LOST, (run,))
    for name, merged, limit in (
        ("reports that lose all numbers to our parser", 0, limits["lost_reports"]),
        ("reports that our parser takes for copies of others", 1, limits["merged_reports"]),
    ):
        found = [f"{agency} {year} {url}" for agency, year, url, other in rows if other == merged]
        yield Gate(
            name=name,
            passed=len(found) <= limit,
            measured=str(len(found)),
            limit=f"{limit:g} may be",
            examples=tuple(found[:SHOWN]),
        )


def _percent(rate: float | None) -> str:
    return "none decided" if rate is None else f"{100 * rate:.2f} %"
