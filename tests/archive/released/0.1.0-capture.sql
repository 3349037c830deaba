PRAGMA application_id=1735082801;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'capture','evidence','2026-11-25 17:36:17.769890+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'capture','frontier','2026-11-25 17:36:17.784718+00:00');
CREATE TABLE bodies (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    size INTEGER NOT NULL CHECK (size >= 0),
    codec TEXT NOT NULL CHECK (codec IN ('raw', 'zstd', 'zstd-dictionary')),
    dictionary INTEGER REFERENCES dictionaries (id),
    data BLOB NOT NULL,
    CHECK ((codec = 'zstd-dictionary') = (dictionary IS NOT NULL)),
    CHECK (codec <> 'raw' OR length(data) = size)
) STRICT;
INSERT INTO "bodies" VALUES(1,'46caf73695e77d3ee69419d1c4aa16a716e47c11bb72bc755f05837662d5e229',69,'raw',NULL,X'3C217B226661637473223A207B2272657175657374735F7265636569766564223A2022313534222C20227265706C6965735F6772616E746564223A202239392E3530227D7D');
INSERT INTO "bodies" VALUES(2,'0e8c5c07b9b2c6addf331cd5004d09cce3423182fe5462ebbc1907212e33b166',69,'raw',NULL,X'3C217B226661637473223A207B2272657175657374735F7265636569766564223A2022313535222C20227265706C6965735F6772616E746564223A202239392E3530227D7D');
CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    url INTEGER NOT NULL REFERENCES urls (id),
    crawl INTEGER NOT NULL REFERENCES crawls (id),
    method TEXT NOT NULL,
    request_head BLOB NOT NULL,
    request_body BLOB NOT NULL,
    fetched_at TEXT NOT NULL CHECK (fetched_at GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9].[0-9][0-9][0-9]Z'),
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
INSERT INTO "captures" VALUES(1,1,1,'GET',X'',X'','2026-01-01T08:00:00.000Z','ok',200,X'485454502F312E3120323030204F4B0D0A436F6E74656E742D547970653A20746578742F68746D6C3B20636861727365743D7574662D380D0A0D0A',0,1,1,'',NULL,'','',NULL,'jian','report',NULL,'吉安市2017年政府信息公开工作年度报告','','',NULL,NULL,'',X'8AA7D8F222EA7A8DC9875D5B1AC6B17D4D30D6C6B35E93D650142E15F94B7FA1');
INSERT INTO "captures" VALUES(2,2,1,'GET',X'',X'','2026-01-01T08:00:00.000Z','http-error',404,X'485454502F312E3120323030204F4B0D0A436F6E74656E742D547970653A20746578742F68746D6C3B20636861727365743D7574662D380D0A0D0A',0,NULL,1,'',NULL,'','',NULL,'jian','report',NULL,'吉安市2017年政府信息公开工作年度报告','','',NULL,NULL,'',X'5134E3D09090A80EEAEE87B1F3DB80A6A567149143816534E7F9ABAFFF0D8FE4');
INSERT INTO "captures" VALUES(3,1,2,'GET',X'',X'','2026-01-02T08:00:00.000Z','ok',200,X'485454502F312E3120323030204F4B0D0A436F6E74656E742D547970653A20746578742F68746D6C3B20636861727365743D7574662D380D0A0D0A',0,2,1,'',NULL,'','',NULL,'jian','report',NULL,'吉安市2017年政府信息公开工作年度报告','','',NULL,NULL,'',X'78DB270BE74644F22D142F4CD4D75CAEA00E392689CE550390475B7209FB1FB4');
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
INSERT INTO "crawls" VALUES(1,'2026-11-25T17:36:17.794Z','2026-11-25T17:36:17.826Z','crawl','{"gongkai": "0.1.0", "python": "3.11.7", "scrapy": "2.19.0", "sqlite": "3.40.1", "sqlite-utils": "4.2.1", "twisted": "26.10.0", "zstandard": "0.25.0"}','{"portals": {"jian": {"agency": "吉安市", "region": "360800"}}}','finished','{}');
INSERT INTO "crawls" VALUES(2,'2026-11-25T17:36:17.992Z','2026-11-25T17:36:18.034Z','crawl','{"gongkai": "0.1.0", "python": "3.11.7", "scrapy": "2.19.0", "sqlite": "3.40.1", "sqlite-utils": "4.2.1", "twisted": "26.10.0", "zstandard": "0.25.0"}','{"portals": {"jian": {"agency": "吉安市", "region": "360800"}}}','finished','{}');
CREATE TABLE cycles (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT
) STRICT;
CREATE TABLE dictionaries (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    host TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT;
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
CREATE TABLE rounds (
    id INTEGER PRIMARY KEY,
    cycle INTEGER NOT NULL REFERENCES cycles (id),
    portal TEXT NOT NULL,
    started TEXT NOT NULL,
    finished TEXT
) STRICT;
CREATE TABLE urls (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL
) STRICT;
INSERT INTO "urls" VALUES(1,'http://www.jian.gov.cn/report-2017.html','www.jian.gov.cn');
INSERT INTO "urls" VALUES(2,'http://www.jian.gov.cn/report-2017.html?gone','www.jian.gov.cn');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
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
CREATE TRIGGER urls_no_update BEFORE UPDATE ON urls
BEGIN SELECT RAISE(ABORT, 'urls are append-only'); END;
CREATE TRIGGER urls_no_delete BEFORE DELETE ON urls
BEGIN SELECT RAISE(ABORT, 'urls are append-only'); END;
CREATE TRIGGER urls_no_replace BEFORE INSERT ON urls
WHEN EXISTS (SELECT 1 FROM urls WHERE id = NEW.id OR url = NEW.url)
BEGIN SELECT RAISE(ABORT, 'urls are append-only'); END;
CREATE TRIGGER dictionaries_no_update BEFORE UPDATE ON dictionaries
BEGIN SELECT RAISE(ABORT, 'dictionaries are append-only'); END;
CREATE TRIGGER dictionaries_no_delete BEFORE DELETE ON dictionaries
BEGIN SELECT RAISE(ABORT, 'dictionaries are append-only'); END;
CREATE TRIGGER dictionaries_no_replace BEFORE INSERT ON dictionaries
WHEN EXISTS (SELECT 1 FROM dictionaries WHERE id = NEW.id OR host = NEW.host)
BEGIN SELECT RAISE(ABORT, 'dictionaries are append-only'); END;
CREATE TRIGGER bodies_no_update BEFORE UPDATE ON bodies
BEGIN SELECT RAISE(ABORT, 'bodies are append-only'); END;
CREATE TRIGGER bodies_no_delete BEFORE DELETE ON bodies
BEGIN SELECT RAISE(ABORT, 'bodies are append-only'); END;
CREATE TRIGGER bodies_no_replace BEFORE INSERT ON bodies
WHEN EXISTS (SELECT 1 FROM bodies WHERE id = NEW.id OR sha256 = NEW.sha256)
BEGIN SELECT RAISE(ABORT, 'bodies are append-only'); END;
CREATE TRIGGER captures_no_update BEFORE UPDATE ON captures
BEGIN SELECT RAISE(ABORT, 'captures are append-only'); END;
CREATE TRIGGER captures_no_delete BEFORE DELETE ON captures
BEGIN SELECT RAISE(ABORT, 'captures are append-only'); END;
CREATE TRIGGER captures_no_replace BEFORE INSERT ON captures
WHEN EXISTS (SELECT 1 FROM captures WHERE id = NEW.id OR id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'captures are append-only'); END;
CREATE UNIQUE INDEX rounds_open ON rounds (portal) WHERE finished IS NULL;
CREATE INDEX rounds_by_cycle ON rounds (cycle);
CREATE INDEX frontier_queue ON frontier (round, state, rank, id);
COMMIT;
