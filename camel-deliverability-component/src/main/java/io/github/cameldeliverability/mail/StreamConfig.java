package io.github.cameldeliverability.mail;

import io.github.cameldeliverability.mail.spi.MessageSigner;
import io.github.cameldeliverability.mail.spi.TlsPolicy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The identity and the policies of one stream. Immutable.
 *
 * @param name of the stream
 * @param ehloName how the client greets; a name whose address is the source address
 * @param sourceAddress local address to bind; empty lets the system choose
 * @param returnPath the base of the reverse-path when a message brings none
 * @param verp whether each recipient gets a reverse-path with a token
 * @param signers DKIM signers, all of which sign; may be empty
 * @param tls what is asked of sessions
 * @param maxAge after which a message expires
 * @param suppressionList the list that is asked right before sending; empty means none
 * @param suppressionScopes the scopes of that list which this stream obeys
 * @param priority larger goes first where streams compete
 * @param allowPrivateAddresses whether MX hosts with loopback or private addresses are used
 * @param notifySender what senders are told by mail
 * @param smarthost the server that takes all mail, instead of the recipients' mail hosts
 */
public record StreamConfig(
        String name,
        String ehloName,
        Optional<InetAddress> sourceAddress,
        Optional<EmailAddress> returnPath,
        boolean verp,
        List<MessageSigner> signers,
        TlsPolicy tls,
        Duration maxAge,
        Optional<String> suppressionList,
        Set<String> suppressionScopes,
        int priority,
        boolean allowPrivateAddresses,
        NotifySender notifySender,
        Optional<Smarthost> smarthost) {

    /** RFC 5321 4.5.4.1: give up after at least 4-5 days. */
    public static final Duration DEFAULT_MAX_AGE = Duration.ofDays(5);

    public StreamConfig {
        Objects.requireNonNull(smarthost, "smarthost");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(ehloName, "ehloName");
        Objects.requireNonNull(notifySender, "notifySender");
        signers = List.copyOf(signers);
        suppressionScopes = Set.copyOf(suppressionScopes);
        if (maxAge.isNegative() || maxAge.isZero()) {
            throw new IllegalArgumentException("maxAge of stream " + name + " must be positive: " + maxAge);
        }
    }

    /** A stream that mails its senders no notices. */
    public StreamConfig(
            String name,
            String ehloName,
            Optional<InetAddress> sourceAddress,
            Optional<EmailAddress> returnPath,
            boolean verp,
            List<MessageSigner> signers,
            TlsPolicy tls,
            Duration maxAge,
            Optional<String> suppressionList,
            Set<String> suppressionScopes,
            int priority,
            boolean allowPrivateAddresses) {
        this(
                name,
                ehloName,
                sourceAddress,
                returnPath,
                verp,
                signers,
                tls,
                maxAge,
                suppressionList,
                suppressionScopes,
                priority,
                allowPrivateAddresses,
                NotifySender.NEVER,
                Optional.empty());
    }

    /** This stream with other notices to senders. */
    public StreamConfig withNotifySender(NotifySender notices) {
        return new StreamConfig(
                name,
                ehloName,
                sourceAddress,
                returnPath,
                verp,
                signers,
                tls,
                maxAge,
                suppressionList,
                suppressionScopes,
                priority,
                allowPrivateAddresses,
                notices,
                smarthost);
    }

    /** A stream without keys, VERP or suppression list; opportunistic TLS. */
    public static StreamConfig defaults(String name, String ehloName) {
        return new StreamConfig(
                name,
                ehloName,
                Optional.empty(),
                Optional.empty(),
                false,
                List.of(),
                TlsPolicy.OPPORTUNISTIC,
                DEFAULT_MAX_AGE,
                Optional.empty(),
                Set.of(Suppression.GLOBAL, Suppression.streamScope(name)),
                0,
                false);
    }

    /** The same stream by way of a smarthost. */
    public StreamConfig via(Smarthost host) {
        return new StreamConfig(
                name,
                ehloName,
                sourceAddress,
                returnPath,
                verp,
                signers,
                tls,
                maxAge,
                suppressionList,
                suppressionScopes,
                priority,
                allowPrivateAddresses,
                notifySender,
                Optional.of(host));
    }
}
