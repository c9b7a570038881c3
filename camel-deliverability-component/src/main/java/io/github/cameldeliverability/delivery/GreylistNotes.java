package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.spi.Counters;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a {@link GreylistMemory} notes what it learnt. What cannot be written is learnt anew after a restart. Thread-safe. */
final class GreylistNotes {

    private static final Logger LOG = LoggerFactory.getLogger(GreylistNotes.class);
    private static final String PREFIX = "greylist ";

    private final Counters store;

    GreylistNotes(Counters store) {
        this.store = store;
    }

    void keep(String receiver, String note) {
        var unused = store.remember(PREFIX + receiver, note).whenComplete((ok, error) -> {
            if (error != null) {
                LOG.debug("event=greylist-unsaved receiver={} reason=\"{}\"", receiver, error.toString());
            }
        });
    }

    /** All notes, by receiver; a failed stage where they cannot be read. */
    CompletionStage<Map<String, String>> all() {
        return store.remembered(PREFIX)
                .whenComplete((ok, error) -> {
                    if (error != null) {
                        LOG.warn("event=greylist-unread reason=\"{}\"", error.toString());
                    }
                })
                .thenApply(found -> found.entrySet().stream()
                        .collect(Collectors.toMap(e -> e.getKey().substring(PREFIX.length()), Map.Entry::getValue)));
    }
}
