package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.Suppression;
import io.github.cameldeliverability.mail.SuppressionChange;
import io.github.cameldeliverability.mail.spi.EventLog;
import io.github.cameldeliverability.mail.spi.Spool;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The store of an engine that only delivers directly: it holds nothing, and whoever wants to put something into it is told
 * so. A suppression list cannot be asked either, so a stream that names one mails nobody.
 */
final class NoStore implements Store {

    private final Spool spool = new NoSpool();
    private final EventLog events = new NoEvents();
    private final SuppressionList suppressions = new NoSuppressions();

    @Override
    public Spool spool() {
        return spool;
    }

    @Override
    public EventLog events() {
        return events;
    }

    @Override
    public SuppressionList suppressions() {
        return suppressions;
    }

    @Override
    public CompletionStage<byte[]> secret(String name) {
        return none();
    }

    @Override
    public Optional<String> unhealthyReason() {
        return Optional.empty();
    }

    @Override
    public void close() {}

    private static <T> CompletionStage<T> none() {
        return CompletableFuture.failedFuture(
                new IOException("this engine was made without a store: only deliverNow is possible"));
    }

    private static <T> CompletionStage<T> of(T value) {
        return CompletableFuture.completedFuture(value);
    }

    private static final class NoSpool implements Spool {
        @Override
        public CompletionStage<Void> add(SpooledMessage message, boolean held) {
            return none();
        }

        @Override
        public CompletionStage<List<Claim>> claim(ClaimRequest request) {
            return of(List.of());
        }

        @Override
        public CompletionStage<Optional<SpooledMessage>> load(String queueId) {
            return of(Optional.empty());
        }

        @Override
        public CompletionStage<Void> settle(RecipientKey key, DeliveryEvent event) {
            return none();
        }

        @Override
        public CompletionStage<Void> release(Collection<RecipientKey> keys, Instant dueAt) {
            return none();
        }

        @Override
        public CompletionStage<Optional<Instant>> nextDue(String stream, Instant after) {
            return of(Optional.empty());
        }

        @Override
        public CompletionStage<Stats> stats() {
            return of(new Stats(List.of(), 0, 0));
        }

        @Override
        public CompletionStage<List<Row>> list(ListRequest request) {
            return of(List.of());
        }
    }

    private static final class NoEvents implements EventLog {
        @Override
        public CompletionStage<List<LoggedEvent>> claim(String stream, int limit, Duration lease) {
            return of(List.of());
        }

        @Override
        public CompletionStage<Void> acknowledge(Collection<Long> ids) {
            return none();
        }

        @Override
        public CompletionStage<Void> giveBack(Collection<Long> ids) {
            return none();
        }

        @Override
        public CompletionStage<Optional<EmailAddress>> recipientOf(RecipientKey key) {
            return of(Optional.empty());
        }

        @Override
        public CompletionStage<List<LoggedEvent>> history(String queueId) {
            return of(List.of());
        }

        @Override
        public CompletionStage<Integer> purge(Instant before, int limit) {
            return of(0);
        }

        @Override
        public AutoCloseable onEvents(String stream, Runnable listener) {
            return () -> {};
        }
    }

    private static final class NoSuppressions implements SuppressionList {
        @Override
        public CompletionStage<Optional<Suppression>> check(
                String list, EmailAddress address, Set<String> scopes, Instant now) {
            return none();
        }

        @Override
        public CompletionStage<Boolean> add(Suppression suppression) {
            return none();
        }

        @Override
        public CompletionStage<List<Suppression>> remove(
                String list, EmailAddress address, Optional<String> scope, Instant now) {
            return none();
        }

        @Override
        public CompletionStage<List<Suppression>> list(String list, String afterKey, int limit) {
            return none();
        }

        @Override
        public CompletionStage<List<SuppressionChange>> changes(String list, String consumer, int limit) {
            return none();
        }

        @Override
        public CompletionStage<Void> acknowledge(String list, String consumer, long sequence) {
            return none();
        }

        @Override
        public AutoCloseable onChanges(String list, Runnable listener) {
            return () -> {};
        }

        @Override
        public CompletionStage<Integer> addAll(Collection<Suppression> all) {
            return none();
        }
    }
}
