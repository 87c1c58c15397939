-- Rows that cost less to write, with the same content.

-- The events of a subject that one transaction appends lie in one row, as [[at_ms, code, detail], ...]; n is the number
-- of the first. That an item was declared is not written again beside its first declaration.
ALTER TABLE event RENAME TO event_of_0001;
CREATE TABLE event (
    kind INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    n INTEGER NOT NULL,
    events TEXT NOT NULL,
    PRIMARY KEY (kind, subject, n)
) WITHOUT ROWID;
INSERT INTO event SELECT kind, subject, n, json_array(json_array(at_ms, code, detail)) FROM event_of_0001
    WHERE NOT (kind = 1 AND subject >= 4294967296 AND n = 1);
DROP TABLE event_of_0001;
CREATE VIEW history (kind, subject, n, at_ms, code, detail) AS
    SELECT 1, id / 64, 1, kept_ms, 'declared', '' FROM declaration WHERE id >= 274877906944 AND id % 64 = 1
    UNION ALL
    SELECT kind, subject, n + one.key, one.value ->> 0, one.value ->> 1, one.value ->> 2
    FROM event, json_each(events) AS one;

-- What leaves is noted in narrow rows; its bytes are written once and not touched when it is delivered. A body's number
-- tells it from the one that it replaced.
ALTER TABLE outbound RENAME TO outbound_of_0001;
CREATE TABLE outbound_body (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE outbound (
    key TEXT PRIMARY KEY,
    queued_ms INTEGER NOT NULL,
    is_delivered INTEGER NOT NULL,
    body INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO outbound_body SELECT rowid, body FROM outbound_of_0001;
INSERT INTO outbound SELECT key, queued_ms, is_delivered, rowid FROM outbound_of_0001;
DROP TABLE outbound_of_0001;
CREATE INDEX outbound_waiting ON outbound (key) WHERE is_delivered = 0;
