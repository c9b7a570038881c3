package io.github.cameldeliverability.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which addresses of other hosts are of use here: those of the families that this machine has an address of. Without an IPv6
 * address of its own it need not ask for AAAA records, which saves one question in three. Looks again each minute, for
 * networks come and go. Thread-safe.
 */
public final class OwnAddresses implements Supplier<AddressFamily> {

    private static final Logger LOG = LoggerFactory.getLogger(OwnAddresses.class);
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

    private final Clock clock;
    private final Supplier<List<InetAddress>> addresses;
    private AddressFamily family = AddressFamily.V4_FIRST;
    private Instant lookedAt = Instant.MIN;

    public OwnAddresses(Clock clock) {
        this(clock, OwnAddresses::ofTheMachine);
    }

    /** @param addresses those of this machine; empty where they cannot be found out */
    OwnAddresses(Clock clock, Supplier<List<InetAddress>> addresses) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.addresses = Objects.requireNonNull(addresses, "addresses");
    }

    /** IPv4 first where there is both. */
    @Override
    public synchronized AddressFamily get() {
        Instant now = clock.instant();
        if (!now.isBefore(lookedAt.plus(LOOK_EVERY)) || now.isBefore(lookedAt)) {
            lookedAt = now;
            AddressFamily found = familyOf(addresses.get());
            if (found != family) {
                LOG.info("event=address-family now={} before={}", found, family);
                family = found;
            }
        }
        return family;
    }

    private static AddressFamily familyOf(List<InetAddress> own) {
        if (own.isEmpty()) {
            return AddressFamily.V4_FIRST;
        }
        boolean v4 = own.stream().anyMatch(a -> a instanceof Inet4Address && leadsOut(a));
        boolean v6 = own.stream().anyMatch(a -> a instanceof Inet6Address && leadsOut(a));
        if (!v6) {
            return AddressFamily.V4_ONLY;
        }
        return v4 ? AddressFamily.V4_FIRST : AddressFamily.V6_FIRST;
    }

    private static boolean leadsOut(InetAddress a) {
        return !a.isLoopbackAddress() && !a.isLinkLocalAddress() && !a.isAnyLocalAddress();
    }

    private static List<InetAddress> ofTheMachine() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList();
        } catch (SocketException e) {
            LOG.debug("event=own-addresses-unknown reason=\"{}\"", e.toString());
            return List.of();
        }
    }
}
