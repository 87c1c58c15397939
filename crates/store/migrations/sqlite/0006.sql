-- The document in which an item from abroad was presented to customs last, and the version of its declaration then.
ALTER TABLE item ADD COLUMN presented INTEGER;
ALTER TABLE item ADD COLUMN presented_version INTEGER;
CREATE INDEX item_presented ON item (presented) WHERE presented IS NOT NULL;

-- What carries mail, where somebody has said it: the number of a departure's train or run, and the wagon or truck under a
-- container.
ALTER TABLE departure ADD COLUMN conveyance TEXT;
ALTER TABLE container ADD COLUMN vehicle TEXT;

-- What customs have in hand has not left either.
DROP INDEX item_outside;
CREATE INDEX item_outside ON item (id) WHERE receptacle IS NULL AND (custody < 3 OR custody IN (8, 11));

-- Which of the vehicles that a route promises a container was announced as: route and place from 0, `almaty-road/1`.
ALTER TABLE container ADD COLUMN announced_as TEXT;

-- Whether an item is dangerous goods that may be carried (lithium batteries aside), and how many such items a receptacle
-- holds.
ALTER TABLE item ADD COLUMN dangerous INTEGER NOT NULL DEFAULT 0;
ALTER TABLE receptacle ADD COLUMN dangerous INTEGER NOT NULL DEFAULT 0;
ALTER TABLE came_back ADD COLUMN is_dangerous INTEGER NOT NULL DEFAULT 0;

-- When the carrier signed for a container, where its signature holds.
ALTER TABLE container ADD COLUMN signed_ms INTEGER;
UPDATE container SET signed_ms = (SELECT MAX(at_ms) FROM history WHERE kind = 4 AND subject = container.id
    AND code = 'signed') WHERE is_signed <> 0;
ALTER TABLE container DROP COLUMN is_signed;

-- What was answered for a receptacle before it left: whether anything, and what it weighed where that was said.
ALTER TABLE receptacle ADD COLUMN is_answered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE receptacle ADD COLUMN answered_g INTEGER;

-- Items in a dispatch of which its office asks to be told, and that ITMATT could not say.
CREATE TABLE untold (dispatch INTEGER NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (dispatch, item)) WITHOUT ROWID;

-- When the last seal of a container was put on, where it has one; another office's is received with its seal.
ALTER TABLE container ADD COLUMN sealed_ms INTEGER;
UPDATE container SET sealed_ms = (SELECT MAX(at_ms) FROM history WHERE kind = 4 AND subject = container.id
    AND code IN ('sealed', 'received')) WHERE seals <> '[]';
