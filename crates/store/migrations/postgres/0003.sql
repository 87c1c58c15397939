-- What an assessment was made with, so that it can be reckoned again later, and what became of it while the item waited.

-- The tables of the tariff and the engine that read them, by the name that stands for their content.
CREATE TABLE revision (id BIGINT PRIMARY KEY, name TEXT COLLATE "C" NOT NULL UNIQUE, tables BYTEA NOT NULL);

-- The revision, and the day since 1 CE on which the destination's customs was expected to accept the item; nothing where
-- the declaration was kept before this schema.
ALTER TABLE declaration ADD COLUMN revision BIGINT;
ALTER TABLE declaration ADD COLUMN accepted_on BIGINT;

-- The answer that holds in place of the first one.
CREATE TABLE reassessment (
    declaration BIGINT PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    accepted_on BIGINT NOT NULL,
    assessment BYTEA NOT NULL
);
