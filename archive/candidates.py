"""Readings before they are in force: proposed, taken up again, put in force or dropped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal

from archive.facts import FactsStore, Reading
from archive.seals import CONTENT

NOT_REPLACED = (
    "SELECT reading FROM proposals WHERE run = ?1 EXCEPT "
    "SELECT replaces FROM proposals WHERE run = ?1"
)
LEFT = (
    "SELECT DISTINCT p.run, r.parser, coalesce(r.counts ->> '$.compared', 0) FROM proposals p "
    "JOIN runs r ON r.id = p.run ORDER BY p.run"
)
TOUCHED = (
    "SELECT agency FROM readings WHERE id IN (SELECT reading FROM proposals WHERE run = ?1) UNION "
    "SELECT agency FROM readings WHERE id IN (SELECT replaces FROM proposals WHERE run = ?1)"
)


def propose(
    facts: FactsStore,
    run: int,
    new: Reading,
    replaces: Sequence[Reading],
    cause: Literal["source", "parser"],
) -> None:
    """This reading is to stand, and to take the place of those."""
    places: list[int | None] = [old.id for old in replaces]
    facts.db.conn.executemany(
        "INSERT INTO proposals (run, url, reading, replaces, cause) VALUES (?, ?, ?, ?, ?)",
        [(run, new.url, new.id, old, cause) for old in places or [None]],
    )


def waiting(facts: FactsStore) -> int | None:
    """The run whose readings wait for promotion."""
    ((run,),) = facts.rows("SELECT max(run) FROM proposals")
    return None if run is None else int(run)


def take_up(facts: FactsStore, run: int, parser: str) -> int:
    """What killed or refused runs left: of this parser it is not read again, of others dropped.

    Returns how many numbers those runs had compared.
    """
    compared = 0
    with facts.transaction():
        for left, its_parser, count in facts.rows(LEFT):
            if its_parser == parser:
                facts.rows("UPDATE proposals SET run = ? WHERE run = ?", (run, left))
                facts.rows("UPDATE changes SET run = ? WHERE run = ?", (run, left))
                compared += int(count)
            else:
                drop(facts, left)
    return compared


def drop(facts: FactsStore, run: int) -> None:
    """What was read goes; that it was read, and what would have changed, stays with the run."""
    for table in CONTENT:
        facts.rows(
            f"DELETE FROM {table} WHERE reading IN (SELECT reading FROM proposals WHERE run = ?)",
            (run,),
        )
    facts.rows(
        "UPDATE readings SET seal = '' WHERE id IN (SELECT reading FROM proposals WHERE run = ?)",
        (run,),
    )
    facts.rows("DELETE FROM proposals WHERE run = ?", (run,))


def put_in_force(facts: FactsStore, run: int) -> list[int]:
    """Ends and opens the spans; the agencies that are touched. The proposals stay for the gates."""
    facts.rows(
        "UPDATE readings SET to_run = ?1 WHERE id IN "
        "(SELECT replaces FROM proposals WHERE run = ?1 AND replaces IS NOT NULL)",
        (run,),
    )
    facts.rows(
        f"UPDATE readings SET from_run = ?1, to_run = NULL WHERE id IN ({NOT_REPLACED})", (run,)
    )
    return [agency for (agency,) in facts.rows(TOUCHED, (run,))]


def settled(facts: FactsStore, run: int, at: str, verdict: object) -> None:
    """From this instant on the run is what we say."""
    facts.rows("DELETE FROM proposals WHERE run = ?", (run,))
    facts.rows(
        "UPDATE runs SET promoted = ?, verdict = ? WHERE id = ?",
        (at, json.dumps(verdict, ensure_ascii=False, sort_keys=True), run),
    )
