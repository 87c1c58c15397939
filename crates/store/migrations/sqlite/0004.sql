-- Mail that comes in, passes through open, or comes back.

-- Which way an item goes (0 export, 1 transit à découvert, 2 import, 3 return), and the country that it comes from.
ALTER TABLE item ADD COLUMN journey INTEGER NOT NULL DEFAULT 0;
ALTER TABLE item ADD COLUMN origin TEXT;

-- The number of a receptacle's seal. States from 20 on are those of receptacles that are neither here nor expected.
ALTER TABLE receptacle ADD COLUMN seal TEXT;
DROP INDEX receptacle_here;
CREATE INDEX receptacle_here ON receptacle (id) WHERE state NOT IN (4, 7) AND state < 20;

-- Corrections: whether an item's sender has asked for it back, and the highest serial of a dispatch that has left.
ALTER TABLE item ADD COLUMN recalled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dispatch ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
UPDATE dispatch SET gone = COALESCE((SELECT MAX(CAST(substr(receptacle.s9, 21, 3) AS INTEGER)) FROM receptacle
    WHERE receptacle.dispatch = dispatch.id AND receptacle.state = 4), 0);
-- Mail from abroad. Of an item: what the assessment and customs say is due, as JSON, and the inland run that it was
-- forwarded on. Of a receptacle: what its office of origin advised of it, as JSON.
ALTER TABLE item ADD COLUMN duty TEXT;
ALTER TABLE item ADD COLUMN run TEXT;
CREATE INDEX item_run ON item (run) WHERE run IS NOT NULL;
ALTER TABLE receptacle ADD COLUMN advice TEXT;
CREATE INDEX dispatch_s8 ON dispatch (s8);

-- What had left in a receptacle and is here again: its receptacle left with it.
CREATE TABLE came_back (
    item INTEGER NOT NULL,
    receptacle INTEGER NOT NULL,
    weight_g INTEGER NOT NULL,
    is_registered INTEGER NOT NULL,
    lithium INTEGER NOT NULL,
    PRIMARY KEY (item, receptacle)
) WITHOUT ROWID;
-- What was heard by EDI. A reference comes once between two addresses, but for tests, which change nothing; is_back says
-- that its number is below that of one before it.
CREATE TABLE interchange (
    id INTEGER PRIMARY KEY,
    sender TEXT NOT NULL,
    sender_qualifier TEXT NOT NULL,
    recipient TEXT NOT NULL,
    recipient_qualifier TEXT NOT NULL,
    reference TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    file INTEGER NOT NULL,
    is_test INTEGER NOT NULL,
    is_back INTEGER NOT NULL
);
CREATE UNIQUE INDEX interchange_reference
    ON interchange (sender, sender_qualifier, recipient, recipient_qualifier, reference) WHERE is_test = 0;
-- What customs is told of items on lists, and what it answers.

-- The customs procedure of an item (0 postal article, 1 to 4 the codes 9610, 9710, 9810 and 1210, 5 general trade), the
-- filing that reports its arrival, and the last answer about its list: moment, status code, the number of the list.
ALTER TABLE item ADD COLUMN channel INTEGER NOT NULL DEFAULT 0;
ALTER TABLE item ADD COLUMN arrival INTEGER;
ALTER TABLE item ADD COLUMN answer TEXT;
CREATE INDEX item_arrival ON item (arrival) WHERE arrival IS NOT NULL;
ALTER TABLE receptacle ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;

-- Which item a list is about; a list is named by the code of its broker and the broker's own number of it.
CREATE TABLE customs_list (name TEXT PRIMARY KEY, item INTEGER NOT NULL) WITHOUT ROWID;

-- The station's own messages to customs, one row a part. States from 20 on are done.
CREATE TABLE filing (
    id INTEGER PRIMARY KEY,
    form INTEGER NOT NULL,
    number TEXT NOT NULL,
    part INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    container INTEGER,
    voyage TEXT,
    is_change INTEGER NOT NULL,
    state INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    opened_ms INTEGER NOT NULL,
    filed_ms INTEGER,
    attempts INTEGER NOT NULL,
    answer TEXT,
    events INTEGER NOT NULL
);
CREATE UNIQUE INDEX filing_number ON filing (number, part, attempts);
CREATE INDEX filing_pending ON filing (id) WHERE state < 20;
-- The network: ways, borders and what legs must permit.

-- Which lithium batteries an item holds (0 none, 1 in equipment, 2 alone), and how many such items a receptacle does.
ALTER TABLE item ADD COLUMN lithium INTEGER NOT NULL DEFAULT 0;
ALTER TABLE receptacle ADD COLUMN lithium_in_equipment INTEGER NOT NULL DEFAULT 0;
ALTER TABLE receptacle ADD COLUMN lithium_alone INTEGER NOT NULL DEFAULT 0;

-- How a departure's way goes, as it was last told: JSON; NULL where its route has no way through the network.
ALTER TABLE departure ADD COLUMN way TEXT;

-- Borders of which somebody has said something. Days are texts like 2026-09-12; all three are NULL once it is open again.
CREATE TABLE border (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    closed_from TEXT,
    closed_until TEXT,
    reason TEXT,
    events INTEGER NOT NULL
);

-- The container that a receptacle is locked to; the type and tare of a container, and whether it takes only what is locked.
ALTER TABLE receptacle ADD COLUMN locked_to INTEGER;
ALTER TABLE container ADD COLUMN equipment TEXT;
ALTER TABLE container ADD COLUMN tare_g INTEGER NOT NULL DEFAULT 0;
ALTER TABLE container ADD COLUMN is_closed INTEGER NOT NULL DEFAULT 0;

-- When the last dispatch for an office left, where its partner sets how often one must.
CREATE TABLE last_left (office TEXT PRIMARY KEY, left_ms INTEGER NOT NULL);
