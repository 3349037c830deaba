"""Tables equal to last year's and near-copied prose, as data; whether it matters is the reader's.

Official formulas are alike everywhere: a sentence that many bodies use says nothing about two of
them, so it is taken out before texts are compared. Digits are masked: a text copied with new
numbers is a copied text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

from rapidfuzz.distance import Indel

from archive.sqlite import sqlite3

LEAST_SIMILAR = 0.8
LEAST_TEXT = 100  # characters of own text; less is a formula or a line
LEAST_SENTENCE = 12
FORMULA = 5  # bodies that share a sentence from which it is a formula
CROWD = 50  # chapters that one sentence may bring together
LEAST_CELLS = 3  # equal cells that are no zero: small tables repeat by themselves
LEAST_PASSAGE, PASSAGES = 16, 3
SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")
DIGITS = re.compile(r"[0-9０-９]+")
BLANK = re.compile(r"\s+")

# Same body and scope, the year before, every cell of the section the same, both ways.
TABLES = f"""
WITH pairs AS (
    SELECT r.id, o.id AS other, r.agency, r.year FROM reports r
    JOIN reports o ON o.agency_id = r.agency_id AND o.year = r.year - 1 AND o.scope = r.scope
    WHERE r.agency <> ''
), same AS (
    SELECT p.id, p.other, p.agency, p.year, s.section,
        sum(n.state = '' AND n.value <> 0 AND n.value IS m.value) AS size,
        sum(m.state IS NOT n.state OR m.value IS NOT n.value) AS differing, count(*) AS printed
    FROM pairs p CROSS JOIN cells n ON n.report_id = p.id CROSS JOIN slots s ON s.id = n.slot
    LEFT JOIN cells m ON m.report_id = p.other AND m.slot = n.slot AND m.seq = n.seq
    GROUP BY p.id, p.other, s.section
)
SELECT id, other, 'table', section, 'last_year', 1.0, size, '', agency, year, agency, year - 1
FROM same c WHERE differing = 0 AND size >= {LEAST_CELLS} AND printed = (
    SELECT count(*) FROM cells m JOIN slots s ON s.id = m.slot
    WHERE m.report_id = c.other AND s.section = c.section)
"""
CHAPTERS = """
SELECT t.report_id, t.section, t.text, r.agency_id, r.agency, r.year FROM texts t
JOIN reports r ON r.id = t.report_id WHERE r.agency <> '' AND r.year IS NOT NULL
ORDER BY t.report_id, t.seq
"""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of a report."""

    report: int
    heading: str
    text: str
    agency_id: int
    agency: str
    year: int


def fill(db: sqlite3.Connection) -> None:
    """Computes the table from the published reports, numbers and texts."""
    marks = ", ".join("?" * 12)
    db.execute(f"INSERT INTO resemblances {TABLES}")
    db.executemany(f"INSERT OR IGNORE INTO resemblances VALUES ({marks})", _texts(db))


def _texts(db: sqlite3.Connection) -> list[tuple[object, ...]]:
    _index(db)
    formulas = {
        key
        for (key,) in db.execute(
            "SELECT key FROM temp.sentences GROUP BY key HAVING count(DISTINCT agency) >= ?",
            (FORMULA,),
        )
    }
    _pair(db)
    pairs = db.execute("SELECT * FROM temp.pairs ORDER BY 1, 2, 3, 4")
    rows = [row for pair in pairs if (row := _compared(db, formulas, *pair))]
    db.execute("DROP TABLE temp.sentences")
    db.execute("DROP TABLE temp.pairs")
    return rows


def _index(db: sqlite3.Connection) -> None:
    """Which sentence stands in which chapter of which body and year."""
    db.execute(
        "CREATE TEMP TABLE sentences (key INTEGER, report INTEGER, heading TEXT, agency INTEGER, "
        "year INTEGER)"
    )
    db.executemany("INSERT INTO temp.sentences VALUES (?, ?, ?, ?, ?)", _sentence_rows(db))
    db.execute("CREATE INDEX temp.by_key ON sentences (key)")


def _sentence_rows(db: sqlite3.Connection) -> Iterator[tuple[int, int, str, int, int]]:
    for row in db.execute(CHAPTERS):
        chapter = Chapter(*row)
        for key in {_key(sentence) for sentence in _sentences(chapter.text)}:
            yield key, chapter.report, chapter.heading, chapter.agency_id, chapter.year


def _pair(db: sqlite3.Connection) -> None:
    """Chapters that share a sentence which is no formula: of one year, or of one body in a row.

    In a table, not in memory: with a hundred thousand reports there are millions.
    """
    db.execute(
        "CREATE TEMP TABLE pairs (report INTEGER, heading TEXT, other INTEGER, other_heading TEXT, "
        "PRIMARY KEY (report, heading, other, other_heading)) WITHOUT ROWID"
    )
    keys = db.execute(
        "SELECT key FROM temp.sentences GROUP BY key HAVING count(DISTINCT agency) < ? "
        "AND count(*) BETWEEN 2 AND ?",
        (FORMULA, CROWD),
    )
    pairs = (pair for (key,) in keys for pair in _sharing(db, key))
    db.executemany("INSERT OR IGNORE INTO temp.pairs VALUES (?, ?, ?, ?)", pairs)


def _sharing(db: sqlite3.Connection, key: int) -> Iterator[tuple[int, str, int, str]]:
    standing = db.execute(
        "SELECT report, heading, agency, year FROM temp.sentences WHERE key = ? "
        "ORDER BY year, report, heading",
        (key,),
    ).fetchall()
    for old, new in combinations(standing, 2):
        same_body = old[2] == new[2]
        if old[0] != new[0] and (new[3] - old[3] == 1 if same_body else new[3] == old[3]):
            yield new[0], new[1], old[0], old[1]


def _compared(
    db: sqlite3.Connection,
    formulas: set[int],
    report: int,
    heading: str,
    other_report: int,
    other_heading: str,
) -> tuple[object, ...] | None:
    new, old = _chapter(db, report, heading), _chapter(db, other_report, other_heading)
    ours, theirs = (_own(chapter.text, formulas) for chapter in (new, old))
    if min(len(ours), len(theirs)) < LEAST_TEXT:
        return None
    similarity = Indel.normalized_similarity(ours, theirs, score_cutoff=LEAST_SIMILAR)
    if similarity < LEAST_SIMILAR:
        return None
    relation = "last_year" if new.agency_id == old.agency_id else "other_agency"
    return (
        report, other_report, "text", heading, relation, round(similarity, 4),
        min(len(ours), len(theirs)), _passages(ours, theirs),
        new.agency, new.year, old.agency, old.year,
    )  # fmt: skip


def _chapter(db: sqlite3.Connection, report: int, heading: str) -> Chapter:
    """A heading that stands twice is one chapter here."""
    rows = db.execute(
        "SELECT t.text, r.agency_id, r.agency, r.year FROM texts t JOIN reports r "
        "ON r.id = t.report_id WHERE t.report_id = ? AND t.section = ? ORDER BY t.seq",
        (report, heading),
    ).fetchall()
    return Chapter(report, heading, "\n".join(row[0] for row in rows), *rows[0][1:])


def _sentences(text: str) -> Iterator[str]:
    for sentence in SENTENCE.findall(text):
        masked = DIGITS.sub("#", BLANK.sub("", sentence))
        if len(masked) >= LEAST_SENTENCE:
            yield masked


def _key(sentence: str) -> int:
    return int.from_bytes(blake2b(sentence.encode(), digest_size=8).digest(), signed=True)


def _own(text: str, formulas: Iterable[int]) -> str:
    return "".join(each for each in _sentences(text) if _key(each) not in formulas)


def _passages(ours: str, theirs: str) -> str:
    blocks = Indel.opcodes(ours, theirs).as_matching_blocks()
    longest = sorted(blocks, key=lambda block: (-block.size, block.a))[:PASSAGES]
    return " … ".join(
        ours[block.a : block.a + block.size]
        for block in sorted(longest, key=lambda block: block.a)
        if block.size >= LEAST_PASSAGE
    )
