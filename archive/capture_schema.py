"""The tables of capture.db. A released migration is never edited: add another below it."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("capture")

HEX64 = "length({0}) = 64 AND {0} NOT GLOB '*[^0-9a-f]*'"
# Fixed width, so that the order of the text is the order of time.
INSTANT = (
    "{0} GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]"
    "T[0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]Z'"
)

EVIDENCE = f"""
CREATE TABLE crawls (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT,
    reason TEXT NOT NULL,
    software TEXT NOT NULL CHECK (json_valid(software)),
    settings TEXT NOT NULL CHECK (json_valid(settings)),
    end_reason TEXT,
    stats TEXT CHECK (stats IS NULL OR json_valid(stats)),
    CHECK ((finished IS NULL) = (end_reason IS NULL))
) STRICT;

CREATE TABLE urls (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL
) STRICT;

CREATE TABLE dictionaries (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL CHECK ({HEX64.format("sha256")}),
    host TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT;

CREATE TABLE bodies (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE CHECK ({HEX64.format("sha256")}),
    size INTEGER NOT NULL CHECK (size >= 0),
    codec TEXT NOT NULL CHECK (codec IN ('raw', 'zstd', 'zstd-dictionary')),
    dictionary INTEGER REFERENCES dictionaries (id),
    data BLOB NOT NULL,
    CHECK ((codec = 'zstd-dictionary') = (dictionary IS NOT NULL)),
    CHECK (codec <> 'raw' OR length(data) = size)
) STRICT;

CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    url INTEGER NOT NULL REFERENCES urls (id),
    crawl INTEGER NOT NULL REFERENCES crawls (id),
    method TEXT NOT NULL,
    request_head BLOB NOT NULL,
    request_body BLOB NOT NULL,
    fetched_at TEXT NOT NULL CHECK ({INSTANT.format("fetched_at")}),
    outcome TEXT NOT NULL CHECK (outcome IN (
        'ok', 'not-modified', 'redirect', 'http-error', 'blocked', 'truncated', 'timeout', 'dns',
        'tls', 'connection', 'robots', 'off-portal', 'too-large', 'failed')),
    status INTEGER,
    response_head BLOB NOT NULL,
    head_is_wire INTEGER NOT NULL CHECK (head_is_wire IN (0, 1)),
    body INTEGER REFERENCES bodies (id),
    decoded INTEGER NOT NULL CHECK (decoded IN (0, 1)),
    wire_encoding TEXT NOT NULL,
    wire_length INTEGER,
    wire_sha1 TEXT NOT NULL,
    redirect_to TEXT NOT NULL,
    revisit_of INTEGER REFERENCES captures (id),
    portal TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('robots', 'listing', 'report', 'attachment', 'other')),
    found_on INTEGER REFERENCES urls (id),
    link_text TEXT NOT NULL,
    ip TEXT NOT NULL,
    protocol TEXT NOT NULL,
    verified INTEGER CHECK (verified IN (0, 1)),
    elapsed_ms INTEGER,
    error TEXT NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    CHECK (outcome <> 'ok' OR body IS NOT NULL)
) STRICT;

CREATE INDEX captures_by_url ON captures (url, fetched_at);
CREATE INDEX captures_by_body ON captures (body);
CREATE INDEX captures_by_crawl ON captures (crawl, outcome);
CREATE INDEX captures_by_portal ON captures (portal, outcome, kind, fetched_at);
CREATE INDEX captures_good ON captures (url, method, request_body, fetched_at)
    WHERE outcome = 'ok';

CREATE VIEW exchanges AS
SELECT captures.id, captures.crawl, urls.url, urls.host, captures.method, captures.request_head,
    captures.request_body, captures.fetched_at, captures.outcome, captures.status,
    captures.response_head, captures.head_is_wire, bodies.sha256 AS body_sha256,
    bodies.size AS body_size, captures.decoded, captures.wire_encoding, captures.wire_length,
    captures.wire_sha1, captures.redirect_to, captures.revisit_of, captures.portal, captures.kind,
    coalesce(listings.url, '') AS found_on, captures.link_text, captures.ip, captures.protocol,
    captures.verified, captures.elapsed_ms, captures.error, captures.seal
FROM captures
JOIN urls ON urls.id = captures.url
LEFT JOIN bodies ON bodies.id = captures.body
LEFT JOIN urls AS listings ON listings.id = captures.found_on;
"""

# `rounds`: one visit of one portal, from its entry pages to its last report. `cycles`: the rounds
# that one command works on. A round outlives a killed command and is adopted by the next one.
FRONTIER = """
CREATE TABLE cycles (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT
) STRICT;

CREATE TABLE rounds (
    id INTEGER PRIMARY KEY,
    cycle INTEGER NOT NULL REFERENCES cycles (id),
    portal TEXT NOT NULL,
    started TEXT NOT NULL,
    finished TEXT
) STRICT;

CREATE UNIQUE INDEX rounds_open ON rounds (portal) WHERE finished IS NULL;
CREATE INDEX rounds_by_cycle ON rounds (cycle);

CREATE TABLE frontier (
    id INTEGER PRIMARY KEY,
    round INTEGER NOT NULL REFERENCES rounds (id),
    kind TEXT NOT NULL CHECK (kind IN ('listing', 'report', 'attachment')),
    rank INTEGER NOT NULL,
    url TEXT NOT NULL,
    method TEXT NOT NULL,
    request_body BLOB NOT NULL,
    found_on TEXT NOT NULL,
    link_text TEXT NOT NULL,
    year INTEGER,
    agency TEXT NOT NULL,
    page INTEGER,
    note TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'leased', 'done', 'failed', 'refused')),
    attempts INTEGER NOT NULL,
    retry_at TEXT,
    reason TEXT NOT NULL,
    capture INTEGER REFERENCES captures (id),
    UNIQUE (round, method, url, request_body)
) STRICT;

CREATE INDEX frontier_queue ON frontier (round, state, rank, id);
"""

NEVER_CHANGED = ("urls", "dictionaries", "bodies", "captures")
NATURAL_KEYS = {"urls": "url", "dictionaries": "host", "bodies": "sha256", "captures": "id"}

# An external INSERT OR REPLACE deletes without firing the delete trigger, hence the third one.
APPEND_ONLY = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END;
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END;
CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR {key} = NEW.{key})
BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END;
"""

CRAWLS_FINISH_ONCE = """
CREATE TRIGGER crawls_no_update BEFORE UPDATE ON crawls
WHEN OLD.finished IS NOT NULL OR NEW.finished IS NULL OR NEW.id <> OLD.id
    OR NEW.started <> OLD.started OR NEW.reason <> OLD.reason
    OR NEW.software <> OLD.software OR NEW.settings <> OLD.settings
BEGIN SELECT RAISE(ABORT, 'crawls are finished once and never changed'); END;
CREATE TRIGGER crawls_no_delete BEFORE DELETE ON crawls
BEGIN SELECT RAISE(ABORT, 'crawls are append-only'); END;
CREATE TRIGGER crawls_no_replace BEFORE INSERT ON crawls
WHEN EXISTS (SELECT 1 FROM crawls WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'crawls are append-only'); END;
"""


@migrations()
def evidence(db: Database) -> None:
    """Crawls, addresses, bodies and captures, all append-only."""
    db.executescript(EVIDENCE)
    db.executescript(CRAWLS_FINISH_ONCE)
    for table in NEVER_CHANGED:
        db.executescript(APPEND_ONLY.format(table=table, key=NATURAL_KEYS[table]))


@migrations()
def frontier(db: Database) -> None:
    """What is still to be fetched; the only table here that forgets."""
    db.executescript(FRONTIER)


# What the crawl knew and saw besides: whose list the page stood in, how the connection was made.
ORIGIN = """
ALTER TABLE captures ADD COLUMN agency TEXT NOT NULL DEFAULT '';
ALTER TABLE captures ADD COLUMN handler TEXT NOT NULL DEFAULT '';
ALTER TABLE captures ADD COLUMN tls TEXT NOT NULL DEFAULT '';
CREATE INDEX captures_by_time ON captures (fetched_at);

DROP VIEW exchanges;
CREATE VIEW exchanges AS
SELECT captures.id, captures.crawl, urls.url, urls.host, captures.method, captures.request_head,
    captures.request_body, captures.fetched_at, captures.outcome, captures.status,
    captures.response_head, captures.head_is_wire, bodies.sha256 AS body_sha256,
    bodies.size AS body_size, captures.decoded, captures.wire_encoding, captures.wire_length,
    captures.wire_sha1, captures.redirect_to, captures.revisit_of, captures.portal, captures.kind,
    coalesce(listings.url, '') AS found_on, captures.link_text, captures.ip, captures.protocol,
    captures.verified, captures.elapsed_ms, captures.error, captures.agency, captures.handler,
    captures.tls, captures.seal
FROM captures
JOIN urls ON urls.id = captures.url
LEFT JOIN bodies ON bodies.id = captures.body
LEFT JOIN urls AS listings ON listings.id = captures.found_on;
"""

# `fetch`: the address with the session's noise, where it differs from the identity in `url`.
# `visits`: how the last visit of each portal ended, and when the next one is due.
SCHEDULE = """
ALTER TABLE frontier ADD COLUMN fetch TEXT NOT NULL DEFAULT '';
ALTER TABLE frontier ADD COLUMN depth INTEGER NOT NULL DEFAULT 0;

CREATE TABLE visits (
    portal TEXT PRIMARY KEY,
    visited_at TEXT NOT NULL,
    changed_at TEXT,
    state TEXT NOT NULL,
    streak INTEGER NOT NULL CHECK (streak >= 1),
    days REAL NOT NULL CHECK (days > 0),
    due_at TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE INDEX visits_due ON visits (due_at);
"""


# A page and the pictures that are its pages: asked for each page that is read.
PICTURES = "CREATE INDEX captures_shown ON captures (found_on) WHERE kind = 'other';"


@migrations()
def origin(db: Database) -> None:
    """The body that a list names for a page, the handler and the facts of TLS."""
    db.executescript(ORIGIN)


@migrations()
def schedule(db: Database) -> None:
    """When each portal is due again; addresses whose session id is not their identity."""
    db.executescript(SCHEDULE)


@migrations()
def pictures(db: Database) -> None:
    """Pictures by the page that shows them."""
    db.executescript(PICTURES)
