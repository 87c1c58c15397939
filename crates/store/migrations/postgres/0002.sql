-- Rows that cost less to write, with the same content.

-- The events of a subject that one transaction appends lie in one row, as [[at_ms, code, detail], ...]; n is the number
-- of the first. That an item was declared is not written again beside its first declaration.
ALTER TABLE event RENAME TO event_of_0001;
ALTER TABLE event_of_0001 RENAME CONSTRAINT event_pkey TO event_of_0001_pkey;
CREATE TABLE event (
    kind BIGINT NOT NULL,
    subject BIGINT NOT NULL,
    n BIGINT NOT NULL,
    events TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, subject, n)
);
INSERT INTO event SELECT kind, subject, n, json_build_array(json_build_array(at_ms, code, detail))::text
    FROM event_of_0001 WHERE NOT (kind = 1 AND subject >= 4294967296 AND n = 1);
DROP TABLE event_of_0001;
CREATE VIEW history (kind, subject, n, at_ms, code, detail) AS
    SELECT 1::bigint, id / 64, 1::bigint, kept_ms, 'declared' COLLATE "C", '' COLLATE "C" FROM declaration
    WHERE id >= 274877906944 AND id % 64 = 1
    UNION ALL
    SELECT kind, subject, n + one.number - 1, (one.value ->> 0)::bigint, (one.value ->> 1) COLLATE "C",
        (one.value ->> 2) COLLATE "C"
    FROM event, json_array_elements(events::json) WITH ORDINALITY AS one (value, number);

-- What leaves is noted in narrow rows; its bytes are written once and not touched when it is delivered. A body's number
-- tells it from the one that it replaced.
ALTER TABLE outbound RENAME TO outbound_of_0001;
ALTER TABLE outbound_of_0001 RENAME CONSTRAINT outbound_pkey TO outbound_of_0001_pkey;
DROP INDEX outbound_waiting;
CREATE TABLE outbound_body (id BIGINT PRIMARY KEY, body BYTEA NOT NULL);
CREATE TABLE outbound (
    key TEXT COLLATE "C" PRIMARY KEY,
    queued_ms BIGINT NOT NULL,
    is_delivered BIGINT NOT NULL,
    body BIGINT NOT NULL
);
INSERT INTO outbound SELECT key, queued_ms, is_delivered, row_number() OVER (ORDER BY key) FROM outbound_of_0001;
INSERT INTO outbound_body SELECT outbound.body, old.body FROM outbound JOIN outbound_of_0001 old USING (key);
DROP TABLE outbound_of_0001;
CREATE INDEX outbound_waiting ON outbound (key) WHERE is_delivered = 0;
