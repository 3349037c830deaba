PRAGMA application_id=1735083569;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'facts','create_facts','2026-11-25 17:36:17.947256+00:00');
CREATE TABLE agencies (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    region_code TEXT NOT NULL,
    UNIQUE (name, region_code)
) STRICT;
INSERT INTO "agencies" VALUES(1,'吉安市','360800');
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
INSERT INTO "changes" VALUES(1,2,1,'http://www.jian.gov.cn/report-2017.html','changed','source','S','requests_received','',0,'154','155','number','number',1,2,'2026-11-25T17:36:18.094Z');
CREATE TABLE checks (
    reading INTEGER NOT NULL REFERENCES readings (id),
    seq INTEGER NOT NULL,
    check_id TEXT NOT NULL,
    per TEXT NOT NULL,
    status TEXT NOT NULL
        CHECK (status IN ('holds', 'holds_if_blank_is_zero', 'broken', 'undecided')),
    lhs ANY CHECK (typeof(lhs) IN ('integer', 'real', 'null')),
    rhs ANY CHECK (typeof(rhs) IN ('integer', 'real', 'null')),
    PRIMARY KEY (reading, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE facts (
    reading INTEGER NOT NULL REFERENCES readings (id),
    section TEXT NOT NULL,
    indicator TEXT NOT NULL,
    "column" TEXT NOT NULL,
    seq INTEGER NOT NULL,
    form TEXT NOT NULL,
    value ANY CHECK (typeof(value) IN ('integer', 'real', 'null')),
    exact TEXT,
    state TEXT NOT NULL CHECK (state IN ('number', 'slash', 'dash', 'blank', 'none', 'text')),
    raw TEXT NOT NULL,
    unit TEXT NOT NULL,
    unit_from TEXT NOT NULL,
    label TEXT NOT NULL,
    table_no INTEGER, row_no INTEGER, cell_no INTEGER, at TEXT NOT NULL,
    PRIMARY KEY (reading, section, indicator, "column", seq),
    CHECK ((state = 'number') = (value IS NOT NULL)),
    CHECK (exact IS NULL OR value IS NOT NULL)
) STRICT, WITHOUT ROWID;
INSERT INTO "facts" VALUES(1,'S','replies_granted','',0,'2014',99.5,'99.50','number','99.50','件','form','label of replies_granted',0,1,1,'');
INSERT INTO "facts" VALUES(1,'S','requests_received','',0,'2014',154,NULL,'number','154','件','form','label of requests_received',0,0,1,'');
INSERT INTO "facts" VALUES(2,'S','replies_granted','',0,'2014',99.5,'99.50','number','99.50','件','form','label of replies_granted',0,1,1,'');
INSERT INTO "facts" VALUES(2,'S','requests_received','',0,'2014',155,NULL,'number','155','件','form','label of requests_received',0,0,1,'');
CREATE TABLE leftovers (
    reading INTEGER NOT NULL REFERENCES readings (id),
    seq INTEGER NOT NULL,
    label TEXT NOT NULL,
    raw TEXT NOT NULL,
    table_no INTEGER, row_no INTEGER, cell_no INTEGER, at TEXT NOT NULL,
    PRIMARY KEY (reading, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE narrative (
    reading INTEGER NOT NULL REFERENCES readings (id),
    seq INTEGER NOT NULL,
    indicator TEXT NOT NULL,
    value ANY NOT NULL CHECK (typeof(value) IN ('integer', 'real', 'null')),
    printed ANY CHECK (typeof(printed) IN ('integer', 'real', 'null')),
    agrees INTEGER CHECK (agrees IN (0, 1)),
    sentence TEXT NOT NULL,
    matched TEXT NOT NULL,
    PRIMARY KEY (reading, seq)
) STRICT, WITHOUT ROWID;
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
INSERT INTO "pages" VALUES('http://www.jian.gov.cn/report-2017.html','0e8c5c07b9b2c6addf331cd5004d09cce3423182fe5462ebbc1907212e33b166',3,2,2,'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff','read','');
INSERT INTO "pages" VALUES('http://www.jian.gov.cn/report-2017.html','46caf73695e77d3ee69419d1c4aa16a716e47c11bb72bc755f05837662d5e229',1,1,1,'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff','read','');
CREATE TABLE problems (
    reading INTEGER NOT NULL REFERENCES readings (id),
    seq INTEGER NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'error')),
    detail TEXT NOT NULL,
    table_no INTEGER, row_no INTEGER, cell_no INTEGER, at TEXT NOT NULL,
    PRIMARY KEY (reading, seq)
) STRICT, WITHOUT ROWID;
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
INSERT INTO "readings" VALUES(1,'http://www.jian.gov.cn/report-2017.html','46caf73695e77d3ee69419d1c4aa16a716e47c11bb72bc755f05837662d5e229','878d44ff8b46ab0c3fa47fc3e231846d375a768b544e8ac063e0f1f3db59a8bb',1,2,1,'2026-01-01T08:00:00.000Z','jian','html','ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',1,'ok',1,'吉安市2017年政府信息公开工作年度报告',2017,'consolidated','2014','','2018-03-20','utf-8','{}',2,2,0);
INSERT INTO "readings" VALUES(2,'http://www.jian.gov.cn/report-2017.html','0e8c5c07b9b2c6addf331cd5004d09cce3423182fe5462ebbc1907212e33b166','3cb495115e6a89841a97796617fba3d2b848c76a265a25f41a9934dca139607a',2,NULL,3,'2026-01-02T08:00:00.000Z','jian','html','ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',1,'ok',1,'吉安市2017年政府信息公开工作年度报告',2017,'consolidated','2014','','2018-03-20','utf-8','{}',2,2,0);
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
INSERT INTO "reports" VALUES(1,1,2017,'consolidated','',2,'it is the only copy',0,2);
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
INSERT INTO "runs" VALUES(1,'2026-11-25T17:36:17.948Z','2026-11-25T17:36:17.971Z','finished','reparse','ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff','{"beautifulsoup4": "4.15.0", "gongkai": "0.1.0", "lxml": "6.1.3", "pdfplumber": "0.11.10", "python": "3.11.7", "selectolax": "1.0.2", "sqlite": "3.40.1", "sqlite-utils": "4.2.1"}','{"mode": "stale", "where": null, "workers": 1}','{"changed": 0, "changes": {"parser": 0, "patch": 0, "source": 0}, "facts": 2, "failed": 0, "new": 1, "problems": {}, "read": 1, "unchanged": 0}','');
INSERT INTO "runs" VALUES(2,'2026-11-25T17:36:18.060Z','2026-11-25T17:36:18.095Z','finished','reparse','ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff','{"beautifulsoup4": "4.15.0", "gongkai": "0.1.0", "lxml": "6.1.3", "pdfplumber": "0.11.10", "python": "3.11.7", "selectolax": "1.0.2", "sqlite": "3.40.1", "sqlite-utils": "4.2.1"}','{"mode": "stale", "where": null, "workers": 1}','{"changed": 1, "changes": {"parser": 0, "patch": 0, "source": 1}, "facts": 2, "failed": 0, "new": 0, "problems": {}, "read": 1, "unchanged": 0}','');
CREATE TABLE tables (
    reading INTEGER NOT NULL REFERENCES readings (id),
    table_no INTEGER NOT NULL,
    source TEXT NOT NULL,
    caption TEXT,
    carrier TEXT NOT NULL,
    PRIMARY KEY (reading, table_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE texts (
    reading INTEGER NOT NULL REFERENCES readings (id),
    seq INTEGER NOT NULL,
    section TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (reading, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX readings_open ON readings (url, body) WHERE to_run IS NULL;
CREATE INDEX readings_by_agency ON readings (agency) WHERE to_run IS NULL;
CREATE INDEX readings_by_from ON readings (from_run);
CREATE INDEX readings_by_to ON readings (to_run) WHERE to_run IS NOT NULL;
CREATE INDEX readings_by_report ON readings (report);
CREATE UNIQUE INDEX reports_identity ON reports (agency, coalesce(year, 0), scope, address);
CREATE UNIQUE INDEX reports_reading ON reports (reading) WHERE reading IS NOT NULL;
CREATE INDEX changes_by_run ON changes (run);
CREATE INDEX changes_by_report ON changes (report, indicator);
COMMIT;
