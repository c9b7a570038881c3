-- What is reserved of limits that hold for a period: caps of a day or an hour, quotas, warm-ups.
CREATE TABLE counter (
  name     TEXT NOT NULL,
  begins   INTEGER NOT NULL,
  ends     INTEGER NOT NULL,
  reserved INTEGER NOT NULL,
  PRIMARY KEY (name, begins, ends)
) WITHOUT ROWID;
CREATE INDEX counter_ends ON counter (ends);

-- Small notes of the shaping, such as how far a warm-up has come.
CREATE TABLE note (
  name TEXT PRIMARY KEY,
  body TEXT NOT NULL
) WITHOUT ROWID;
