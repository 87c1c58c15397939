-- Mail that comes in, passes through open, or comes back.

-- Which way an item goes (0 export, 1 transit à découvert, 2 import, 3 return), and the country that it comes from.
ALTER TABLE item ADD COLUMN journey BIGINT NOT NULL DEFAULT 0;
ALTER TABLE item ADD COLUMN origin TEXT COLLATE "C";

-- The number of a receptacle's seal. States from 20 on are those of receptacles that are neither here nor expected.
ALTER TABLE receptacle ADD COLUMN seal TEXT COLLATE "C";
DROP INDEX receptacle_here;
CREATE INDEX receptacle_here ON receptacle (id) WHERE state NOT IN (4, 7) AND state < 20;

-- Corrections: whether an item's sender has asked for it back, and the highest serial of a dispatch that has left.
ALTER TABLE item ADD COLUMN recalled BIGINT NOT NULL DEFAULT 0;
ALTER TABLE dispatch ADD COLUMN gone BIGINT NOT NULL DEFAULT 0;
UPDATE dispatch SET gone = COALESCE((SELECT MAX(CAST(substr(receptacle.s9, 21, 3) AS BIGINT)) FROM receptacle
    WHERE receptacle.dispatch = dispatch.id AND receptacle.state = 4), 0);
-- Mail from abroad. Of an item: what the assessment and customs say is due, as JSON, and the inland run that it was
-- forwarded on. Of a receptacle: what its office of origin advised of it, as JSON.
ALTER TABLE item ADD COLUMN duty TEXT COLLATE "C";
ALTER TABLE item ADD COLUMN run TEXT COLLATE "C";
CREATE INDEX item_run ON item (run) WHERE run IS NOT NULL;
ALTER TABLE receptacle ADD COLUMN advice TEXT COLLATE "C";
CREATE INDEX dispatch_s8 ON dispatch (s8);

-- What had left in a receptacle and is here again: its receptacle left with it.
CREATE TABLE came_back (
    item BIGINT NOT NULL,
    receptacle BIGINT NOT NULL,
    weight_g BIGINT NOT NULL,
    is_registered BIGINT NOT NULL,
    lithium BIGINT NOT NULL,
    PRIMARY KEY (item, receptacle)
);
-- What was heard by EDI. A reference comes once between two addresses, but for tests, which change nothing; is_back says
-- that its number is below that of one before it.
CREATE TABLE interchange (
    id BIGINT PRIMARY KEY,
    sender TEXT COLLATE "C" NOT NULL,
    sender_qualifier TEXT COLLATE "C" NOT NULL,
    recipient TEXT COLLATE "C" NOT NULL,
    recipient_qualifier TEXT COLLATE "C" NOT NULL,
    reference TEXT COLLATE "C" NOT NULL,
    at_ms BIGINT NOT NULL,
    file BIGINT NOT NULL,
    is_test BIGINT NOT NULL,
    is_back BIGINT NOT NULL
);
CREATE UNIQUE INDEX interchange_reference
    ON interchange (sender, sender_qualifier, recipient, recipient_qualifier, reference) WHERE is_test = 0;
-- What customs is told of items on lists, and what it answers.

-- The customs procedure of an item (0 postal article, 1 to 4 the codes 9610, 9710, 9810 and 1210, 5 general trade), the
-- filing that reports its arrival, and the last answer about its list: moment, status code, the number of the list.
ALTER TABLE item ADD COLUMN channel BIGINT NOT NULL DEFAULT 0;
ALTER TABLE item ADD COLUMN arrival BIGINT;
ALTER TABLE item ADD COLUMN answer TEXT COLLATE "C";
CREATE INDEX item_arrival ON item (arrival) WHERE arrival IS NOT NULL;
ALTER TABLE receptacle ADD COLUMN listed BIGINT NOT NULL DEFAULT 0;

-- Which item a list is about; a list is named by the code of its broker and the broker's own number of it.
CREATE TABLE customs_list (name TEXT COLLATE "C" PRIMARY KEY, item BIGINT NOT NULL);

-- The station's own messages to customs, one row a part. States from 20 on are done.
CREATE TABLE filing (
    id BIGINT PRIMARY KEY,
    form BIGINT NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    part BIGINT NOT NULL,
    parts BIGINT NOT NULL,
    container BIGINT,
    voyage TEXT COLLATE "C",
    is_change BIGINT NOT NULL,
    state BIGINT NOT NULL,
    lines BIGINT NOT NULL,
    opened_ms BIGINT NOT NULL,
    filed_ms BIGINT,
    attempts BIGINT NOT NULL,
    answer TEXT COLLATE "C",
    events BIGINT NOT NULL
);
CREATE UNIQUE INDEX filing_number ON filing (number, part, attempts);
CREATE INDEX filing_pending ON filing (id) WHERE state < 20;
-- The network: ways, borders and what legs must permit.

-- Which lithium batteries an item holds (0 none, 1 in equipment, 2 alone), and how many such items a receptacle does.
ALTER TABLE item ADD COLUMN lithium BIGINT NOT NULL DEFAULT 0;
ALTER TABLE receptacle ADD COLUMN lithium_in_equipment BIGINT NOT NULL DEFAULT 0;
ALTER TABLE receptacle ADD COLUMN lithium_alone BIGINT NOT NULL DEFAULT 0;

-- How a departure's way goes, as it was last told: JSON; NULL where its route has no way through the network.
ALTER TABLE departure ADD COLUMN way TEXT COLLATE "C";

-- Borders of which somebody has said something. Days are texts like 2026-09-12; all three are NULL once it is open again.
CREATE TABLE border (
    id BIGINT PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    closed_from TEXT COLLATE "C",
    closed_until TEXT COLLATE "C",
    reason TEXT COLLATE "C",
    events BIGINT NOT NULL
);

-- The container that a receptacle is locked to; the type and tare of a container, and whether it takes only what is locked.
ALTER TABLE receptacle ADD COLUMN locked_to BIGINT;
ALTER TABLE container ADD COLUMN equipment TEXT COLLATE "C";
ALTER TABLE container ADD COLUMN tare_g BIGINT NOT NULL DEFAULT 0;
ALTER TABLE container ADD COLUMN is_closed BIGINT NOT NULL DEFAULT 0;

-- When the last dispatch for an office left, where its partner sets how often one must.
CREATE TABLE last_left (office TEXT COLLATE "C" PRIMARY KEY, left_ms BIGINT NOT NULL);
