package io.github.cameldeliverability.store;

import java.sql.Connection;
import java.sql.SQLException;

/** What the writing thread needs to know of a database product: how to connect and how to bracket a transaction. */
interface Database {

    /** A connection for the writing thread, outside of a transaction. */
    Connection openWriter() throws SQLException;

    void begin(Connection connection) throws SQLException;

    /** When this returns the transaction is on disk. */
    void commit(Connection connection) throws SQLException;

    /** Ends the transaction, also if the database has already ended it by itself. */
    void rollback(Connection connection) throws SQLException;
}
