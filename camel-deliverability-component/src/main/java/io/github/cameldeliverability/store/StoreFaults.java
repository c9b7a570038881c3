package io.github.cameldeliverability.store;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Says in words what a failure of the database means and what to do about it. */
final class StoreFaults {

    /** Failures of the whole database, not of one statement: nothing else in the batch can succeed either. */
    private static final Set<SQLiteErrorCode> DATABASE_DOWN = Set.of(
            SQLiteErrorCode.SQLITE_BUSY,
            SQLiteErrorCode.SQLITE_IOERR,
            SQLiteErrorCode.SQLITE_CORRUPT,
            SQLiteErrorCode.SQLITE_NOTADB,
            SQLiteErrorCode.SQLITE_READONLY,
            SQLiteErrorCode.SQLITE_CANTOPEN);

    private StoreFaults() {}

    static boolean isDatabaseDown(Throwable fault) {
        return DATABASE_DOWN.contains(primary(fault));
    }

    static boolean isFull(Throwable fault) {
        return primary(fault) == SQLiteErrorCode.SQLITE_FULL;
    }

    /** The exception that callers get; faults that already speak for themselves pass through. */
    static Exception toCaller(Throwable fault, String store) {
        if (fault instanceof RefusedException refused) {
            return refused.reason();
        }
        if (fault instanceof IOException io) {
            return io;
        }
        return new IOException(describe(fault, store), fault);
    }

    static String describe(Throwable fault, String store) {
        return "store " + store + ": "
                + switch (primary(fault)) {
                    case SQLITE_FULL ->
                        "disk full (or the database's page limit is reached); make room, it goes on by itself";
                    case SQLITE_BUSY, SQLITE_LOCKED -> "locked by another process for too long";
                    case SQLITE_READONLY ->
                        "the database cannot be written: check the owner and mode of the file and its directory";
                    case SQLITE_CANTOPEN ->
                        "the database cannot be opened: check that the file and its directory are there and readable";
                    case SQLITE_NOTADB -> "the file is not an SQLite database";
                    case SQLITE_CORRUPT ->
                        "the database is damaged; restore a backup, or save what is readable with sqlite3 .recover";
                    case SQLITE_IOERR -> "the disk reports an input/output error";
                    default -> "failed";
                }
                + " (" + fault.getMessage() + ")";
    }

    private static SQLiteErrorCode primary(Throwable fault) {
        for (Throwable t = fault; t != null; t = t.getCause()) {
            if (t instanceof SQLiteException sqlite) {
                return byCode(sqlite.getResultCode().code & 0xff);
            }
            if (t instanceof SQLException sql && sql.getErrorCode() != 0) {
                return byCode(sql.getErrorCode() & 0xff);
            }
        }
        return SQLiteErrorCode.UNKNOWN_ERROR;
    }

    /** The low octet of an extended result code is its primary code. */
    private static SQLiteErrorCode byCode(int code) {
        return SQLiteErrorCode.getErrorCode(code);
    }
}
