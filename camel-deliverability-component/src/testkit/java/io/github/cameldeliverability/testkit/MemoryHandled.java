package io.github.cameldeliverability.testkit;

import io.github.cameldeliverability.mail.spi.Handled;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** What was handled, in memory. Thread-safe. */
final class MemoryHandled implements Handled {

    private record Key(String scope, String key) {}

    private record Value(String outcome, Instant at) {}

    private final Map<Key, Value> all = new HashMap<>();
    private final Clock clock;
    private final Supplier<String> trouble;

    MemoryHandled(Clock clock, Supplier<String> trouble) {
        this.clock = clock;
        this.trouble = trouble;
    }

    @Override
    public CompletionStage<Map<String, String>> outcomes(String scope, Collection<String> keys) {
        return MemoryFault.run(trouble, () -> {
            Map<String, String> found = new HashMap<>();
            synchronized (all) {
                for (String key : keys) {
                    Value value = all.get(new Key(scope, key));
                    if (value != null) {
                        found.put(key, value.outcome());
                    }
                }
            }
            return found;
        });
    }

    @Override
    public CompletionStage<Integer> record(String scope, Map<String, String> outcomes) {
        return MemoryFault.run(trouble, () -> {
            int added = 0;
            synchronized (all) {
                for (Map.Entry<String, String> e : outcomes.entrySet()) {
                    Key key = new Key(scope, e.getKey());
                    Value old = all.get(key);
                    all.put(key, new Value(old == null ? e.getValue() : old.outcome(), clock.instant()));
                    added += old == null ? 1 : 0;
                }
            }
            return added;
        });
    }

    @Override
    public CompletionStage<Integer> forget(Instant before, int limit) {
        return MemoryFault.run(trouble, () -> {
            int forgotten = 0;
            synchronized (all) {
                for (Iterator<Value> i = all.values().iterator(); i.hasNext() && forgotten < limit; ) {
                    if (i.next().at().isBefore(before)) {
                        i.remove();
                        forgotten++;
                    }
                }
            }
            return forgotten;
        });
    }
}
