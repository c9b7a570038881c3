package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.DeliveryEvent;
import io.github.cameldeliverability.mail.spi.Counters;
import io.github.cameldeliverability.mail.spi.EffectStore;
import io.github.cameldeliverability.mail.spi.EventLog;
import io.github.cameldeliverability.mail.spi.Fallbacks;
import io.github.cameldeliverability.mail.spi.QueueControl;
import io.github.cameldeliverability.mail.spi.Spool;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mail.spi.SuppressionList;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A store of a process that dies each time between a hand-over and its record: that record is never written. */
record ForgetfulStore(Store store) implements Store, Fallbacks {

    @Override
    public Fallbacks fallbacks() {
        return this;
    }

    @Override
    public CompletionStage<List<HandOver>> due(String stream, Instant now, int limit) {
        return store.fallbacks().due(stream, now, limit);
    }

    @Override
    public CompletionStage<Void> postpone(HandOver handOver, DeliveryEvent event) {
        return store.fallbacks().postpone(handOver, event);
    }

    @Override
    public CompletionStage<Void> over(HandOver handOver, DeliveryEvent event) {
        return CompletableFuture.failedFuture(new IOException("the power is gone"));
    }

    @Override
    public CompletionStage<Waiting> waiting(String stream) {
        return store.fallbacks().waiting(stream);
    }

    @Override
    public Spool spool() {
        return store.spool();
    }

    @Override
    public EventLog events() {
        return store.events();
    }

    @Override
    public SuppressionList suppressions() {
        return store.suppressions();
    }

    @Override
    public QueueControl control() {
        return store.control();
    }

    @Override
    public Counters counters() {
        return store.counters();
    }

    @Override
    public EffectStore effects() {
        return store.effects();
    }

    @Override
    public CompletionStage<byte[]> secret(String name) {
        return store.secret(name);
    }

    @Override
    public Optional<String> unhealthyReason() {
        return store.unhealthyReason();
    }

    @Override
    public void close() {
        store.close();
    }
}
