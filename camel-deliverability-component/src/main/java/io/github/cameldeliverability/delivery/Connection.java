package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.spi.MxResolver.MxHost;
import io.github.cameldeliverability.mail.spi.SmtpSession;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A session of a lane. */
final class Connection {

    final SmtpSession session;
    final Destination destination;
    final String host;
    final String peer;
    final InetAddress address;
    private final List<MxHost> untried;
    private final Optional<MxHost> again;

    boolean busy;
    /** What it is busy with; null while it is not. */
    Job carries;

    DelayTimer.Cancellation idleTimer = () -> {};

    Connection(Dialer.Dialed dialed, Destination destination) {
        this.session = dialed.session();
        this.destination = destination;
        this.host = dialed.host();
        this.peer = dialed.host() + " [" + dialed.address().getHostAddress() + "]";
        this.address = dialed.address();
        this.untried = dialed.untried();
        this.again = dialed.again();
    }

    /** Whether mail for a destination may be sent over it: the same hosts, or a host that the other prefers too. */
    boolean serves(Destination d) {
        return d.key().equals(destination.key()) || (d.tls() == destination.tls() && d.prefers(host));
    }

    /**
     * Where an attempt goes on with mail whose transaction broke off before the end of the content: RFC 5321 5.1 wants every
     * address tried in order, so the same host's others come first.
     */
    Optional<Destination> afterBreakingOff(Destination d) {
        if (again.isEmpty() || !d.key().equals(destination.key())) {
            return beyond(d);
        }
        List<MxHost> hosts = new ArrayList<>();
        hosts.add(again.get());
        hosts.addAll(untried);
        return d.at(hosts);
    }

    /** Where an attempt goes on with mail that this session's host did not take, if anywhere. */
    Optional<Destination> beyond(Destination d) {
        boolean own = d.key().equals(destination.key());
        return d.at(
                own
                        ? untried
                        : d.hosts().stream().filter(h -> !h.name().equals(host)).toList());
    }
}
