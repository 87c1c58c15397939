-- What keeps mail from leaving that must not, and what was mended.

-- What customs has decided about a receptacle or a container as a whole, by the numbers of an item's case.
ALTER TABLE receptacle ADD COLUMN customs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE container ADD COLUMN customs INTEGER NOT NULL DEFAULT 0;


CREATE INDEX came_back_receptacle ON came_back (receptacle);
