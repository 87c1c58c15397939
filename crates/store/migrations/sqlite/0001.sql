-- The first schema. Times are milliseconds UTC, weights grams, volumes cubic centimetres, money minor units.

CREATE TABLE station (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    lease_epoch INTEGER NOT NULL,
    lease_holder TEXT,
    lease_taken_ms INTEGER,
    clock_ms INTEGER,
    planned_to_ms INTEGER
);
INSERT INTO station (id, version, lease_epoch) VALUES (1, 0, 0);

CREATE TABLE sequence (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

-- The number of a file is the upper part of its items' numbers (file * 2^32 + ordinal), and those of their
-- declarations' (item * 64 + version): beyond 2^25 files they would not fit.
CREATE TABLE file (
    id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 33554431),
    hash BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    claimed_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    kept_to INTEGER NOT NULL,
    verdict INTEGER NOT NULL,
    format TEXT NOT NULL,
    is_moved INTEGER NOT NULL
);
CREATE INDEX file_unmoved ON file (id) WHERE is_moved = 0;

CREATE TABLE item_key (key INTEGER PRIMARY KEY, item INTEGER NOT NULL, since_ms INTEGER NOT NULL, fingerprint INTEGER NOT NULL);
CREATE TABLE item_name (name TEXT PRIMARY KEY, item INTEGER NOT NULL, since_ms INTEGER NOT NULL, fingerprint INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE item (
    id INTEGER PRIMARY KEY,
    key INTEGER,
    name TEXT,
    decision INTEGER NOT NULL,
    physical INTEGER,
    stream TEXT,
    destination TEXT,
    handling INTEGER NOT NULL,
    declared_g INTEGER,
    scale_g INTEGER,
    volume_cm3 INTEGER,
    custody INTEGER NOT NULL,
    customs INTEGER NOT NULL,
    receptacle INTEGER,
    version INTEGER NOT NULL,
    events INTEGER NOT NULL
);
CREATE INDEX item_receptacle ON item (receptacle) WHERE receptacle IS NOT NULL;

-- The id is item * 64 + version: versions of an item lie together and need no second key.
CREATE TABLE declaration (
    id INTEGER PRIMARY KEY,
    file INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    kept_ms INTEGER NOT NULL,
    packed BLOB NOT NULL,
    assessment BLOB NOT NULL
);
CREATE TABLE redeclaration (declaration INTEGER PRIMARY KEY, is_reused INTEGER NOT NULL);

CREATE TABLE charge (
    declaration INTEGER NOT NULL,
    n INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    currency TEXT NOT NULL,
    minor INTEGER NOT NULL,
    is_unverified INTEGER NOT NULL,
    PRIMARY KEY (declaration, n)
) WITHOUT ROWID;

CREATE TABLE finding (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    file INTEGER,
    ordinal INTEGER,
    at_ms INTEGER NOT NULL,
    code TEXT NOT NULL,
    severity INTEGER NOT NULL,
    place TEXT NOT NULL,
    piece INTEGER,
    field TEXT NOT NULL,
    arguments TEXT NOT NULL
);
CREATE INDEX finding_subject ON finding (kind, subject);
CREATE INDEX finding_file ON finding (file) WHERE file IS NOT NULL;
CREATE INDEX finding_code ON finding (code);

CREATE TABLE event (
    kind INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    n INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (kind, subject, n)
) WITHOUT ROWID;

CREATE TABLE receptacle (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    state INTEGER NOT NULL,
    stream TEXT,
    dispatch INTEGER,
    s9 TEXT,
    items INTEGER NOT NULL,
    registered INTEGER NOT NULL,
    content_g INTEGER NOT NULL,
    volume_cm3 INTEGER NOT NULL,
    tare_g INTEGER NOT NULL,
    scale_g INTEGER,
    closing_for TEXT,
    opened_ms INTEGER NOT NULL,
    closed_ms INTEGER,
    container INTEGER,
    stopped INTEGER NOT NULL,
    events INTEGER NOT NULL
);
CREATE INDEX receptacle_here ON receptacle (id) WHERE state NOT IN (4, 7);
-- The dispatch stands for series and full year; its S8 alone comes again after ten years.
CREATE UNIQUE INDEX receptacle_serial ON receptacle (dispatch, substr(s9, 21, 3)) WHERE dispatch IS NOT NULL;
CREATE INDEX receptacle_container ON receptacle (container);

CREATE TABLE dispatch (
    id INTEGER PRIMARY KEY,
    series TEXT NOT NULL,
    year INTEGER NOT NULL,
    s8 TEXT NOT NULL,
    state INTEGER NOT NULL,
    receptacles INTEGER NOT NULL,
    opened_ms INTEGER NOT NULL,
    closed_ms INTEGER,
    departure TEXT,
    events INTEGER NOT NULL
);
CREATE UNIQUE INDEX dispatch_number ON dispatch (series, year, s8);
CREATE UNIQUE INDEX dispatch_open ON dispatch (series) WHERE state = 0;

CREATE TABLE departure (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    route TEXT NOT NULL,
    departs_ms INTEGER NOT NULL,
    dispatch_close_ms INTEGER NOT NULL,
    seal_ms INTEGER NOT NULL,
    state INTEGER NOT NULL,
    left_behind TEXT NOT NULL,
    events INTEGER NOT NULL
);

CREATE TABLE container (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL,
    departure TEXT NOT NULL,
    is_through INTEGER NOT NULL,
    payload_g INTEGER NOT NULL,
    usable_cm3 INTEGER NOT NULL,
    gross_g INTEGER NOT NULL,
    volume_cm3 INTEGER NOT NULL,
    receptacles INTEGER NOT NULL,
    state INTEGER NOT NULL,
    seals TEXT NOT NULL,
    cn37 TEXT UNIQUE,
    transfer_number TEXT,
    is_signed INTEGER NOT NULL,
    stopped INTEGER NOT NULL,
    events INTEGER NOT NULL
);

CREATE TABLE outbound (
    key TEXT PRIMARY KEY,
    queued_ms INTEGER NOT NULL,
    is_delivered INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX outbound_waiting ON outbound (key) WHERE is_delivered = 0;
