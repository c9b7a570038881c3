-- Which message has a Message-ID header field, without its brackets and cut to a length. Ids that are made of the queue id are
-- not in it. Our own ids begin with the time, so that new ones come at the end. Goes with the message's events.
CREATE TABLE message_ref (
  message_id TEXT NOT NULL,
  queue_id   TEXT NOT NULL,
  PRIMARY KEY (message_id, queue_id)
) WITHOUT ROWID;
