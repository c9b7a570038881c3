package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.spi.MxResolver.MxHost;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Where mail of one lane goes: the same hosts on the same conditions, whatever the recipient domain.
 *
 * @param key equal for equal destinations of a lane
 * @param hosts in the order of preference
 * @param tls what is asked of its sessions
 */
record Destination(Lane lane, String key, List<MxHost> hosts, TlsPolicy tls) {

    static Destination of(Lane lane, List<MxHost> hosts, TlsPolicy tls) {
        TreeSet<String> set = new TreeSet<>();
        hosts.forEach(h -> set.add(h.preference() + " " + h.name()));
        return new Destination(lane, tls + " " + String.join(",", set), List.copyOf(hosts), tls);
    }

    /**
     * Whether a session with a host may carry this destination's mail: it must be one of the hosts that come first, or
     * one would send past the host that the domain prefers (RFC 5321 5.1).
     */
    boolean prefers(String host) {
        int best = hosts.stream().mapToInt(MxHost::preference).min().orElse(0);
        return hosts.stream().anyMatch(h -> h.preference() == best && h.name().equals(host));
    }

    /** The same on the same conditions at some of its hosts only; empty where there are none. */
    Optional<Destination> at(List<MxHost> some) {
        return some.isEmpty() ? Optional.empty() : Optional.of(of(lane, some, tls));
    }
}
