/**
 * The durable memory of the mailer: spool, event log and suppression lists in one database.
 *
 * <p>Start at {@link io.github.cameldeliverability.store.SqliteStore}, which opens the file and puts the parts together.
 * Every change is an {@code Operation} that goes through {@code GroupCommit}: one thread writes, many concurrent calls
 * share one commit (one fsync), so speed comes from concurrency, not from giving up durability. Reads go through {@code
 * Readers}. {@code JdbcSpool}, {@code JdbcEventLog} and {@code JdbcSuppressionList} hold the SQL, which is kept to what
 * SQLite and PostgreSQL both understand; what only SQLite knows is in {@code SqliteFile}.
 *
 * <p>Who owns rows: an SQLite file has one engine at a time, proven by a lock on the side file {@code FILE.lock}, which
 * the operating system drops with the process. So whoever opens the file as engine knows that all earlier owners are
 * dead, and frees their rows at once; no lease has to run out. Operators' tools open the same file with {@link
 * io.github.cameldeliverability.store.SqliteStore#openAdmin} beside the engine; they hold no rows.
 *
 * <p>Must not be in here: anything that decides about mail (retry times, suppression policy), threads that nobody named,
 * JDBC types in public signatures.
 */
package io.github.cameldeliverability.store;
