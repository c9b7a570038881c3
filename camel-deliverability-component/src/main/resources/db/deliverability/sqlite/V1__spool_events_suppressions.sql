-- Times are milliseconds since 1970, UTC. Blobs are records of package store (RecordWriter): first octet is their version.

-- Small settings of other rooms: secrets, counters.
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;

-- One row for each opening of the store as an engine; the highest is the present owner.
CREATE TABLE node (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  name      TEXT NOT NULL,
  opened_at INTEGER NOT NULL
);

-- Streams by number, with counters that are kept in the transaction of the change, so that counting never scans.
CREATE TABLE stream (
  id       INTEGER PRIMARY KEY,
  name     TEXT NOT NULL UNIQUE,
  messages INTEGER NOT NULL DEFAULT 0,
  open     INTEGER NOT NULL DEFAULT 0,
  held     INTEGER NOT NULL DEFAULT 0,
  deferred INTEGER NOT NULL DEFAULT 0
);

-- The header record comes before the content: reading it must not walk the content's overflow pages.
CREATE TABLE message (
  id          INTEGER PRIMARY KEY,
  queue_id    TEXT NOT NULL UNIQUE,
  stream_id   INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,
  header      BLOB NOT NULL,
  content     BLOB NOT NULL
);

-- Open recipients only. holder is the node that has the row, 0 when it is free.
CREATE TABLE recipient (
  message_id INTEGER NOT NULL,
  ordinal    INTEGER NOT NULL,
  stream_id  INTEGER NOT NULL,
  domain     TEXT NOT NULL,
  due        INTEGER NOT NULL,
  attempts   INTEGER NOT NULL DEFAULT 0,
  holder     INTEGER NOT NULL,
  last_reply TEXT,
  PRIMARY KEY (message_id, ordinal)
) WITHOUT ROWID;

-- A message that is delivered at the first attempt is never in these.
CREATE INDEX recipient_free_due ON recipient (stream_id, due, domain) WHERE holder = 0;
CREATE INDEX recipient_free_domain ON recipient (stream_id, domain, due) WHERE holder = 0;

CREATE TABLE event (
  id        INTEGER PRIMARY KEY,
  stream_id INTEGER NOT NULL,
  queue_id  TEXT NOT NULL,
  ordinal   INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  body      BLOB NOT NULL
);
CREATE INDEX event_queue_id ON event (queue_id);

-- Events nobody has acknowledged yet; their bodies are not touched again.
CREATE TABLE outbox (
  stream_id    INTEGER NOT NULL,
  event_id     INTEGER NOT NULL,
  leased_until INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (stream_id, event_id)
) WITHOUT ROWID;

CREATE TABLE suppression (
  list        TEXT NOT NULL,
  address_key TEXT NOT NULL,
  scope       TEXT NOT NULL,
  body        BLOB NOT NULL,
  PRIMARY KEY (list, address_key, scope)
) WITHOUT ROWID;

-- The change feed; AUTOINCREMENT because a sequence must never come twice.
CREATE TABLE suppression_change (
  sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
  list        TEXT NOT NULL,
  address_key TEXT NOT NULL,
  operation   TEXT NOT NULL,
  at          INTEGER NOT NULL,
  body        BLOB NOT NULL
);
CREATE INDEX suppression_change_list ON suppression_change (list, sequence);

CREATE TABLE feed_cursor (
  list     TEXT NOT NULL,
  consumer TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (list, consumer)
) WITHOUT ROWID;
