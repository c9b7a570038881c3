package io.github.cameldeliverability.mail.spi;

import io.github.cameldeliverability.mail.CanonicalForm;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.FeedLag;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.SuppressionChecks;
import io.github.cameldeliverability.mail.SuppressionIncident;
import io.github.cameldeliverability.mail.SuppressionKind;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Named lists of addresses that must not be mailed, with a durable change feed. */
public interface SuppressionList {

    /** The entry that forbids the address in one of the scopes at the moment, the strictest first; empty if none does. */
    CompletionStage<Optional<Suppression>> check(String list, EmailAddress address, Set<String> scopes, Instant now);

    /**
     * As {@link #check(String, EmailAddress, Set, Instant)}, but kinds that are exempt do not count, and the address is
     * asked for in its canonical form, too. A list that keeps one cause an entry sees the strictest only.
     */
    default CompletionStage<Optional<Suppression>> check(
            String list, EmailAddress address, Set<String> scopes, SuppressionChecks how, Instant now) {
        CompletionStage<Optional<Suppression>> found = check(list, address, scopes, now)
                .thenApply(entry -> entry.filter(s -> !how.exempt().contains(s.kind())));
        Optional<EmailAddress> canonical = CanonicalForm.of(address, how.canonical());
        return canonical.isEmpty()
                ? found
                : found.thenCompose(entry -> entry.isPresent()
                        ? CompletableFuture.completedFuture(entry)
                        : check(list, canonical.get(), scopes, new SuppressionChecks(how.exempt(), Set.of()), now));
    }

    /** As {@link #check}, but says only why, in one word: a list may know that from memory and need not read its entry. */
    default CompletionStage<Optional<SuppressionKind>> kind(
            String list, EmailAddress address, Set<String> scopes, SuppressionChecks how, Instant now) {
        return check(list, address, scopes, how, now).thenApply(entry -> entry.map(Suppression::kind));
    }

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

    /**
     * A part of undoing an incident, or of seeing what that would do. Causes that belong to the incident go; an entry that
     * has none left goes with them and the feed gets a {@code RESTORED} line, one that has others stays, as those make
     * it. May be repeated.
     *
     * @param afterKey where to go on: {@link UndoPage#next()}, at first the empty text
     * @param limit how many entries are looked at, about
     * @param apply false changes nothing
     */
    default CompletionStage<UndoPage> undo(
            SuppressionIncident incident, String afterKey, int limit, boolean apply, Instant now) {
        return unsupported("undoes nothing");
    }

    /**
     * Takes note of a soft bounce, in one transaction with the entry that the step may ask for. Completes with the step,
     * its entry only if it changed the list. A list that remembers nothing gives nobody a pause.
     */
    default CompletionStage<SoftBounceStep.Step> softBounce(String list, EmailAddress address, SoftBounceStep step) {
        return CompletableFuture.completedFuture(
                new SoftBounceStep.Step(step.after(Optional.empty()).remember(), Optional.empty()));
    }

    /**
     * Mail has arrived: soft bounces are forgotten, and a pause for their sake ends. Completes with the pauses that ended.
     */
    default CompletionStage<List<Suppression>> delivered(String list, EmailAddress address, Instant at) {
        return CompletableFuture.completedFuture(List.of());
    }

    /**
     * The address's stand-in: a keyed hash in the form of an address that nobody can own, the same every time. Whoever has
     * not the store's secret cannot try addresses against it.
     */
    default CompletionStage<EmailAddress> pseudonym(EmailAddress address) {
        return unsupported("has no pseudonyms");
    }

    /**
     * Forgets an address and keeps it suppressed: in its entries, their causes and the feed's history the pseudonym takes
     * its place, and evidence, which may name it, goes. {@link #check} finds it as before. Completes with how many entries
     * it had.
     *
     * @param address the address or its pseudonym
     */
    default CompletionStage<Integer> erase(String list, EmailAddress address, Instant now) {
        return unsupported("erases nothing");
    }

    /** Changes after a number, in order, whatever any consumer has acknowledged. */
    default CompletionStage<List<SuppressionChange>> history(String list, long afterSequence, int limit) {
        return unsupported("shows no history");
    }

    /**
     * Sets the consumer's cursor back, or on, so that it gets all changes from a moment on. The same moment is obeyed once:
     * a restart does not replay again. Completes with whether the cursor was moved.
     */
    default CompletionStage<Boolean> replay(String list, String consumer, Instant from) {
        return unsupported("replays nothing");
    }

    /** How far a consumer is behind; counts no further than a million. */
    default CompletionStage<FeedLag> lag(String list, String consumer) {
        return CompletableFuture.completedFuture(FeedLag.NONE);
    }

    private <T> CompletionStage<T> unsupported(String what) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException(
                "this suppression list " + what + ": " + getClass().getName()));
    }
}
