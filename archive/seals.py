"""Seals: SHA-256 over all rows of a reading, or of a run in force with the changes it brought.

A number or its history changed in place shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from archive.fact_rows import TOLD, Kept, Row
from archive.facts import FactsStore

CONTENT = ("tables", "facts", "leftovers", "problems", "checks", "narrative", "texts")
ORIGIN = (
    "url", "body", "output_sha256", "capture", "captured_at", "portal", "media", "parser",
)  # fmt: skip
HEAD = (
    f"SELECT r.seal, {', '.join(f'r.{name}' for name in ORIGIN)}, a.name, a.region_code, "
    f"{', '.join(f'r.{name}' for name in TOLD)} "
    "FROM readings r JOIN agencies a ON a.id = r.agency WHERE r.id = ?"
)
RUN = (
    "SELECT seal, id, started, reason, parser, software, selection, promoted, verdict FROM runs "
    "WHERE id = ?"
)
# Without `report`: which report a reading belongs to may be found out later.
MOVED = (
    'SELECT id, url, kind, cause, section, indicator, "column", seq, old, new, old_state, '
    "new_state, old_reading, new_reading, at, reason FROM changes WHERE run = ? AND id > ? "
    "ORDER BY id LIMIT 1000"
)
Content = Mapping[str, Sequence[Row]]


def seal(head: Sequence[object], content: Content) -> str:
    """Rows in the order of their keys; ASCII JSON, which no version of Python spells otherwise."""
    rows = [sorted(content[table], key=_key) for table in CONTENT]
    return sha256(_spelled([list(head), rows])).hexdigest()


def _spelled(said: object) -> bytes:
    return json.dumps(said, separators=(",", ":")).encode()


def content(facts: FactsStore, reading: int) -> dict[str, list[Row]]:
    """What lies in the file."""
    return {
        table: [
            row[1:] for row in facts.rows(f"SELECT * FROM {table} WHERE reading = ?", (reading,))
        ]
        for table in CONTENT
    }


def close(facts: FactsStore, reading: int, rows: Kept) -> None:
    """Seals what was just written, by the rows as they were read and not as they lie there."""
    _, *head = _head(facts, reading)
    facts.rows("UPDATE readings SET seal = ? WHERE id = ?", (seal(head, rows.content), reading))


def broken(facts: FactsStore, reading: int) -> bool:
    """Whether the rows differ from their seal; a reading of an older release bears none."""
    printed, *head = _head(facts, reading)
    return bool(printed) and seal(head, content(facts, reading)) != printed


def close_run(facts: FactsStore, run: int) -> None:
    """Seals a run that was put in force: it and its changes stay as they are from now on."""
    facts.rows("UPDATE runs SET seal = ? WHERE id = ?", (_of_run(facts, run)[1], run))


def broken_runs(facts: FactsStore) -> Iterator[int]:
    """Runs that differ from their seal; those of an older release bear none."""
    for (run,) in facts.rows("SELECT id FROM runs WHERE seal <> '' ORDER BY id"):
        printed, found = _of_run(facts, run)
        if found != printed:
            yield run


def _of_run(facts: FactsStore, run: int) -> tuple[str, str]:
    """The seal it bears, and the one it should."""
    ((printed, *head),) = facts.rows(RUN, (run,))
    digest, after = sha256(_spelled(head)), 0
    while moved := facts.rows(MOVED, (run, after)):
        digest.update(b"".join(map(_spelled, moved)))
        after = moved[-1][0]
    return printed, digest.hexdigest()


def mend(facts: FactsStore, reading: int, rows: Kept) -> bool:
    """Of a reading that came out equal: writes anew what does not lie there as it was read.

    A seal that was broken elsewhere, in the address say, stays broken: a page cannot prove that.
    """
    lies = content(facts, reading)
    right = all(sorted(lies[name], key=_key) == _sorted(rows, name) for name in CONTENT)
    printed, *head = _head(facts, reading)
    right = right and tuple(head[-len(TOLD) :]) == rows.told
    if not right:
        for table in CONTENT:
            facts.rows(f"DELETE FROM {table} WHERE reading = ?", (reading,))
        facts.write(reading, rows)
        named = ", ".join(f"{name} = ?" for name in TOLD)
        facts.rows(f"UPDATE readings SET {named} WHERE id = ?", (*rows.told, reading))
    if not printed:
        close(facts, reading, rows)
    return not right


def _head(facts: FactsStore, reading: int) -> tuple[Any, ...]:
    found = facts.rows(HEAD, (reading,))
    return found[0] if found else ("",)


def _sorted(rows: Kept, table: str) -> list[Row]:
    return sorted(rows.content[table], key=_key)


def _key(row: Row) -> tuple[Any, ...]:
    """Section, indicator, column and seq of a fact; the number of any other row."""
    return row[:4] if isinstance(row[0], str) else row[:1]


def sealed(facts: FactsStore) -> Iterator[int]:
    """Readings that bear a seal, without a cursor that stays open."""
    after = 0
    sql = "SELECT id FROM readings WHERE id > ? AND seal <> '' ORDER BY id LIMIT 1000"
    while keys := facts.rows(sql, (after,)):
        yield from (key for (key,) in keys)
        after = keys[-1][0]
