package io.github.cameldeliverability.mail;

import java.util.Locale;
import java.util.Optional;

/**
 * What a reply or a bounce means: the vocabulary of Sisimai, the field's common tongue, plus {@link #GREYLISTED}.
 *
 * <p>Each constant carries the party at fault where a rule does not say otherwise. Only {@link Fault#RECIPIENT} may ever
 * lead to a suppression, and then only when the verdict is permanent.
 */
public enum Reason {
    /** SPF, DKIM or DMARC failed or is missing. */
    AUTHFAILURE(Fault.SENDER_DOMAIN),
    /** A poor reputation score of the sending address or domain. */
    BADREPUTATION(Fault.SENDER_IP),
    /** Refused for the client's IP, host name or HELO name; block lists included. */
    BLOCKED(Fault.SENDER_IP),
    /** The format or a part of the content is not acceptable. */
    CONTENTERROR(Fault.CONTENT),
    /** No failure: delivered. */
    DELIVERED(Fault.RECEIVER),
    /** Over a limit of the receiver on one message (x.2.3); close to {@link #MESGTOOBIG}. */
    EXCEEDLIMIT(Fault.CONTENT),
    /** Time in a queue ran out, or the next host did not answer. */
    EXPIRED(Fault.NETWORK),
    /** TLS could not be negotiated although it was required. */
    FAILEDSTARTTLS(Fault.NETWORK),
    /** A complaint or a report of a feedback loop. */
    FEEDBACK(Fault.CONTENT),
    /** Refused after DATA or by the recipient's own filter; the address may well exist. */
    FILTERED(Fault.RECEIVER),
    /** First contact is put off on purpose; the same envelope is taken later. Not one of Sisimai's names. */
    GREYLISTED(Fault.RECEIVER),
    /** The recipient has moved and mail is not forwarded (x.1.6). */
    HASMOVED(Fault.RECIPIENT),
    /** The recipient's domain or host does not exist or takes no route. */
    HOSTUNKNOWN(Fault.RECIPIENT),
    /** The mailbox is over quota. */
    MAILBOXFULL(Fault.RECIPIENT),
    /** The program that should store or forward the mail failed. */
    MAILERERROR(Fault.RECEIVER),
    /** The message is larger than the receiver takes. */
    MESGTOOBIG(Fault.CONTENT),
    /** DNS trouble, connection failure, routing loop, too many hops. */
    NETWORKERROR(Fault.NETWORK),
    /** The server is not willing to relay for the recipient. */
    NORELAYING(Fault.RECEIVER),
    /** The receiving host takes no mail at all (RFC 7504, null MX). */
    NOTACCEPT(Fault.RECIPIENT),
    /** The message breaks RFC 5322 or a similar rule. */
    NOTCOMPLIANTRFC(Fault.CONTENT),
    /** A failure is certain, the text does not say why. */
    ONHOLD(Fault.RECEIVER),
    /** The message or its sender breaks a policy of the receiver. */
    POLICYVIOLATION(Fault.CONTENT),
    /** Sending too fast: a rate limit was hit (Sisimai's "speeding"). */
    RATELIMITED(Fault.SENDER_IP),
    /** Refused for the envelope sender. */
    REJECTED(Fault.SENDER_ADDRESS),
    /** The sending IP has no valid reverse DNS. */
    REQUIREPTR(Fault.SENDER_IP),
    /** Refused on security grounds. */
    SECURITYERROR(Fault.CONTENT),
    /** The content was judged to be spam. */
    SPAMDETECTED(Fault.CONTENT),
    /** A sending service, or our own list, holds the address as suppressed. */
    SUPPRESSED(Fault.RECIPIENT),
    /** The account exists but is disabled, suspended or unused. */
    SUSPEND(Fault.RECIPIENT),
    /** A command or its argument was not understood. */
    SYNTAXERROR(Fault.US),
    /** A fault in the receiving system. */
    SYSTEMERROR(Fault.RECEIVER),
    /** The receiving system's disk is full. */
    SYSTEMFULL(Fault.RECEIVER),
    /** Too many connections, or too many recipients in one session. */
    TOOMANYCONN(Fault.SENDER_IP),
    /** The text could not be mapped to any reason; never hard. */
    UNDEFINED(Fault.RECEIVER),
    /** The address does not exist at the receiver. */
    USERUNKNOWN(Fault.RECIPIENT),
    /** An automatic reply, not a bounce. */
    VACATION(Fault.RECIPIENT),
    /** A virus or dangerous attachment was found. */
    VIRUSDETECTED(Fault.CONTENT);

    private final Fault usualFault;

    Reason(Fault usualFault) {
        this.usualFault = usualFault;
    }

    public Fault usualFault() {
        return usualFault;
    }

    /**
     * Whether a permanent verdict of this reason says that the address or its domain is dead. A full, suspended or
     * forwarded mailbox is the recipient's, but may come back to life.
     */
    public boolean meansDeadAddress() {
        return this == USERUNKNOWN || this == HOSTUNKNOWN || this == HASMOVED || this == NOTACCEPT;
    }

    /** The name in lower case, as in rule packs, events and the command line. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** By {@link #id()}, without regard to case; empty for an unknown name. */
    public static Optional<Reason> byId(String id) {
        for (Reason r : values()) {
            if (r.name().equalsIgnoreCase(id)) {
                return Optional.of(r);
            }
        }
        return Optional.empty();
    }
}
