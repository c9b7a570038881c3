-- What was handled before (mails, events of sending services), by a hash of its content, and what became of it.
CREATE TABLE handled (
  scope   TEXT NOT NULL,
  key     TEXT NOT NULL,
  outcome TEXT NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) WITHOUT ROWID;
CREATE INDEX handled_at ON handled (at);
