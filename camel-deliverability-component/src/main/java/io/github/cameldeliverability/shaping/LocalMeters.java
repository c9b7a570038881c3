package io.github.cameldeliverability.shaping;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Shared rates and sessions of one process. Thread-safe. */
public final class LocalMeters implements SharedMeters {

    private static final int SWEEP_AT = 10_000;

    private final Map<String, SlotBucket> buckets = new HashMap<>();
    private final Map<String, Integer> open = new HashMap<>();
    private Instant origin;

    @Override
    public synchronized long take(String name, Instant now, long n, double perSecond, long burst) {
        long nanos = nanos(now);
        if (buckets.size() > SWEEP_AT) {
            buckets.values().removeIf(b -> b.isFull(nanos));
        }
        return buckets.computeIfAbsent(name, k -> new SlotBucket()).take(nanos, n, perSecond, burst);
    }

    @Override
    public synchronized long peek(String name, Instant now, double perSecond, long burst) {
        SlotBucket bucket = buckets.get(name);
        return bucket == null ? 0 : bucket.wait(nanos(now), perSecond, burst);
    }

    @Override
    public synchronized void putBack(String name, long n, double perSecond) {
        SlotBucket bucket = buckets.get(name);
        if (bucket != null) {
            bucket.putBack(n, perSecond);
        }
    }

    @Override
    public synchronized boolean open(String name, int limit) {
        int now = open.getOrDefault(name, 0);
        if (now >= limit) {
            return false;
        }
        open.put(name, now + 1);
        return true;
    }

    @Override
    public synchronized void closed(String name) {
        open.computeIfPresent(name, (k, n) -> n <= 1 ? null : n - 1);
    }

    @Override
    public synchronized int openSessions(String name) {
        return open.getOrDefault(name, 0);
    }

    private long nanos(Instant now) {
        if (origin == null) {
            origin = now;
        }
        return Duration.between(origin, now).toNanos();
    }
}
