"""Rulings on what is read now: which are in force, and the cells that they speak for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from archive.changes import record_patch
from archive.fact_rows import Key, Value
from archive.facts import FactsStore
from archive.numbers import Stored, exact, plain, restore, stored
from archive.rulings import Ruling

Standing = Literal["in_force", "redundant", "stale", "unmatched", "unused"]
Place = tuple[str, str, Key]  # url and body of the page, and the cell
STANDINGS: Mapping[Standing, str] = {
    "in_force": "it speaks for its cell",
    "redundant": "the page is read as it was ruled: the file can go",
    "stale": "the source has changed since: look again",
    "unmatched": "the page has no such cell",
    "unused": "no page with this SHA-256 was read",
}
# What is said of a body that has no report.
ABSENCES: Mapping[Standing, str] = {
    "in_force": "no report of that year was read",
    "stale": "a report of that year has been read since: the file can go",
    "unused": "no body of that name, and region, is known",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """A ruling, where it stands, and the open readings that hold its cell."""

    ruling: Ruling
    standing: Standing
    detail: str
    readings: tuple[tuple[int, str], ...] = ()  # reading, url

    @property
    def told(self) -> str:
        """One line for who has to look at it; empty when there is nothing to do."""
        what = f"ruling {self.ruling.id} is {self.standing}: {self.detail}"
        return "" if self.standing == "in_force" else what

    @property
    def speaks(self) -> bool:
        return self.standing == "in_force" and self.ruling.kind == "correction"


def standings(facts: FactsStore, rulings: Iterable[Ruling]) -> tuple[Standings, ...]:
    """Each ruling against the readings that are in force."""
    return tuple(
        _on_absence(facts, each) if each.kind == "missing" else _on_cell(facts, each)
        for each in rulings
    )


def apply(facts: FactsStore, run: int, rulings: Iterable[Ruling]) -> int:
    """Keeps the rulings as they stand; the cells that this changed, as changes by patch."""
    before, reasons = _ruled(facts), _reasons(facts)
    known = standings(facts, rulings)
    facts.rows("DELETE FROM ruled")
    facts.rows("DELETE FROM rulings")
    facts.db.conn.executemany(INSERT, [_row(each) for each in known])
    facts.db.conn.executemany(
        f"INSERT INTO ruled VALUES ({', '.join('?' * 10)})",
        [
            (url, *each.ruling.cell, each.ruling.id, *_stored(each.ruling))
            for each in known
            if each.speaks
            for _, url in each.readings
        ],
    )
    after, now = _ruled(facts), _reasons(facts)
    moved = [
        place
        for place in sorted(before.keys() | after.keys())
        if before.get(place) != after.get(place)
    ]
    for url, body, key in moved:
        place = (url, body, key)
        why = now.get(place) or f"no longer in force: {reasons.get(place, '')}"
        record_patch(facts, run, (url, body), key, (before.get(place), after.get(place)), why)
    return len(moved)


SAID = (
    'id, kind, body, section, indicator, "column", seq, printed, state, value, exact, agency, '
    "region_code, year, by, decided, why"
)
INSERT = f"INSERT INTO rulings ({SAID}, standing, detail) VALUES ({', '.join('?' * 19)})"


def unloaded(facts: FactsStore, found: Iterable[Standings]) -> list[str]:
    """Cases that came, went or were reworded since the last re-parse: it does not know them yet."""
    held = {tuple(row) for row in facts.rows(f"SELECT {SAID} FROM rulings")}
    return sorted({str(row[0]) for row in held ^ {_row(each)[:-2] for each in found}})


def _row(each: Standings) -> tuple[object, ...]:
    r = each.ruling
    return (
        r.id, r.kind, *r.cell, r.printed, *_stored(r), r.agency, r.region_code, r.year, r.by,
        r.decided, r.why, each.standing, each.detail,
    )  # fmt: skip


def _stored(ruling: Ruling) -> tuple[str, Stored, str | None]:
    return ruling.state, stored(ruling.value), exact(ruling.value)


def _ruled(facts: FactsStore) -> dict[Place, Value]:
    """The unit stays the printed one."""
    return {
        (row[0], row[1], tuple(row[2:6])): _value(*row[6:])
        for row in facts.rows(
            'SELECT url, body, section, indicator, "column", seq, state, value, exact FROM ruled'
        )
    }


def _reasons(facts: FactsStore) -> dict[Place, str]:
    """Which ruling speaks for a cell, and why."""
    return {
        (row[0], row[1], tuple(row[2:6])): f"{row[6]}: {row[7]}"
        for row in facts.rows(
            'SELECT d.url, d.body, d.section, d.indicator, d."column", d.seq, r.id, r.why '
            "FROM ruled d JOIN rulings r ON r.id = d.ruling"
        )
    }


def _value(state: str, number: Stored, text: str | None) -> Value:
    value = restore(number, text)
    return Value(state, "" if value is None else plain(value), "")


def _on_cell(facts: FactsStore, ruling: Ruling) -> Standings:
    rows = facts.rows(
        "SELECT id, url, to_run IS NULL FROM readings WHERE body = ? "
        "AND (to_run IS NULL OR to_run > from_run) ORDER BY id",
        (ruling.body,),
    )
    held = [(reading, url) for reading, url, open_ in rows if open_]
    if not held:
        return _standing(ruling, "stale" if rows else "unused")
    found = [(r, url) for r, url in held if _prints(facts, r, ruling)]
    if not found:
        other = next((cell[0] for r, _ in held if (cell := _cell(facts, r, ruling))), None)
        detail = "" if other is None else f"the page prints {other!r} in that cell"
        return _standing(ruling, "unmatched", detail=detail)
    return _standing(ruling, _kind_of(facts, found[0][0], ruling), tuple(found))


def _standing(
    ruling: Ruling,
    standing: Standing,
    readings: tuple[tuple[int, str], ...] = (),
    detail: str = "",
) -> Standings:
    words = ABSENCES if ruling.kind == "missing" else STANDINGS
    return Standings(
        ruling=ruling, standing=standing, detail=detail or words[standing], readings=readings
    )


def _cell(facts: FactsStore, reading: int, ruling: Ruling) -> tuple[str, Value] | None:
    rows = facts.rows(
        "SELECT raw, state, value, exact FROM facts WHERE reading = ? AND section = ? AND "
        'indicator = ? AND "column" = ? AND seq = ?',
        (reading, *ruling.cell[1:]),
    )
    return (rows[0][0], _value(*rows[0][1:])) if rows else None


def _prints(facts: FactsStore, reading: int, ruling: Ruling) -> bool:
    cell = _cell(facts, reading, ruling)
    return cell is not None and cell[0] == ruling.printed


def _kind_of(facts: FactsStore, reading: int, ruling: Ruling) -> Standing:
    cell = _cell(facts, reading, ruling)
    if ruling.kind == "confirmation" or cell is None:
        return "in_force"
    ruled = _value(*_stored(ruling))
    return "in_force" if cell[1].differs(ruled) else "redundant"


def _on_absence(facts: FactsStore, ruling: Ruling) -> Standings:
    agencies = facts.rows(
        "SELECT id FROM agencies WHERE name = ?1 AND (?2 = '' OR region_code = ?2)",
        (ruling.agency, ruling.region_code),
    )
    if not agencies:
        return _standing(ruling, "unused")
    found = facts.rows(
        "SELECT 1 FROM reports p JOIN agencies a ON a.id = p.agency WHERE a.name = ?1 "
        "AND (?2 = '' OR a.region_code = ?2) AND p.year = ?3 AND p.reading IS NOT NULL",
        (ruling.agency, ruling.region_code, ruling.year),
    )
    return _standing(ruling, "stale" if found else "in_force")


def confirmed(facts: FactsStore, rulings: Iterable[Ruling]) -> dict[str, Value]:
    """What is read in the cells that people confirmed, by the name of the ruling."""
    return {
        each.ruling.id: cell[1]
        for each in standings(facts, (one for one in rulings if one.kind == "confirmation"))
        for reading, _ in each.readings[:1]
        if (cell := _cell(facts, reading, each.ruling))
    }
