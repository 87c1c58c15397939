-- The document in which an item from abroad was presented to customs last, and the version of its declaration then.
ALTER TABLE item ADD COLUMN presented BIGINT;
ALTER TABLE item ADD COLUMN presented_version BIGINT;
CREATE INDEX item_presented ON item (presented) WHERE presented IS NOT NULL;
