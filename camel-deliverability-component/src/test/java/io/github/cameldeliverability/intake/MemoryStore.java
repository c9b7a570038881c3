package io.github.cameldeliverability.intake;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.spi.EventLog;
import io.github.cameldeliverability.mail.spi.Spool;
import io.github.cameldeliverability.mail.spi.Store;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What was sent and who is suppressed, in memory. */
public final class MemoryStore implements Store {

    public final MemorySuppressionList suppressions = new MemorySuppressionList();

    private final Map<RecipientKey, DeliveryEvent> sent = new LinkedHashMap<>();

    public void sent(String stream, RecipientKey key, String messageId, EmailAddress recipient) {
        sent.put(
                key,
                new DeliveryEvent(
                        stream,
                        key.queueId(),
                        messageId,
                        recipient,
                        Outcome.DELIVERED,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        1,
                        Instant.EPOCH,
                        Optional.empty(),
                        Duration.ZERO,
                        Optional.empty()));
    }

    @Override
    public Spool spool() {
        throw new UnsupportedOperationException();
    }

    @Override
    public EventLog events() {
        return new Events();
    }

    @Override
    public MemorySuppressionList suppressions() {
        return suppressions;
    }

    @Override
    public CompletionStage<byte[]> secret(String name) {
        return CompletableFuture.completedFuture(Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), 32));
    }

    @Override
    public Optional<String> unhealthyReason() {
        return Optional.empty();
    }

    @Override
    public void close() {}

    private final class Events implements EventLog {
        @Override
        public CompletionStage<List<LoggedEvent>> claim(String stream, int limit, Duration lease) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Void> acknowledge(Collection<Long> ids) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Void> giveBack(Collection<Long> ids) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Optional<EmailAddress>> recipientOf(RecipientKey key) {
            return CompletableFuture.supplyAsync(
                    () -> Optional.ofNullable(sent.get(key)).map(DeliveryEvent::recipient));
        }

        @Override
        public CompletionStage<Optional<String>> queueIdOf(String messageId) {
            return CompletableFuture.supplyAsync(() -> sent.values().stream()
                    .filter(e -> e.messageId().equals(messageId))
                    .map(DeliveryEvent::queueId)
                    .findFirst());
        }

        @Override
        public CompletionStage<List<LoggedEvent>> history(String queueId) {
            return CompletableFuture.supplyAsync(() -> sent.entrySet().stream()
                    .filter(e -> e.getKey().queueId().equals(queueId))
                    .map(e -> new LoggedEvent(1, e.getKey(), e.getValue()))
                    .toList());
        }

        @Override
        public CompletionStage<Integer> purge(Instant before, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public AutoCloseable onEvents(String stream, Runnable listener) {
            throw new UnsupportedOperationException();
        }
    }
}
