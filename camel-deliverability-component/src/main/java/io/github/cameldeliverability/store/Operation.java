package io.github.cameldeliverability.store;

import java.sql.SQLException;

/**
 * One change, run on the writing thread inside a transaction that it shares with others. May be run again from the start
 * if the transaction had to be rolled back, so it keeps no state of its own.
 */
@FunctionalInterface
interface Operation<T> {

    /** @throws RefusedException only before anything was written */
    T run(Tx tx) throws SQLException, RefusedException;
}
