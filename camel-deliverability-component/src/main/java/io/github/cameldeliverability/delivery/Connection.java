package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.spi.SmtpSession;

/** A session of a lane. */
final class Connection {

    final SmtpSession session;
    final Destination destination;
    final String host;
    final String peer;

    boolean busy;
    DelayTimer.Cancellation idleTimer = () -> {};

    Connection(SmtpSession session, Destination destination, String host, String peer) {
        this.session = session;
        this.destination = destination;
        this.host = host;
        this.peer = peer;
    }

    /** Whether mail for a destination may be sent over it: the same hosts, or a host that the other prefers too. */
    boolean serves(Destination d) {
        return d.key().equals(destination.key()) || (d.tls() == destination.tls() && d.prefers(host));
    }
}
