package io.github.cameldeliverability.mail;

import java.time.Instant;

/**
 * One line of a list's change feed.
 *
 * @param sequence rises by commit order within a list, never reused
 * @param operation what happened
 * @param suppression the entry as added, or as it was when removed
 * @param at when
 */
public record SuppressionChange(long sequence, Operation operation, Suppression suppression, Instant at) {

    public enum Operation {
        ADDED,
        /** An entry that was there already got a new kind, evidence or end. */
        UPDATED,
        REMOVED,
        /** An incident was undone: the entry, which the change shows as it was, should never have been. */
        RESTORED,
        /** The address was erased: the change shows its keyed hash, and the address stays suppressed. */
        ERASED
    }
}
