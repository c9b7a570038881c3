package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChange;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Named lists of addresses that must not be mailed, with a durable change feed. */
public interface SuppressionList {

    /** The entry that forbids the address in one of the scopes at the moment, the strictest first; empty if none does. */
    CompletionStage<Optional<Suppression>> check(String list, EmailAddress address, Set<String> scopes, Instant now);

    /**
     * Adds or strengthens an entry (same list, scope and address key); an entry is never weakened: complaint and
     * unsubscribe outrank bounce, no end outranks an end. Completes with whether anything changed; only then does the
     * feed get a line.
     */
    CompletionStage<Boolean> add(Suppression suppression);

    /** Removes the entry of a scope, or of all scopes if {@code scope} is empty. Completes with what was removed. */
    CompletionStage<List<Suppression>> remove(String list, EmailAddress address, Optional<String> scope, Instant now);

    /** Entries by address key, starting after {@code afterKey} (empty text: from the start). */
    CompletionStage<List<Suppression>> list(String list, String afterKey, int limit);

    /** Changes after the consumer's durable cursor, in order, at most {@code limit}; the cursor does not move. */
    CompletionStage<List<SuppressionChange>> changes(String list, String consumer, int limit);

    /** Moves the consumer's cursor forward; never back. */
    CompletionStage<Void> acknowledge(String list, String consumer, long sequence);

    /** Is called, on any thread and without blocking, after a change of the list was committed. */
    AutoCloseable onChanges(String list, Runnable listener);

    /** Adds many in shared commits. Completes with how many changed something. */
    CompletionStage<Integer> addAll(Collection<Suppression> suppressions);
}
