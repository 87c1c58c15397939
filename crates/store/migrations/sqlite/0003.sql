-- What an assessment was made with, so that it can be reckoned again later, and what became of it while the item waited.

-- The tables of the tariff and the engine that read them, by the name that stands for their content.
CREATE TABLE revision (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, tables BLOB NOT NULL);

-- The revision, and the day since 1 CE on which the destination's customs was expected to accept the item; nothing where
-- the declaration was kept before this schema.
ALTER TABLE declaration ADD COLUMN revision INTEGER;
ALTER TABLE declaration ADD COLUMN accepted_on INTEGER;

-- The answer that holds in place of the first one.
CREATE TABLE reassessment (
    declaration INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    accepted_on INTEGER NOT NULL,
    assessment BLOB NOT NULL
);
