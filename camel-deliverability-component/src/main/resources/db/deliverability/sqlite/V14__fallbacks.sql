-- Messages that failed for good and wait for the fallback of their stream: the content once, a row a recipient.
CREATE TABLE fallback_message (
  id       INTEGER PRIMARY KEY,
  queue_id TEXT NOT NULL UNIQUE,
  header   BLOB NOT NULL,
  content  BLOB NOT NULL
);

-- The body is the final outcome as an event.
CREATE TABLE fallback (
  queue_id  TEXT NOT NULL,
  ordinal   INTEGER NOT NULL,
  stream_id INTEGER NOT NULL,
  failed_at INTEGER NOT NULL,
  due       INTEGER NOT NULL,
  attempts  INTEGER NOT NULL DEFAULT 0,
  body      BLOB NOT NULL,
  PRIMARY KEY (queue_id, ordinal)
) WITHOUT ROWID;

CREATE INDEX fallback_due ON fallback (stream_id, due);
