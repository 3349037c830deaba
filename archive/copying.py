"""Working facts and captures as rows of gongkai.db: one SELECT a table, columns by name."""

from __future__ import annotations

from archive.changes import ONCE

# Functions used here are registered by `build`: region_name, level_of, due, late, kind_of.

REPORTS = """
SELECT p.id, p.agency AS agency_id, a.region_code, region_name(a.region_code, p.year) AS region,
    a.name AS agency, level_of(a.name, a.region_code, p.year) AS level, p.scope, p.year,
    nullif(r.form, '') AS form, r.edition, r.title, nullif(r.published, '') AS published,
    c.first AS first_published,
    due(p.year, level_of(a.name, a.region_code, p.year)) AS deadline,
    late(c.first, due(p.year, level_of(a.name, a.region_code, p.year))) AS days_late,
    r.url, r.captured_at, r.body AS sha256, r.capture AS capture_id, r.from_run AS run_id,
    p.chosen_because, p.rivals, r.status, r.portal, r.encoding, r.facts, r.numbers,
    (SELECT count(*) FROM facts.leftovers WHERE reading = r.id) AS leftovers,
    (SELECT count(*) FROM facts.problems WHERE reading = r.id AND severity <> 'info') AS warnings,
    (SELECT count(*) FROM facts.checks WHERE reading = r.id AND status = 'broken') AS broken,
    r.id AS reading
FROM facts.reports p
JOIN facts.readings r ON r.id = p.reading
JOIN facts.agencies a ON a.id = p.agency
JOIN (SELECT report, min(nullif(published, '')) AS first FROM facts.readings
    WHERE to_run IS NULL GROUP BY report) c ON c.report = p.id
ORDER BY p.id
"""

AGENCIES = """
SELECT a.id, a.name, a.region_code, region_name(a.region_code, NULL) AS region,
    level_of(a.name, a.region_code, NULL) AS level, count(r.id) AS reports,
    min(r.year) AS first_year, max(r.year) AS last_year
FROM facts.agencies a LEFT JOIN reports r ON r.agency_id = a.id
WHERE r.id IS NOT NULL OR (a.portal <> '' AND NOT EXISTS (SELECT 1 FROM reports s
    WHERE s.portal = a.portal)) GROUP BY a.id ORDER BY a.id
"""

SLOTS = """
SELECT row_number() OVER (ORDER BY section, indicator, "column", form) AS id, * FROM (
    SELECT DISTINCT f.form, f.section, f.indicator, f."column"
    FROM reports p CROSS JOIN facts.facts f ON f.reading = p.reading)
"""

LABELS = """
SELECT row_number() OVER (ORDER BY label, unit, unit_from) AS id, * FROM (
    SELECT DISTINCT f.label, f.unit, f.unit_from
    FROM reports p CROSS JOIN facts.facts f ON f.reading = p.reading)
"""

# Only reports with warnings are searched for the problem that covers a cell.
CELLS = """
SELECT p.id AS report_id, s.id AS slot, f.seq, p.year, f.value,
    CASE f.state WHEN 'number' THEN '' ELSE f.state END AS state,
    CASE WHEN typeof(f.value) <> 'integer' OR f.raw <> CAST(f.value AS TEXT) THEN f.raw END AS raw,
    l.id AS label, f.table_no, f.row_no, f.cell_no, coalesce(f.exact, '') AS exact,
    CASE WHEN p.warnings = 0 THEN '' ELSE coalesce((
        SELECT q.code FROM facts.problems q WHERE q.reading = f.reading AND q.severity <> 'info'
        AND (q.at = '' OR q.at = f.at OR (f.at <> '' AND NOT EXISTS (SELECT 1
            FROM json_each(q.at) part WHERE part.value IS NOT f.at ->> part.key)))
        AND (q.table_no IS NULL OR q.table_no IS f.table_no)
        AND (q.row_no IS NULL OR q.row_no IS f.row_no)
        AND (q.cell_no IS NULL OR q.cell_no IS f.cell_no)
        ORDER BY q.severity = 'error' DESC, q.cell_no IS NULL, q.seq LIMIT 1), '') END AS doubt,
    f.at, u.ruling, u.value AS ruled_value, u.state AS ruled_state
FROM reports p CROSS JOIN facts.facts f ON f.reading = p.reading
CROSS JOIN slots s ON s.indicator = f.indicator AND s."column" = f."column"
    AND s.section = f.section AND s.form = f.form
CROSS JOIN labels l ON l.label = f.label AND l.unit = f.unit AND l.unit_from = f.unit_from
LEFT JOIN facts.ruled u ON u.url = p.url AND u.body = p.sha256 AND u.section = f.section
    AND u.indicator = f.indicator AND u."column" = f."column" AND u.seq = f.seq
ORDER BY p.id
"""

# Those over two years come after the report's own.
CHECKS = """
SELECT p.id AS report_id, c.seq, c.check_id, c.per, c.status, c.lhs, c.rhs,
    kind_of(c.check_id) AS kind, p.agency, p.year, NULL AS neighbour_id
FROM reports p CROSS JOIN facts.checks c ON c.reading = p.reading
UNION ALL
SELECT p.id, 10000 + row_number() OVER (PARTITION BY p.id ORDER BY y.check_id, y.per),
    y.check_id, y.per, y.status, y.lhs, y.rhs, kind_of(y.check_id), p.agency, p.year, y.neighbour
FROM reports p CROSS JOIN facts.year_checks y ON y.report = p.id
ORDER BY 1, 2
"""

# Also of pages that are no report; not of rivals, whose numbers are not published.
PROBLEMS = """
SELECT row_number() OVER (ORDER BY r.id, q.seq) AS id, p.id AS report_id, r.url, q.code,
    q.severity, q.detail, q.table_no, q.row_no, q.cell_no, q.at
FROM facts.readings r JOIN facts.problems q ON q.reading = r.id
LEFT JOIN reports p ON p.reading = r.id
WHERE r.to_run IS NULL AND (p.id IS NOT NULL OR r.report IS NULL)
"""

LEFTOVERS = """
SELECT p.id AS report_id, f.seq, f.label, f.raw, f.table_no, f.row_no, f.cell_no, f.at
FROM reports p CROSS JOIN facts.leftovers f ON f.reading = p.reading ORDER BY p.id, f.seq
"""

NARRATIVE = """
SELECT p.id AS report_id, f.seq, f.indicator, f.value, f.printed, f.agrees, f.sentence, f.matched
FROM reports p CROSS JOIN facts.narrative f ON f.reading = p.reading ORDER BY p.id, f.seq
"""

TEXTS = """
SELECT p.id AS report_id, f.seq, f.section, f.text
FROM reports p CROSS JOIN facts.texts f ON f.reading = p.reading ORDER BY p.id, f.seq
"""

CHANGES = (
    """
SELECT c.id, c.report AS report_id, c.section, c.indicator, c."column", c.seq, c.old, c.new,
    c.cause, c.run AS run_id, c.at, c.kind, c.old_state, c.new_state, a.name AS agency, n.year,
    c.url, o.body AS old_sha256, n.body AS new_sha256, o.parser AS old_parser,
    n.parser AS new_parser, c.reason, o.capture AS old_capture_id, n.capture AS new_capture_id
FROM facts.changes c JOIN facts.readings o ON o.id = c.old_reading
JOIN facts.readings n ON n.id = c.new_reading JOIN facts.agencies a ON a.id = n.agency
JOIN facts.runs u ON u.id = c.run
WHERE u.promoted IS NOT NULL AND """
    + ONCE.replace("FROM changes", "FROM facts.changes")
    + """ ORDER BY c.id
"""
)

RUNS = """
SELECT id, started, finished, state, reason, parser, software, selection,
    counts ->> '$.read' AS pages_read, counts ->> '$.new' AS pages_new,
    counts ->> '$.unchanged' AS pages_unchanged, counts ->> '$.changed' AS pages_changed,
    counts ->> '$.failed' AS pages_failed, counts ->> '$.facts' AS facts,
    counts ->> '$.changes.source' AS changes_source,
    counts ->> '$.changes.parser' AS changes_parser,
    counts ->> '$.changes.patch' AS changes_patch,
    coalesce(counts -> '$.problems', '{}') AS problems, error, promoted,
    verdict
FROM facts.runs ORDER BY id
"""

CAPTURES = """
SELECT id, crawl AS crawl_id, url, portal, kind, fetched_at, outcome, status,
    body_sha256 AS sha256, body_size AS size, elapsed_ms, redirect_to, found_on, link_text, error
FROM capture.exchanges ORDER BY id
"""

# What is held, and what stood at the same address before its page changed. A closed reading of a
# body that is read again, by a better parser or because it came back, is no copy of its own.
COPIES = """
SELECT p.id, r.id, p.reading, r.url, r.body, CASE WHEN r.id = p.reading THEN 'speaks'
        WHEN r.to_run IS NULL THEN 'rival' ELSE 'superseded' END,
    CASE WHEN r.id = p.reading THEN 'itself' WHEN r.url = s.url THEN 'same address'
        WHEN r.portal <> s.portal THEN 'other portal' WHEN r.media <> s.media THEN 'other file type'
        ELSE 'other address' END,
    r.portal, r.edition, nullif(r.published, ''), r.media, r.captured_at, r.facts
FROM reports p JOIN facts.readings s ON s.id = p.reading
JOIN facts.readings r ON r.report = p.id
WHERE r.to_run IS NULL OR (r.to_run > r.from_run AND r.id = (
    SELECT max(x.id) FROM facts.readings x WHERE x.body = r.body AND x.url = r.url
    AND (x.to_run IS NULL OR x.to_run > x.from_run)))
ORDER BY p.id, r.id
"""

RULINGS = """
SELECT r.id, r.kind, r.standing, r.detail, n.id AS report_id, r.section, r.indicator, r."column",
    r.seq, r.printed, nullif(r.state, '') AS state, r.value, coalesce(r.exact, '') AS exact,
    r.by, r.decided, r.why, nullif(r.body, '') AS sha256, r.agency, r.region_code, r.year
FROM facts.rulings r
LEFT JOIN reports n ON n.id = (SELECT min(q.report) FROM facts.readings q
    JOIN reports p ON p.reading = q.id WHERE q.body = r.body AND r.body <> '')
ORDER BY r.id
"""

# One row for each report, run and cause: an entry of a feed.
UPDATES = """
SELECT c.run_id || '-' || coalesce(c.report_id, 0) || '-' || c.cause AS id,
    coalesce((SELECT promoted FROM facts.runs WHERE id = c.run_id), max(c.at)) AS updated,
    c.agency || ' ' || coalesce(c.year, '') || ': ' || count(*) || CASE c.cause
        WHEN 'source' THEN ' cells changed by the portal'
        WHEN 'parser' THEN ' cells read otherwise by us'
        ELSE ' cells ruled by a person' END AS title,
    group_concat(c.indicator || CASE c."column" WHEN '' THEN '' ELSE '/' || c."column" END || ': '
        || coalesce(nullif(c.old, ''), c.old_state, 'not printed') || ' -> '
        || coalesce(nullif(c.new, ''), c.new_state, 'not printed'), '; ') AS summary,
    c.cause, c.run_id, c.report_id, c.agency, c.year, count(*) AS cells, max(c.reason) AS reason,
    min(c.url) AS url
FROM changes c GROUP BY c.run_id, c.report_id, c.cause, c.agency, c.year
ORDER BY c.run_id, c.report_id, c.cause
"""

# Counted once here: over millions of checks it is no work for a page.
QUALITY = """
SELECT coalesce(r.form, '') AS form, coalesce(r.portal, '') AS portal,
    coalesce(r.year, 0) AS year,
    count(*) AS reports, sum(r.facts) AS cells, sum(r.numbers) AS numbers,
    sum(r.leftovers) AS leftovers, sum(r.warnings > 0) AS warned, sum(coalesce(s.scanned, 0))
    AS scanned, sum(coalesce(c.held, 0)) AS held, sum(coalesce(c.broken, 0)) AS broken,
    sum(coalesce(c.undecided, 0)) AS undecided
FROM reports r
LEFT JOIN (SELECT report_id, sum(status LIKE 'holds%') AS held, sum(status = 'broken') AS broken,
    sum(status = 'undecided') AS undecided FROM checks GROUP BY report_id) c ON c.report_id = r.id
LEFT JOIN (SELECT DISTINCT report_id, 1 AS scanned FROM problems WHERE code LIKE 'ocr-%') s
    ON s.report_id = r.id
GROUP BY 1, 2, 3
"""

COUNTED = ("reports", "cells", "numbers", "leftovers", "warned", "scanned", "held", "broken",
           "undecided")  # fmt: skip
_ADDED = ", ".join(f"sum({name}) AS {name}" for name in COUNTED)
_GROUPS = (
    ("whole", "''"), ("form", "form"), ("portal", "portal"),
    ("year", "CASE year WHEN 0 THEN '' ELSE CAST(year AS TEXT) END"),
)  # fmt: skip
TOTALS = "\nUNION ALL ".join(
    f"SELECT '{kind}' AS kind, {name} AS name, {_ADDED} FROM quality GROUP BY {name}"
    for kind, name in _GROUPS
)

IDENTITIES = """
SELECT c.check_id, coalesce(r.form, '') AS form, min(c.kind) AS kind,
    sum(c.status LIKE 'holds%') AS held, sum(c.status = 'holds_if_blank_is_zero') AS with_blank,
    sum(c.status = 'broken') AS broken, sum(c.status = 'undecided') AS undecided
FROM checks c JOIN reports r ON r.id = c.report_id GROUP BY 1, 2
"""

# In this order: later ones read earlier ones.
COPIED = (
    ("reports", REPORTS),
    ("agencies", AGENCIES),
    ("slots", SLOTS),
    ("labels", LABELS),
    ("cells", CELLS),
    ("checks", CHECKS),
    ("problems", PROBLEMS),
    ("leftovers", LEFTOVERS),
    ("narrative", NARRATIVE),
    ("texts", TEXTS),
    ("changes", CHANGES),
    ("runs", RUNS),
    ("captures", CAPTURES),
    ("rulings", RULINGS),
    ("updates", UPDATES),
    ("quality", QUALITY),
    ("totals", TOTALS),
    ("identities", IDENTITIES),
)

SEARCH = """
INSERT INTO search (rowid, title, text)
SELECT p.id, spaced(p.agency || ' ' || p.title), spaced((
    SELECT group_concat(section || ' ' || text, ' ') FROM texts WHERE report_id = p.id))
FROM reports p ORDER BY p.id
"""

# What rows are found by while they are copied.
KEYS = """
CREATE UNIQUE INDEX slots_key ON slots (indicator, "column", section, form);
CREATE UNIQUE INDEX labels_key ON labels (label, unit, unit_from)
"""

# (slot, year) answers what people ask of numbers; the rest is what tables are joined by.
INDEXES = """
CREATE UNIQUE INDEX reports_reading ON reports (reading);
CREATE INDEX reports_agency_id ON reports (agency_id, year);
CREATE INDEX reports_year ON reports (year);
CREATE INDEX reports_rivals ON reports (year) WHERE rivals > 0;
CREATE INDEX reports_published ON reports (published);
CREATE INDEX reports_region_code ON reports (region_code, year);
CREATE INDEX reports_agency ON reports (agency, year);
CREATE INDEX reports_form ON reports (form);
CREATE INDEX reports_level ON reports (level);
CREATE INDEX reports_scope ON reports (scope);
CREATE INDEX reports_region ON reports (region);
CREATE INDEX cells_slot ON cells (slot, year, report_id, value);
CREATE INDEX cells_doubt ON cells (doubt) WHERE doubt <> '';
CREATE INDEX checks_id ON checks (check_id, status);
CREATE INDEX checks_status ON checks (status, kind);
CREATE INDEX problems_report_id ON problems (report_id);
CREATE INDEX problems_code ON problems (code, severity);
CREATE INDEX problems_url ON problems (url);
CREATE INDEX narrative_agrees ON narrative (agrees);
CREATE INDEX changes_report_id ON changes (report_id, indicator);
CREATE INDEX changes_cause ON changes (cause, run_id);
CREATE INDEX updates_updated ON updates (updated);
CREATE INDEX differences_report_id ON differences (report_id);
CREATE INDEX resemblances_other ON resemblances (other_report_id);
CREATE INDEX resemblances_kind ON resemblances (kind, relation, similarity);
CREATE INDEX cells_ruling ON cells (ruling) WHERE ruling IS NOT NULL;
CREATE INDEX coverage_year ON coverage (year, state);
CREATE INDEX coverage_gaps ON coverage (year DESC, level, agency, region_code, state)
    WHERE state <> 'ok';
CREATE INDEX coverage_unread ON coverage (year DESC, state, agency)
    WHERE state IN ('image_only', 'no_table', 'partial');
CREATE INDEX captures_url ON captures (url);
CREATE INDEX captures_sha256 ON captures (sha256);
CREATE INDEX captures_outcome ON captures (outcome, portal);
CREATE INDEX series_year ON series (series, year);
"""
