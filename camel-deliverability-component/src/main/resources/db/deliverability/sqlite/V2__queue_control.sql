-- An operator withdrew the row while the engine held it: whatever frees it ends it.
ALTER TABLE recipient ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0;
CREATE INDEX recipient_cancelled ON recipient (message_id, ordinal) WHERE cancelled <> 0;

-- What is held back; domain is empty for a whole stream.
CREATE TABLE suspension (
  stream TEXT NOT NULL,
  domain TEXT NOT NULL,
  since  INTEGER NOT NULL,
  why    TEXT NOT NULL,
  PRIMARY KEY (stream, domain)
) WITHOUT ROWID;
