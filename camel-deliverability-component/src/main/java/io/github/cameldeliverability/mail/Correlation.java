package io.github.cameldeliverability.mail;

import java.util.Objects;
import java.util.Optional;

/**
 * What ties a returned mail to a message of ours.
 *
 * @param method which key matched
 * @param authenticated whether the key proves that the mail answers one of ours: only an HMAC token does, or the checked request of a
 *     sending service
 * @param stream of the message, if known
 * @param queueId of the message, if known
 * @param recipient whom we mailed, if the token says so
 * @param provider whom we handed the message to, if known
 */
public record Correlation(
        Method method,
        boolean authenticated,
        Optional<String> stream,
        Optional<String> queueId,
        Optional<EmailAddress> recipient,
        Optional<String> provider) {

    /** The keys in the order in which they are trusted. */
    public enum Method {
        /** Our HMAC token in the address that the report was sent to. */
        TOKEN,
        /** The original envelope id of a DSN (RFC 3464 2.2.1). */
        ENVID,
        /** The Message-ID of the returned message. */
        MESSAGE_ID,
        /** The checked request of a sending service, which knows to whom it sent. */
        SIGNATURE,
        /** Nothing of ours was found. */
        NONE
    }

    public static final Correlation NONE =
            new Correlation(Method.NONE, false, Optional.empty(), Optional.empty(), Optional.empty());

    /** Without a provider. */
    public Correlation(
            Method method,
            boolean authenticated,
            Optional<String> stream,
            Optional<String> queueId,
            Optional<EmailAddress> recipient) {
        this(method, authenticated, stream, queueId, recipient, Optional.empty());
    }

    public Correlation {
        Objects.requireNonNull(method, "method");
        if (authenticated && method != Method.TOKEN && method != Method.SIGNATURE) {
            throw new IllegalArgumentException("only a token or a signature proves anything: " + method);
        }
    }
}
