package io.github.cameldeliverability.smtp;

import io.github.cameldeliverability.mail.SmtpPhase;
import io.github.cameldeliverability.mail.SmtpReply;
import java.util.Optional;

/**
 * Why a connection cannot be used any more. The first one stays; whatever follows from it is not recorded.
 *
 * @param kind what went wrong
 * @param phase the command whose reply was awaited
 * @param reply the server's own 421 for {@link Kind#GOODBYE}, otherwise a synthetic reply
 * @param cause the exception behind it, if there was one
 */
record Breakdown(Kind kind, SmtpPhase phase, SmtpReply reply, Optional<Throwable> cause) {

    enum Kind {
        /** The peer or the network ended the connection. */
        CLOSED,
        /** A step took longer than it may. */
        TIMEOUT,
        /** The server broke the protocol, so that replies and commands no longer match. */
        PROTOCOL,
        /** RFC 5321 3.8: the server said 421 and closes. */
        GOODBYE,
        /** We ended it: QUIT, abort, idle timeout, shutdown. */
        OURS
    }

    static Breakdown of(Kind kind, SmtpPhase phase, String enhanced, String text) {
        return new Breakdown(kind, phase, SmtpReply.synthetic(421, enhanced, text), Optional.empty());
    }
}
