package io.github.cameldeliverability.testkit;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.Outcome;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.SmtpReply;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.spi.QueueControl.Affected;
import io.github.cameldeliverability.mail.spi.QueueControl.Selection;
import io.github.cameldeliverability.mail.spi.Spool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The spool of a {@link MemoryStore}. Strict: settling or releasing a row that is not held fails. */
public final class MemorySpool implements Spool {

    private final MemoryEvents events;
    private final Clock clock;
    private final Supplier<String> trouble;
    private final Map<String, SpooledMessage> messages = new HashMap<>();
    private final Map<RecipientKey, Entry> rows = new LinkedHashMap<>();

    MemorySpool(MemoryEvents events, Clock clock, Supplier<String> trouble) {
        this.events = events;
        this.clock = clock;
        this.trouble = trouble;
    }

    private static final class Entry {
        final SpooledMessage message;
        final RecipientKey key;
        Instant dueAt;
        boolean held;
        boolean cancelled;
        int attempts;
        Optional<String> lastReply = Optional.empty();

        Entry(SpooledMessage message, RecipientKey key, boolean held) {
            this.message = message;
            this.key = key;
            this.held = held;
            this.dueAt = message.dueAt();
        }

        String domain() {
            return message.recipients().get(key.ordinal()).address().domain();
        }
    }

    @Override
    public CompletionStage<Void> add(SpooledMessage message, boolean held) {
        return locked(() -> {
            if (events.knows(message.queueId()) || messages.putIfAbsent(message.queueId(), message) != null) {
                throw new IllegalArgumentException("queue id used twice: " + message.queueId());
            }
            for (int i = 0; i < message.recipients().size(); i++) {
                RecipientKey key = new RecipientKey(message.queueId(), i);
                rows.put(key, new Entry(message, key, held));
            }
            return null;
        });
    }

    @Override
    public CompletionStage<List<Claim>> claim(ClaimRequest request) {
        return locked(() -> {
            Map<String, Integer> perDomain = new HashMap<>();
            List<Claim> claims = new ArrayList<>();
            List<Entry> due = rows.values().stream()
                    .filter(r -> !r.held
                            && r.message.stream().equals(request.stream())
                            && !r.dueAt.isAfter(request.now())
                            && !request.exceptDomains().contains(r.domain()))
                    .sorted(Comparator.comparing(r -> r.dueAt))
                    .toList();
            for (Entry r : due) {
                if (claims.size() < request.limit()
                        && perDomain.merge(r.domain(), 1, Integer::sum) <= request.perDomain()) {
                    r.held = true;
                    claims.add(new Claim(r.key, r.domain(), r.attempts, r.dueAt, r.message.expiresAt()));
                }
            }
            return claims;
        });
    }

    @Override
    public CompletionStage<Optional<SpooledMessage>> load(String queueId) {
        return locked(() -> Optional.ofNullable(messages.get(queueId)));
    }

    @Override
    public CompletionStage<Void> settle(RecipientKey key, DeliveryEvent event) {
        return locked(() -> {
            Entry r = held(key);
            if (event.outcome().isFinal()) {
                remove(key);
            } else if (r.cancelled) {
                end(r, event.attempt(), event.reply(), event.at());
                return null;
            } else {
                r.held = false;
                r.dueAt = event.nextAttempt().orElseThrow();
                r.attempts = event.attempt();
                r.lastReply = event.reply().map(SmtpReply::format);
            }
            events.append(key, event);
            return null;
        });
    }

    @Override
    public CompletionStage<Void> release(Collection<RecipientKey> keys, Instant dueAt) {
        return locked(() -> {
            for (RecipientKey key : keys) {
                Entry r = held(key);
                if (r.cancelled) {
                    end(r, r.attempts, Optional.empty(), clock.instant());
                } else {
                    r.held = false;
                    r.dueAt = dueAt;
                }
            }
            return null;
        });
    }

    private void remove(RecipientKey key) {
        rows.remove(key);
        if (rows.keySet().stream().noneMatch(k -> k.queueId().equals(key.queueId()))) {
            messages.remove(key.queueId());
        }
    }

    private void end(Entry r, int attempts, Optional<SmtpReply> reply, Instant at) {
        remove(r.key);
        events.append(
                r.key,
                new DeliveryEvent(
                        r.message.stream(),
                        r.message.queueId(),
                        r.message.messageId(),
                        r.message.recipients().get(r.key.ordinal()).address(),
                        Outcome.CANCELLED,
                        reply,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        attempts,
                        at,
                        Optional.empty(),
                        Duration.ZERO,
                        Optional.empty()));
    }

    // ---- operators' orders, for MemoryQueueControl

    private List<Entry> selected(Selection s) {
        return rows.values().stream()
                .filter(r -> s.queueId().map(r.key.queueId()::equals).orElse(true))
                .filter(r -> s.stream().map(r.message.stream()::equals).orElse(true))
                .filter(r -> s.domain().map(r.domain()::equals).orElse(true))
                .filter(r -> s.tag().map(r.message.tags()::contains).orElse(true))
                .toList();
    }

    CompletionStage<Affected> cancel(Selection selection, boolean dryRun) {
        return locked(() -> {
            long free = 0;
            long held = 0;
            for (Entry r : selected(selection)) {
                if (!r.held) {
                    free++;
                    if (!dryRun) {
                        end(r, r.attempts, Optional.empty(), clock.instant());
                    }
                } else if (!r.cancelled) {
                    held++;
                    r.cancelled = !dryRun;
                }
            }
            return new Affected(free, held);
        });
    }

    CompletionStage<Affected> retry(Selection selection, boolean dryRun) {
        return locked(() -> {
            Instant now = clock.instant();
            long free = 0;
            long held = 0;
            for (Entry r : selected(selection)) {
                if (r.held) {
                    held++;
                } else if (r.dueAt.isAfter(now)) {
                    free++;
                    r.dueAt = dryRun ? r.dueAt : now;
                }
            }
            return new Affected(free, held);
        });
    }

    CompletionStage<Long> moveDue(Optional<String> stream, Instant from, Instant to) {
        return locked(() -> {
            long moved = 0;
            for (Entry r : rows.values()) {
                boolean waits =
                        r.dueAt.equals(from) || (r.dueAt.isBefore(from) && r.dueAt.equals(r.message.expiresAt()));
                if (!r.held && waits && stream.map(r.message.stream()::equals).orElse(true)) {
                    r.dueAt = to.isBefore(r.message.expiresAt()) ? to : r.message.expiresAt();
                    moved++;
                }
            }
            return moved;
        });
    }

    CompletionStage<List<RecipientKey>> withdrawn(int limit) {
        return locked(() -> rows.values().stream()
                .filter(r -> r.held && r.cancelled)
                .map(r -> r.key)
                .limit(limit)
                .toList());
    }

    @Override
    public CompletionStage<Optional<Instant>> nextDue(String stream, Instant after) {
        return locked(() -> rows.values().stream()
                .filter(r -> !r.held && r.message.stream().equals(stream))
                .map(r -> r.dueAt)
                .filter(due -> due.isAfter(after))
                .min(Comparator.naturalOrder()));
    }

    @Override
    public CompletionStage<Stats> stats() {
        return locked(() -> {
            Map<String, List<Entry>> byStream = new TreeMap<>();
            rows.values().forEach(r -> byStream.computeIfAbsent(r.message.stream(), s -> new ArrayList<>())
                    .add(r));
            List<StreamStats> streams = new ArrayList<>();
            byStream.forEach((stream, list) -> streams.add(new StreamStats(
                    stream,
                    list.size(),
                    list.stream().filter(r -> r.held).count(),
                    list.stream().filter(r -> !r.held && r.attempts == 0).count(),
                    list.stream().filter(r -> !r.held && r.attempts > 0).count(),
                    list.stream().map(r -> r.message.acceptedAt()).min(Comparator.naturalOrder()))));
            return new Stats(streams, messages.size(), rows.size());
        });
    }

    @Override
    public CompletionStage<List<Row>> list(ListRequest request) {
        return locked(() -> rows.values().stream()
                .filter(r -> request.stream().map(r.message.stream()::equals).orElse(true))
                .filter(r -> request.domain().map(r.domain()::equals).orElse(true))
                .limit(request.limit())
                .map(r -> new Row(
                        r.key,
                        r.message.stream(),
                        r.message.recipients().get(r.key.ordinal()).address().toString(),
                        r.attempts,
                        r.message.acceptedAt(),
                        r.dueAt,
                        r.message.expiresAt(),
                        r.held,
                        r.lastReply))
                .toList());
    }

    synchronized void freeAll() {
        for (Entry r : List.copyOf(rows.values())) {
            r.held = false;
            if (r.cancelled) {
                end(r, r.attempts, Optional.empty(), clock.instant());
            }
        }
    }

    private Entry held(RecipientKey key) {
        Entry r = rows.get(key);
        if (r == null || !r.held) {
            throw new IllegalStateException("row " + key + (r == null ? " does not exist" : " is not held"));
        }
        return r;
    }

    private <T> CompletionStage<T> locked(Supplier<T> operation) {
        synchronized (this) {
            return MemoryFault.run(trouble, operation);
        }
    }
}
