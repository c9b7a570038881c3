-- Why an entry is there, where more than one cause made it; an entry of one cause is its own.
CREATE TABLE suppression_cause (
  list        TEXT NOT NULL,
  address_key TEXT NOT NULL,
  scope       TEXT NOT NULL,
  cause       TEXT NOT NULL,
  body        BLOB NOT NULL,
  PRIMARY KEY (list, address_key, scope, cause)
) WITHOUT ROWID;

-- Soft bounces that count; days are ISO-8601 dates, comma-separated.
CREATE TABLE soft_bounce (
  list        TEXT NOT NULL,
  address_key TEXT NOT NULL,
  bounces     INTEGER NOT NULL,
  days        TEXT NOT NULL,
  last_at     INTEGER NOT NULL,
  cool_downs  INTEGER NOT NULL,
  PRIMARY KEY (list, address_key)
) WITHOUT ROWID;

-- The moment from which the consumer was last told to read again.
ALTER TABLE feed_cursor ADD COLUMN replayed_from INTEGER;
