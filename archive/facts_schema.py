"""The tables of facts.db. A released migration is never edited: add another below it."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("facts")

ADDRESS = "table_no INTEGER, row_no INTEGER, cell_no INTEGER, at TEXT NOT NULL"
NUMBER = "CHECK (typeof({0}) IN ('integer', 'real', 'null'))"

# A run is what one `reparse` did. `parser` is the fingerprint of the room that reads.
RUNS = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT,
    state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'failed', 'interrupted')),
    reason TEXT NOT NULL,
    parser TEXT NOT NULL,
    software TEXT NOT NULL CHECK (json_valid(software)),
    selection TEXT NOT NULL CHECK (json_valid(selection)),
    counts TEXT NOT NULL CHECK (json_valid(counts)),
    error TEXT NOT NULL
) STRICT;
"""

# `pages`: what was read last of each body at each address, rewritten in place.
# `readings`: spans. A reading holds from `from_run` until before `to_run`; an equal re-parse
# leaves it open and adds nothing. `reports`: which reading speaks for a report; ids stay.
READINGS = """
CREATE TABLE pages (
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    capture INTEGER NOT NULL,
    first_run INTEGER NOT NULL REFERENCES runs (id),
    run INTEGER NOT NULL REFERENCES runs (id),
    parser TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('read', 'crashed', 'timeout', 'damaged', 'error')),
    error TEXT NOT NULL,
    PRIMARY KEY (url, body)
) STRICT, WITHOUT ROWID;

CREATE TABLE agencies (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    region_code TEXT NOT NULL,
    UNIQUE (name, region_code)
) STRICT;

CREATE TABLE readings (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    output_sha256 TEXT NOT NULL,
    from_run INTEGER NOT NULL REFERENCES runs (id),
    to_run INTEGER REFERENCES runs (id),
    capture INTEGER NOT NULL,
    captured_at TEXT NOT NULL,
    portal TEXT NOT NULL,
    media TEXT NOT NULL,
    parser TEXT NOT NULL,
    report INTEGER,
    status TEXT NOT NULL,
    agency INTEGER NOT NULL REFERENCES agencies (id),
    title TEXT NOT NULL,
    year INTEGER,
    scope TEXT NOT NULL,
    form TEXT NOT NULL,
    edition TEXT NOT NULL,
    published TEXT NOT NULL,
    encoding TEXT NOT NULL,
    evidence TEXT NOT NULL CHECK (json_valid(evidence)),
    facts INTEGER NOT NULL,
    numbers INTEGER NOT NULL,
    length INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX readings_open ON readings (url, body) WHERE to_run IS NULL;
CREATE INDEX readings_by_agency ON readings (agency) WHERE to_run IS NULL;
CREATE INDEX readings_by_from ON readings (from_run);
CREATE INDEX readings_by_to ON readings (to_run) WHERE to_run IS NOT NULL;
CREATE INDEX readings_by_report ON readings (report);

CREATE TABLE reports (
    id INTEGER PRIMARY KEY,
    agency INTEGER NOT NULL REFERENCES agencies (id),
    year INTEGER,
    scope TEXT NOT NULL,
    address TEXT NOT NULL,
    reading INTEGER REFERENCES readings (id),
    chosen_because TEXT NOT NULL,
    rivals INTEGER NOT NULL,
    run INTEGER NOT NULL REFERENCES runs (id)
) STRICT;

CREATE UNIQUE INDEX reports_identity ON reports (agency, coalesce(year, 0), scope, address);
CREATE UNIQUE INDEX reports_reading ON reports (reading) WHERE reading IS NOT NULL;
"""

# `value` is what SQLite can count with; `exact` is its decimal text wherever the two differ
# (154.50, more than 15 digits). REAL alone would show 154 as 154.0, hence ANY.
CONTENT = f"""
CREATE TABLE tables (
    reading INTEGER NOT NULL REFERENCES readings (id),
    table_no INTEGER NOT NULL,
    source TEXT NOT NULL,
    caption TEXT,
    carrier TEXT NOT NULL,
    PRIMARY KEY (reading, table_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE facts (
    reading INTEGER NOT NULL REFERENCES readings (id),
    section TEXT NOT NULL,
    indicator TEXT NOT NULL,
    "column" TEXT NOT NULL,
    seq INTEGER NOT NULL,
    form TEXT NOT NULL,
    value ANY {NUMBER.format("value")},
    exact TEXT,
    state TEXT NOT NULL CHECK (state IN ('number', 'slash', 'dash', 'blank', 'none', 'text')),
    raw TEXT NOT NULL,
    unit TEXT NOT NULL,
    unit_from TEXT NOT NULL,
    label TEXT NOT NULL,
    {ADDRESS},
    PRIMARY KEY (reading, section, indicator, "column", seq),
    CHECK ((state = 'number') = (value IS NOT NULL)),
    CHECK (exact IS NULL OR value IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE leftovers (
    reading INTEGER NOT NULL REFERENCES readings (id),
    seq INTEGER NOT NULL,
    label TEXT NOT NULL,
    raw TEXT NOT NULL,
    {ADDRESS},
    PRIMARY KEY (reading, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE problems (
    reading INTEGER NOT NULL REFERENCES readings (id),
    seq INTEGER NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'error')),
    detail TEXT NOT NULL,
    {ADDRESS},
    PRIMARY KEY (reading, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE checks (
    reading INTEGER NOT NULL REFERENCES readings (id),
    seq INTEGER NOT NULL,
    check_id TEXT NOT NULL,
    per TEXT NOT NULL,
    status TEXT NOT NULL
        CHECK (status IN ('holds', 'holds_if_blank_is_zero', 'broken', 'undecided')),
    lhs ANY {NUMBER.format("lhs")},
    rhs ANY {NUMBER.format("rhs")},
    PRIMARY KEY (reading, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE narrative (
    reading INTEGER NOT NULL REFERENCES readings (id),
    seq INTEGER NOT NULL,
    indicator TEXT NOT NULL,
    value ANY NOT NULL {NUMBER.format("value")},
    printed ANY {NUMBER.format("printed")},
    agrees INTEGER CHECK (agrees IN (0, 1)),
    sentence TEXT NOT NULL,
    matched TEXT NOT NULL,
    PRIMARY KEY (reading, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE texts (
    reading INTEGER NOT NULL REFERENCES readings (id),
    seq INTEGER NOT NULL,
    section TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (reading, seq)
) STRICT, WITHOUT ROWID;
"""

# Append-only but for `report`, which is known when the run settles. `old` and `new` are decimal
# text for numbers and the printed text for all else; NULL is "not printed".
CHANGES = """
CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs (id),
    report INTEGER,
    url TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('changed', 'added', 'removed', 'field', 'edition')),
    cause TEXT NOT NULL CHECK (cause IN ('source', 'parser', 'patch')),
    section TEXT NOT NULL,
    indicator TEXT NOT NULL,
    "column" TEXT NOT NULL,
    seq INTEGER NOT NULL,
    old TEXT,
    new TEXT,
    old_state TEXT,
    new_state TEXT,
    old_reading INTEGER NOT NULL REFERENCES readings (id),
    new_reading INTEGER NOT NULL REFERENCES readings (id),
    at TEXT NOT NULL
) STRICT;

CREATE INDEX changes_by_run ON changes (run);
CREATE INDEX changes_by_report ON changes (report, indicator);
"""

# A run is a candidate until it is promoted: its readings are empty spans (`to_run` = `from_run`),
# seen by nobody, and `proposals` says which reading is to take the place of which. Promotion
# turns them into spans that are in force; `choices` are the spans in which a reading spoke for a
# report, so that what was said on any day stays a query.
PROMOTION = """
ALTER TABLE runs ADD COLUMN promoted TEXT;
ALTER TABLE runs ADD COLUMN verdict TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(verdict));
UPDATE runs SET promoted = finished WHERE state = 'finished';
ALTER TABLE changes ADD COLUMN reason TEXT NOT NULL DEFAULT '';

CREATE TABLE proposals (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs (id),
    url TEXT NOT NULL,
    reading INTEGER NOT NULL REFERENCES readings (id),
    replaces INTEGER REFERENCES readings (id),
    cause TEXT NOT NULL CHECK (cause IN ('source', 'parser'))
) STRICT;

CREATE INDEX proposals_by_url ON proposals (url);
CREATE INDEX proposals_by_replaces ON proposals (replaces) WHERE replaces IS NOT NULL;

CREATE TABLE choices (
    report INTEGER NOT NULL REFERENCES reports (id),
    from_run INTEGER NOT NULL REFERENCES runs (id),
    to_run INTEGER REFERENCES runs (id),
    reading INTEGER NOT NULL REFERENCES readings (id),
    because TEXT NOT NULL,
    PRIMARY KEY (report, from_run)
) STRICT, WITHOUT ROWID;

CREATE INDEX choices_by_from ON choices (from_run);
CREATE INDEX choices_by_to ON choices (to_run) WHERE to_run IS NOT NULL;
INSERT INTO choices (report, from_run, reading, because)
    SELECT id, run, reading, chosen_because FROM reports WHERE reading IS NOT NULL;
"""

# Rulings are files; these tables hold them as they were when the last run was promoted. `ruled`
# are the cells that a correction speaks for: beside what is printed, never in its place.
RULINGS = f"""
CREATE TABLE rulings (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('correction', 'confirmation', 'missing')),
    body TEXT NOT NULL,
    section TEXT NOT NULL,
    indicator TEXT NOT NULL,
    "column" TEXT NOT NULL,
    seq INTEGER NOT NULL,
    printed TEXT NOT NULL,
    state TEXT NOT NULL,
    value ANY {NUMBER.format("value")},
    exact TEXT,
    agency TEXT NOT NULL,
    region_code TEXT NOT NULL,
    year INTEGER,
    by TEXT NOT NULL,
    decided TEXT NOT NULL,
    why TEXT NOT NULL,
    standing TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX readings_by_body ON readings (body);

CREATE TABLE ruled (
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    section TEXT NOT NULL,
    indicator TEXT NOT NULL,
    "column" TEXT NOT NULL,
    seq INTEGER NOT NULL,
    ruling TEXT NOT NULL REFERENCES rulings (id),
    state TEXT NOT NULL,
    value ANY {NUMBER.format("value")},
    exact TEXT,
    PRIMARY KEY (url, body, section, indicator, "column", seq)
) STRICT, WITHOUT ROWID;
"""

# Identities over the reports of two years; `neighbour` is the other one.
YEARS = f"""
CREATE TABLE year_checks (
    report INTEGER NOT NULL REFERENCES reports (id),
    check_id TEXT NOT NULL,
    per TEXT NOT NULL,
    neighbour INTEGER NOT NULL REFERENCES reports (id),
    status TEXT NOT NULL
        CHECK (status IN ('holds', 'holds_if_blank_is_zero', 'broken', 'undecided')),
    lhs ANY {NUMBER.format("lhs")},
    rhs ANY {NUMBER.format("rhs")},
    PRIMARY KEY (report, check_id, per)
) STRICT, WITHOUT ROWID;
"""

EARLIER_CHOICES = """
INSERT INTO choices (report, from_run, to_run, reading, because)
SELECT r.report, r.from_run, r.to_run, r.id, 'it was the only copy' FROM readings r
WHERE r.report IS NOT NULL AND r.to_run > r.from_run
    AND r.to_run <= (SELECT min(c.from_run) FROM choices c WHERE c.report = r.report)
    AND NOT EXISTS (SELECT 1 FROM readings o WHERE o.report = r.report AND o.id <> r.id
        AND o.from_run < r.to_run AND (o.to_run IS NULL OR o.to_run > r.from_run));
"""

# A body whose portal was crawled and from which nothing was found is absent, not unknown.
BODIES = """
ALTER TABLE agencies ADD COLUMN portal TEXT NOT NULL DEFAULT '';
ALTER TABLE agencies ADD COLUMN since INTEGER;
"""

# Digests of the pictures that a body was read with: other pictures are another source.
PICTURES = "ALTER TABLE pages ADD COLUMN pictures TEXT NOT NULL DEFAULT '';"

# SHA-256 over all rows of a reading; empty for those of earlier releases, until they are read anew.
SEALS = "ALTER TABLE readings ADD COLUMN seal TEXT NOT NULL DEFAULT '';"
# The same over a run in force and its changes.
RUN_SEALS = "ALTER TABLE runs ADD COLUMN seal TEXT NOT NULL DEFAULT '';"


@migrations()
def create_facts(db: Database) -> None:
    """Raw SQL: sqlite-utils cannot make WITHOUT ROWID tables, and its transform drops them."""
    db.executescript(RUNS + READINGS + CONTENT + CHANGES)


@migrations()
def promotion(db: Database) -> None:
    """What was there before was in force: its runs count as promoted when they finished."""
    db.executescript(PROMOTION)


@migrations()
def rulings(db: Database) -> None:
    """People's corrections and confirmations, beside what is printed."""
    db.executescript(RULINGS)


@migrations()
def years(db: Database) -> None:
    """Checks over two years, kept up to date agency by agency."""
    db.executescript(YEARS)


@migrations()
def bodies(db: Database) -> None:
    """Bodies that portals name, whether or not a report of theirs was found."""
    db.executescript(BODIES)


@migrations()
def earlier_choices(db: Database) -> None:
    """What the first release said before its last run, where only one reading could have said it.

    It kept the readings and their spans, and of the choices only the last.
    """
    db.executescript(EARLIER_CHOICES)


@migrations()
def pictures(db: Database) -> None:
    """A page whose tables are pictures is read with them."""
    db.executescript(PICTURES)


@migrations()
def seals(db: Database) -> None:
    """Facts have their fixity too."""
    db.executescript(SEALS)


@migrations()
def run_seals(db: Database) -> None:
    """The history of the numbers has its fixity as well."""
    db.executescript(RUN_SEALS)
