"""Which copy speaks for a report: one reading for each agency, year and scope, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from archive.changes import Cause, record_edition
from archive.facts import FactsStore, Reading
from archive.years import judge

# Readings that claim to be no report at all.
NOT_REPORTS = frozenset(
    {"not-a-report", "undecodable", "encrypted", "too-large", "suspected-clone"}
)
REVISED = re.compile("更正|修订|修正|勘误|更新|重新")
Identity = tuple[int, int | None, str, str]  # agency, year, scope, address


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An open reading as a candidate; the fields are in the order of READINGS."""

    id: int
    url: str
    body: str
    agency: int
    named: bool
    year: int | None
    scope: str
    edition: str
    published: str
    media: str
    pictured: bool
    facts: int
    length: int
    captured_at: str
    report: int | None

    @property
    def identity(self) -> Identity:
        """A copy without agency or year can be the same report as no other address."""
        complete = self.named and self.year is not None
        return (self.agency, self.year, self.scope, "" if complete else self.url)


COPIES = (
    "SELECT r.id, r.url, r.body, r.agency, a.name <> '', r.year, r.scope, r.edition, r.published, "
    "r.media, EXISTS (SELECT 1 FROM problems p WHERE p.reading = r.id AND p.code IN "
    "('ocr-unverified', 'ocr-consistent')), r.facts, r.length, r.captured_at, r.report "
    "FROM readings r "
    "JOIN agencies a ON a.id = r.agency WHERE r.agency = ? AND r.to_run IS NULL "
    f"AND r.status NOT IN ({', '.join(repr(code) for code in sorted(NOT_REPORTS))})"
)
NAMES = tuple(Copy.__dataclass_fields__)

# The first rule that tells the winner from the runner-up is the reason that is given.
RULES = (
    "it has the numbers",
    "it is text, not a picture",
    "it is the revised edition",
    "it was published later",
    "it is a web page",
    "it is the longest",
    "it was captured last",
    "its address comes first",
)


def merit(copy: Copy) -> tuple[bool, bool, bool, str, bool, tuple[int, int], str]:
    """Greater is better, rule by rule: no date makes what is read from a picture certain."""
    return (
        copy.facts > 0,
        not copy.pictured,
        bool(REVISED.search(copy.edition)),
        copy.published,
        copy.media == "html",
        (copy.facts, copy.length),
        copy.captured_at,
    )


def choose(copies: Sequence[Copy]) -> tuple[Copy, str]:
    """The copy that speaks, and what it has over the next one."""
    ranked = sorted(copies, key=lambda copy: copy.url)
    ranked.sort(key=merit, reverse=True)
    if len(ranked) == 1:
        return ranked[0], "it is the only copy"
    pairs = zip(RULES, merit(ranked[0]), merit(ranked[1]), strict=False)
    return ranked[0], next((rule for rule, best, next_ in pairs if best != next_), RULES[-1])


def settle(facts: FactsStore, run: int, agencies: Iterable[int]) -> None:
    """Chooses anew for the agencies whose readings opened or ended."""
    with facts.transaction():
        for agency in agencies:
            _settle_agency(facts, run, agency)
            judge(facts, agency)
        name_reports(facts, run)


def name_reports(facts: FactsStore, run: int) -> None:
    """Changes are recorded before it is known which report they belong to."""
    facts.rows(
        "UPDATE changes SET report = (SELECT report FROM readings WHERE id = new_reading) "
        "WHERE run = ? AND report IS NULL",
        (run,),
    )


def _settle_agency(facts: FactsStore, run: int, agency: int) -> None:
    rows = facts.rows(COPIES, (agency,))
    copies = _scoped([Copy(**dict(zip(NAMES, row, strict=True))) for row in rows])
    known = {
        tuple(row[1:5]): row
        for row in facts.rows(
            "SELECT id, agency, year, scope, address, reading, run FROM reports WHERE agency = ?",
            (agency,),
        )
    }
    copies.sort(key=_order)
    chosen: list[tuple[Identity, Copy, str, int]] = []
    for identity, group in groupby(copies, key=lambda copy: copy.identity):
        rivals = list(group)
        chosen.append((identity, *choose(rivals), len(rivals) - 1))
    # Emptied first: a reading that moves to another report must not be claimed twice.
    facts.rows("UPDATE reports SET reading = NULL WHERE agency = ?", (agency,))
    for identity, copy, because, rivals_count in chosen:
        report = _speak(facts, run, identity, known.get(identity), (copy, because, rivals_count))
        members = [other.id for other in copies if other.identity == identity]
        facts.db.conn.executemany(
            "UPDATE readings SET report = ? WHERE id = ?", [(report, member) for member in members]
        )
    _remember(facts, run, agency)


def _remember(facts: FactsStore, run: int, agency: int) -> None:
    """Which reading spoke when: the span that ends, and the one that begins."""
    own = "SELECT id FROM reports WHERE agency = ?2"
    facts.rows(
        f"UPDATE choices SET to_run = ?1 WHERE to_run IS NULL AND report IN ({own}) AND reading "
        "IS NOT (SELECT p.reading FROM reports p WHERE p.id = choices.report)",
        (run, agency),
    )
    facts.rows(
        "INSERT INTO choices (report, from_run, reading, because) SELECT p.id, ?1, p.reading, "
        "p.chosen_because FROM reports p WHERE p.agency = ?2 AND p.reading IS NOT NULL AND NOT "
        "EXISTS (SELECT 1 FROM choices c WHERE c.report = p.id AND c.to_run IS NULL)",
        (run, agency),
    )


def _scoped(copies: Sequence[Copy]) -> list[Copy]:
    """A copy that names no scope, an attachment for one, takes that of its year's others."""
    said: dict[int | None, set[str]] = {}
    for copy in copies:
        if copy.scope != "unknown":
            said.setdefault(copy.year, set()).add(copy.scope)
    only = {year: next(iter(scopes)) for year, scopes in said.items() if len(scopes) == 1}
    return [
        replace(copy, scope=only[copy.year])
        if copy.scope == "unknown" and copy.year in only
        else copy
        for copy in copies
    ]


def _order(copy: Copy) -> tuple[int, str, str, int]:
    _, year, scope, url = copy.identity
    return year or 0, scope, url, copy.id


def _speak(
    facts: FactsStore,
    run: int,
    identity: Identity,
    known: tuple[Any, ...] | None,
    choice: tuple[Copy, str, int],
) -> int:
    """Keeps the report's row and its id; a change of copy is a change of published numbers."""
    copy, because, rivals = choice
    if known is None:
        cursor = facts.db.conn.execute(
            "INSERT INTO reports (agency, year, scope, address, reading, chosen_because, rivals, "
            "run) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*identity, copy.id, because, rivals, run),
        )
        return int(cursor.lastrowid or 0)
    report, before = int(known[0]), known[5]
    facts.rows(
        "UPDATE reports SET reading = ?, chosen_because = ?, rivals = ?, run = ? WHERE id = ?",
        (copy.id, because, rivals, run if before != copy.id else known[6], report),
    )
    if before is not None and before != copy.id:
        old, new = _as_read_now(facts, facts.reading(before)), facts.reading(copy.id)
        if old.url != new.url:
            record_edition(facts, run, _cause(facts, copy, known[6]), old, new)
    return report


def _as_read_now(facts: FactsStore, old: Reading) -> Reading:
    """The copy that spoke, read anew: what our parser changed in it was told as that already."""
    rows = facts.rows(
        "SELECT id FROM readings WHERE url = ? AND to_run IS NULL AND year IS ? "
        "ORDER BY body = ? DESC, id DESC LIMIT 1",
        (old.url, old.year, old.body),
    )
    return facts.reading(rows[0][0]) if rows else old


def _cause(facts: FactsStore, copy: Copy, last: int) -> Cause:
    """A body that was not there when the choice was last made comes from the source."""
    ((first,),) = facts.rows(
        "SELECT first_run FROM pages WHERE url = ? AND body = ?", (copy.url, copy.body)
    )
    return "source" if first > last else "parser"
