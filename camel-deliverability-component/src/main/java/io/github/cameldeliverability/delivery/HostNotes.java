package io.github.cameldeliverability.delivery;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was learnt lately about single MX addresses: which did not answer, and whose TLS is broken. Short-lived on purpose;
 * a host that was repaired must not suffer for days. Belongs to the serial executor.
 */
final class HostNotes {

    private static final int REMEMBERED = 10_000;
    private static final Duration UNREACHABLE = Duration.ofMinutes(1);
    private static final Duration BROKEN_TLS = Duration.ofMinutes(10);

    private final Clock clock;
    private final Map<InetAddress, Instant> unreachable = bounded();
    private final Map<InetAddress, Instant> brokenTls = bounded();

    HostNotes(Clock clock) {
        this.clock = clock;
    }

    void didNotAnswer(InetAddress address) {
        unreachable.put(address, clock.instant().plus(UNREACHABLE));
    }

    void answered(InetAddress address) {
        unreachable.remove(address);
    }

    boolean isUnreachable(InetAddress address) {
        return holds(unreachable, address);
    }

    void tlsFailed(InetAddress address) {
        brokenTls.put(address, clock.instant().plus(BROKEN_TLS));
    }

    boolean isTlsBroken(InetAddress address) {
        return holds(brokenTls, address);
    }

    private boolean holds(Map<InetAddress, Instant> notes, InetAddress address) {
        Instant until = notes.get(address);
        if (until != null && !clock.instant().isBefore(until)) {
            notes.remove(address);
            return false;
        }
        return until != null;
    }

    private static Map<InetAddress, Instant> bounded() {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<InetAddress, Instant> eldest) {
                return size() > REMEMBERED;
            }
        };
    }
}
