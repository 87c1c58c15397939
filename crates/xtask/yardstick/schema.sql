-- The yardstick: the same items as three plain tables, 25, 10 and 8 columns, imported by the sqlite3 shell.
PRAGMA page_size = 8192;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE item (
    file TEXT, ordinal INTEGER, identifier TEXT, form TEXT, class TEXT, posted_on TEXT, nature TEXT, gross_g INTEGER,
    postage TEXT, postage_currency TEXT, sender_kind TEXT, sender_name TEXT, sender_street TEXT, sender_city TEXT,
    sender_postcode TEXT, sender_country TEXT, sender_telephone TEXT, addressee_kind TEXT, addressee_name TEXT,
    addressee_street TEXT, addressee_city TEXT, addressee_postcode TEXT, addressee_country TEXT,
    addressee_telephone TEXT, pieces INTEGER
);
CREATE TABLE piece (
    file TEXT, ordinal INTEGER, piece INTEGER, description TEXT, units INTEGER, net_g INTEGER, value TEXT,
    currency TEXT, hs TEXT, origin TEXT
);
CREATE TABLE result (
    file TEXT, ordinal INTEGER, decision TEXT, channel TEXT, findings INTEGER, charges INTEGER, amount TEXT,
    currency TEXT
);
