package io.github.cameldeliverability.mail;

import java.util.Optional;

/**
 * A report about mail that was sent in the name of a domain of ours. It speaks of traffic and of single messages, never of
 * the worth of an address; what a receiver says of a recipient is a {@link Feedback}.
 *
 * <p>All that is in it was written by somebody else and is proven by nothing. Immutable.
 */
public sealed interface MailReport permits DmarcAggregate, DmarcFailure, TlsReport, ComplaintReport {

    /** What kind of report it is: {@code dmarc-aggregate}, {@code dmarc-failure}, {@code tls-rpt} or {@code arf}. */
    String kind();

    /** Who reports: an organisation or a program, as stated. */
    Optional<String> reporter();

    /** The domain of ours that it speaks of, as stated; the first where it speaks of several. */
    Optional<String> domain();
}
