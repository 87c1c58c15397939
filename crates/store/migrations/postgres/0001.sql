-- The first schema. Times are milliseconds UTC, weights grams, volumes cubic centimetres, money minor units.
-- Texts order by their bytes whatever the database's own collation is, so that both databases give the same order.

CREATE TABLE station (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL,
    lease_epoch BIGINT NOT NULL,
    lease_holder TEXT COLLATE "C",
    lease_taken_ms BIGINT,
    clock_ms BIGINT,
    planned_to_ms BIGINT
);
INSERT INTO station (id, version, lease_epoch) VALUES (1, 0, 0);

CREATE TABLE sequence (name TEXT COLLATE "C" PRIMARY KEY, value BIGINT NOT NULL);

-- The number of a file is the upper part of its items' numbers (file * 2^32 + ordinal), and those of their
-- declarations' (item * 64 + version): beyond 2^25 files they would not fit.
CREATE TABLE file (
    id BIGINT PRIMARY KEY CHECK (id BETWEEN 1 AND 33554431),
    hash BYTEA NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    bytes BIGINT NOT NULL,
    claimed_ms BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    kept_to BIGINT NOT NULL,
    verdict BIGINT NOT NULL,
    format TEXT COLLATE "C" NOT NULL,
    is_moved BIGINT NOT NULL
);
CREATE INDEX file_unmoved ON file (id) WHERE is_moved = 0;

CREATE TABLE item_key (key BIGINT PRIMARY KEY, item BIGINT NOT NULL, since_ms BIGINT NOT NULL, fingerprint BIGINT NOT NULL);
CREATE TABLE item_name (name TEXT COLLATE "C" PRIMARY KEY, item BIGINT NOT NULL, since_ms BIGINT NOT NULL, fingerprint BIGINT NOT NULL);

CREATE TABLE item (
    id BIGINT PRIMARY KEY,
    key BIGINT,
    name TEXT COLLATE "C",
    decision BIGINT NOT NULL,
    physical BIGINT,
    stream TEXT COLLATE "C",
    destination TEXT COLLATE "C",
    handling BIGINT NOT NULL,
    declared_g BIGINT,
    scale_g BIGINT,
    volume_cm3 BIGINT,
    custody BIGINT NOT NULL,
    customs BIGINT NOT NULL,
    receptacle BIGINT,
    version BIGINT NOT NULL,
    events BIGINT NOT NULL
);
CREATE INDEX item_receptacle ON item (receptacle) WHERE receptacle IS NOT NULL;

-- The id is item * 64 + version: versions of an item lie together and need no second key.
CREATE TABLE declaration (
    id BIGINT PRIMARY KEY,
    file BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    kept_ms BIGINT NOT NULL,
    packed BYTEA NOT NULL,
    assessment BYTEA NOT NULL
);
CREATE TABLE redeclaration (declaration BIGINT PRIMARY KEY, is_reused BIGINT NOT NULL);

CREATE TABLE charge (
    declaration BIGINT NOT NULL,
    n BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    minor BIGINT NOT NULL,
    is_unverified BIGINT NOT NULL,
    PRIMARY KEY (declaration, n)
);

CREATE TABLE finding (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind BIGINT NOT NULL,
    subject BIGINT NOT NULL,
    file BIGINT,
    ordinal BIGINT,
    at_ms BIGINT NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    severity BIGINT NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    piece BIGINT,
    field TEXT COLLATE "C" NOT NULL,
    arguments TEXT COLLATE "C" NOT NULL
);
CREATE INDEX finding_subject ON finding (kind, subject);
CREATE INDEX finding_file ON finding (file) WHERE file IS NOT NULL;
CREATE INDEX finding_code ON finding (code);

CREATE TABLE event (
    kind BIGINT NOT NULL,
    subject BIGINT NOT NULL,
    n BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, subject, n)
);

CREATE TABLE receptacle (
    id BIGINT PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    state BIGINT NOT NULL,
    stream TEXT COLLATE "C",
    dispatch BIGINT,
    s9 TEXT COLLATE "C",
    items BIGINT NOT NULL,
    registered BIGINT NOT NULL,
    content_g BIGINT NOT NULL,
    volume_cm3 BIGINT NOT NULL,
    tare_g BIGINT NOT NULL,
    scale_g BIGINT,
    closing_for TEXT COLLATE "C",
    opened_ms BIGINT NOT NULL,
    closed_ms BIGINT,
    container BIGINT,
    stopped BIGINT NOT NULL,
    events BIGINT NOT NULL
);
CREATE INDEX receptacle_here ON receptacle (id) WHERE state NOT IN (4, 7);
-- The dispatch stands for series and full year; its S8 alone comes again after ten years.
CREATE UNIQUE INDEX receptacle_serial ON receptacle (dispatch, substr(s9, 21, 3)) WHERE dispatch IS NOT NULL;
CREATE INDEX receptacle_container ON receptacle (container);

CREATE TABLE dispatch (
    id BIGINT PRIMARY KEY,
    series TEXT COLLATE "C" NOT NULL,
    year BIGINT NOT NULL,
    s8 TEXT COLLATE "C" NOT NULL,
    state BIGINT NOT NULL,
    receptacles BIGINT NOT NULL,
    opened_ms BIGINT NOT NULL,
    closed_ms BIGINT,
    departure TEXT COLLATE "C",
    events BIGINT NOT NULL
);
CREATE UNIQUE INDEX dispatch_number ON dispatch (series, year, s8);
CREATE UNIQUE INDEX dispatch_open ON dispatch (series) WHERE state = 0;

CREATE TABLE departure (
    id BIGINT PRIMARY KEY,
    key TEXT COLLATE "C" NOT NULL UNIQUE,
    route TEXT COLLATE "C" NOT NULL,
    departs_ms BIGINT NOT NULL,
    dispatch_close_ms BIGINT NOT NULL,
    seal_ms BIGINT NOT NULL,
    state BIGINT NOT NULL,
    left_behind TEXT COLLATE "C" NOT NULL,
    events BIGINT NOT NULL
);

CREATE TABLE container (
    id BIGINT PRIMARY KEY,
    number TEXT COLLATE "C" NOT NULL,
    departure TEXT COLLATE "C" NOT NULL,
    is_through BIGINT NOT NULL,
    payload_g BIGINT NOT NULL,
    usable_cm3 BIGINT NOT NULL,
    gross_g BIGINT NOT NULL,
    volume_cm3 BIGINT NOT NULL,
    receptacles BIGINT NOT NULL,
    state BIGINT NOT NULL,
    seals TEXT COLLATE "C" NOT NULL,
    cn37 TEXT COLLATE "C" UNIQUE,
    transfer_number TEXT COLLATE "C",
    is_signed BIGINT NOT NULL,
    stopped BIGINT NOT NULL,
    events BIGINT NOT NULL
);

CREATE TABLE outbound (
    key TEXT COLLATE "C" PRIMARY KEY,
    queued_ms BIGINT NOT NULL,
    is_delivered BIGINT NOT NULL,
    body BYTEA NOT NULL
);
CREATE INDEX outbound_waiting ON outbound (key) WHERE is_delivered = 0;
