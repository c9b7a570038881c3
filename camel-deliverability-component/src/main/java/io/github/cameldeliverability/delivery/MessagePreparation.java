package io.github.cameldeliverability.delivery;

import io.github.cameldeliverability.mail.DsnRequest;
import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.Envelope;
import io.github.cameldeliverability.mail.Recipient;
import io.github.cameldeliverability.mail.RecipientKey;
import io.github.cameldeliverability.mail.ReversePath;
import io.github.cameldeliverability.mail.SpooledMessage;
import io.github.cameldeliverability.mail.StreamConfig;
import io.github.cameldeliverability.mail.Submission;
import io.github.cameldeliverability.mail.WireMessage;
import io.github.cameldeliverability.mail.spi.MessageSigner;
import io.github.cameldeliverability.mail.spi.ReturnTokens;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a submission fit for the wire: line ends, Date and Message-ID, no Bcc, a reverse-path for each recipient, and last
 * the signatures. CPU work, for workers. Thread-safe.
 */
final class MessagePreparation {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Pattern MSG_ID = Pattern.compile("<[^<>\\s]{1,500}>");
    private static final Pattern DOMAIN = Pattern.compile("@([A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?)");

    private final Optional<ReturnTokens> tokens;

    MessagePreparation(Optional<ReturnTokens> tokens) {
        this.tokens = tokens;
    }

    /** @throws IllegalArgumentException saying why the message can never be sent */
    SpooledMessage prepare(Submission s, StreamConfig stream, String queueId, Instant now) {
        // RFC 5322 3.6.3: a Bcc line must not reach those it does not name. Return-Path is the last host's to add
        // (RFC 5321 4.4).
        WireMessage m = WireMessage.of(s.content()).without("Bcc", "Resent-Bcc", "Return-Path");
        StringBuilder missing = new StringBuilder();
        String messageId = messageId(m);
        if (messageId.isEmpty()) {
            m = m.without("Message-ID");
            messageId = "<" + queueId + "@" + idDomain(m, stream) + ">";
            missing.append("Message-ID: ").append(messageId).append("\r\n");
        }
        if (!m.hasField("Date")) {
            // RFC 5322 3.6.1: the one field besides From that every message must have.
            missing.append("Date: ").append(DATE.format(now)).append("\r\n");
        }
        WireMessage whole = withRecipientFields(
                m.prepend(missing.toString().getBytes(StandardCharsets.US_ASCII)), s.envelope(), stream, queueId);
        WireMessage signed = whole;
        for (MessageSigner signer : stream.signers()) {
            // Each signs the message without the others' signatures, so that the order does not matter.
            signed = signed.prepend(signer.sign(whole));
        }
        Instant dueAt = s.sendAt().filter(at -> at.isAfter(now)).orElse(now);
        return new SpooledMessage(
                queueId,
                s.stream(),
                messageId,
                signed.content(),
                signed.eightBit(),
                signed.utf8Header(),
                // RFC 3461 4.4: a report that repeats our queue id leads back to the message.
                Optional.of(s.envelope().envelopeId().orElse(queueId)),
                s.envelope().requireTls(),
                now,
                dueAt.plus(stream.maxAge()),
                dueAt,
                s.tags(),
                recipients(s.envelope(), stream, queueId),
                s.envelope().from());
    }

    /** What names one recipient must not be sent to another: there is one content for all recipients of a message. */
    private static WireMessage withRecipientFields(
            WireMessage m, Envelope envelope, StreamConfig stream, String queueId) {
        if (stream.recipientFields().isEmpty()) {
            return m;
        }
        long distinct =
                envelope.recipients().stream().map(EmailAddress::key).distinct().count();
        if (distinct != 1) {
            throw new IllegalArgumentException("stream " + stream.name()
                    + " gives each recipient a List-Unsubscribe of its own (unsubscribeUrl, unsubscribeMailto), so a"
                    + " message has one recipient and not " + distinct + "; send one message to each");
        }
        byte[] fields = stream.recipientFields()
                .get()
                .fields(m, new RecipientKey(queueId, 0), envelope.recipients().get(0));
        return fields.length == 0 ? m : m.prepend(fields);
    }

    private List<Recipient> recipients(Envelope envelope, StreamConfig stream, String queueId) {
        Map<String, EmailAddress> distinct = new LinkedHashMap<>();
        envelope.recipients().forEach(r -> distinct.putIfAbsent(r.key(), r));
        boolean verp = stream.verp()
                && tokens.isPresent()
                && stream.returnPath().isPresent()
                && !envelope.from().isNull();
        List<Recipient> list = new ArrayList<>(distinct.size());
        for (EmailAddress address : distinct.values()) {
            ReversePath from = verp
                    ? tokens.get()
                            .mint(
                                    ReversePath.of(stream.returnPath().get()),
                                    stream.name(),
                                    new RecipientKey(queueId, list.size()),
                                    address)
                    : envelope.from();
            // RFC 3461 4.2: hosts that forward the message repeat in their reports to whom it was sent first.
            list.add(new Recipient(
                    address, from, new DsnRequest(envelope.notifyOn(), Optional.of("rfc822;" + address))));
        }
        return list;
    }

    /** With its angle brackets; empty if there is none. */
    private static String messageId(WireMessage m) {
        Optional<String> field = m.header("Message-ID");
        if (field.isEmpty()) {
            return "";
        }
        Matcher id = MSG_ID.matcher(field.get());
        return id.find() ? id.group() : field.get();
    }

    private static String idDomain(WireMessage m, StreamConfig stream) {
        String from = m.header("From").orElse("");
        int bracket = from.lastIndexOf('<');
        Matcher domain = DOMAIN.matcher(bracket < 0 ? from : from.substring(bracket));
        return domain.find() ? domain.group(1).toLowerCase(Locale.ROOT) : stream.ehloName();
    }
}
