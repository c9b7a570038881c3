-- What holds mail back for a while. The body is the whole record; orders counts what operators said about it.
CREATE TABLE effect (
  id         TEXT PRIMARY KEY,
  over       INTEGER NOT NULL,
  orders     INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  body       BLOB NOT NULL
) WITHOUT ROWID;

-- What happened to effects; stream is empty where all streams are concerned.
CREATE TABLE effect_event (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  stream   TEXT NOT NULL,
  what     TEXT NOT NULL,
  at       INTEGER NOT NULL,
  body     BLOB NOT NULL
);

-- What shaping has counted and learnt, by name.
CREATE TABLE shaping_note (
  name TEXT PRIMARY KEY,
  at   INTEGER NOT NULL,
  text TEXT NOT NULL
) WITHOUT ROWID;

-- Complaints and returned mail that the engine has not counted yet.
CREATE TABLE reputation_report (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  kind         TEXT NOT NULL,
  stream       TEXT NOT NULL,
  provider     TEXT NOT NULL,
  delivered_at INTEGER NOT NULL,
  at           INTEGER NOT NULL,
  evidence     TEXT NOT NULL
);
