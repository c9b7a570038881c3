package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.spi.MxResolver.MxHost;
import io.github.cameldeliverability.mail.spi.SmtpSession;
import java.util.List;
import java.util.Optional;

/** A session of a lane. */
final class Connection {

    final SmtpSession session;
    final Destination destination;
    final String host;
    final String peer;
    private final List<MxHost> untried;

    boolean busy;
    /** What it is busy with; null while it is not. */
    Job carries;

    DelayTimer.Cancellation idleTimer = () -> {};

    Connection(SmtpSession session, Destination destination, String host, String peer, List<MxHost> untried) {
        this.session = session;
        this.destination = destination;
        this.host = host;
        this.peer = peer;
        this.untried = untried;
    }

    /** Whether mail for a destination may be sent over it: the same hosts, or a host that the other prefers too. */
    boolean serves(Destination d) {
        return d.key().equals(destination.key()) || (d.tls() == destination.tls() && d.prefers(host));
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
