-- What keeps mail from leaving that must not, and what was mended.

-- What customs has decided about a receptacle or a container as a whole, by the numbers of an item's case.
ALTER TABLE receptacle ADD COLUMN customs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE container ADD COLUMN customs INTEGER NOT NULL DEFAULT 0;

CREATE INDEX came_back_receptacle ON came_back (receptacle);

-- Why the station itself holds an item (1 its identifier, 2 its receptacle, 3 its procedure), until another version of its
-- declaration comes; NULL where it does not.
ALTER TABLE item ADD COLUMN own_hold INTEGER;
UPDATE item SET own_hold = 1 WHERE decision <> 0 AND id IN (SELECT subject FROM finding WHERE kind = 1
    AND code IN ('identifier-reused', 'identifier-repeated', 'versions-exhausted'));
UPDATE item SET own_hold = 2 WHERE decision <> 0 AND receptacle IS NOT NULL
    AND id IN (SELECT subject FROM finding WHERE kind = 1 AND code = 'receptacle-wrong');
UPDATE item SET own_hold = 3 WHERE decision <> 0 AND receptacle IS NOT NULL
    AND id IN (SELECT subject FROM finding WHERE kind = 1 AND code = 'channel-changed');

-- What a person has said to be settled, by its name (the S8 of a dispatch, the CN 37 of a consignment), and when last.
CREATE TABLE resolution (name TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX item_recalled ON item (id) WHERE recalled = 1;

-- What is read of what has not left, however much has.
CREATE INDEX filing_container ON filing (container) WHERE container IS NOT NULL;
CREATE INDEX container_here ON container (id) WHERE state NOT IN (3, 4);
CREATE INDEX item_outside ON item (id) WHERE receptacle IS NULL AND (custody < 3 OR custody = 8);

-- Where another office's container comes from and goes to, and what a supervisor has allowed of a container: fault and
-- departure, as JSON.
ALTER TABLE container ADD COLUMN origin TEXT;
ALTER TABLE container ADD COLUMN destination TEXT;
ALTER TABLE container ADD COLUMN allowed TEXT NOT NULL DEFAULT '[]';

-- The last version of a declaration that its sender stands for, while the one in force waits for the sender's word.
ALTER TABLE item ADD COLUMN confirmed INTEGER;

-- What a message to customs does to what was told under its number: 0 add, 1 change, 2 delete.
ALTER TABLE filing RENAME COLUMN is_change TO action;
