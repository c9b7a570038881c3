package io.github.cameldeliverability.mail.spi;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A database that holds the spool, the event log and the suppression lists. Open one a process and share it. */
public interface Store extends AutoCloseable {

    Spool spool();

    EventLog events();

    SuppressionList suppressions();

    /** Operators' orders to the queue. A store that takes none, which is the default, says so to who gives one. */
    default QueueControl control() {
        return QueueControl.NONE;
    }

    /** What was handled before. A store that does not remember, which is the default, says so. */
    default Handled handled() {
        throw new UnsupportedOperationException("this store does not remember what was handled");
    }

    /** Small durable values. A store that keeps none, which is the default, says so. */
    default Notes notes() {
        throw new UnsupportedOperationException("this store keeps no notes");
    }

    /** What waits for the fallback of its stream. A store that keeps no such mail, which is the default, says so. */
    default Fallbacks fallbacks() {
        throw new UnsupportedOperationException("this store keeps no mail for a fallback");
    }

    /** Counters of limits and notes of the shaping. A store that keeps none, which is the default, forgets them. */
    default Counters counters() {
        return Counters.NONE;
    }

    /** Effects, and what shaping has counted and learnt. A store that keeps none is the default. */
    default EffectStore effects() {
        return EffectStore.NONE;
    }

    /**
     * A secret of 32 random octets that belongs to this store: made and stored at the first call for the name, the same
     * at every later call, on every node, for the life of the database.
     */
    CompletionStage<byte[]> secret(String name);

    /** Why the store cannot take mail now, from remembered state, without I/O; empty when it is well. */
    Optional<String> unhealthyReason();

    /** Blocking: finishes what was handed in, frees what this node holds, closes the database. */
    @Override
    void close();
}
