package io.github.cameldeliverability.compose;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.WireMessage;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A message that came whole: checked, without the fields that must not leave, with a Date and a Message-ID.
 *
 * @param content the message in wire form: lines end in CRLF
 * @param messageId with angle brackets
 * @param from the first author
 * @param recipients of To, Cc and Bcc, without duplicates; may be empty
 */
public record ReadyMessage(byte[] content, String messageId, EmailAddress from, List<EmailAddress> recipients) {

    // RFC 5322 3.6.3: Bcc is for us alone. RFC 5321 4.4: an originating client sends no Return-Path.
    private static final String[] PRIVATE_FIELDS = {"Bcc", "Resent-Bcc", "Return-Path"};

    public ReadyMessage {
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(messageId, "messageId");
        Objects.requireNonNull(from, "from");
        recipients = List.copyOf(recipients);
    }

    /** Whether the object is a message of jakarta.mail, which {@link #octets} can take. */
    public static boolean isMessageObject(Object body) {
        return body instanceof Message;
    }

    /**
     * The octets of what holds a message: {@code byte[]}, text (as UTF-8), a stream (read to its end, closed), or a
     * jakarta.mail message.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static byte[] octets(Object body) throws IOException {
        if (body instanceof byte[] b) {
            return b;
        }
        if (body instanceof CharSequence s) {
            return s.toString().getBytes(StandardCharsets.UTF_8);
        }
        if (body instanceof InputStream in) {
            try (in) {
                return in.readAllBytes();
            }
        }
        if (body instanceof Message m) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try {
                m.writeTo(out);
            } catch (MessagingException e) {
                throw new IOException("the jakarta.mail message cannot be written: " + e.getMessage(), e);
            }
            return out.toByteArray();
        }
        throw new IllegalArgumentException(
                "Not a message: want byte[], String, InputStream or jakarta.mail Message, got "
                        + (body == null ? "null" : body.getClass().getName()));
    }

    /**
     * Takes a whole message.
     *
     * @param message any line ends
     * @param newId the Message-ID to give where the message has none; empty lets the stamp make one
     * @throws IllegalArgumentException naming the line or header that is wrong
     */
    public static ReadyMessage of(byte[] message, Optional<String> newId, MessageStamp stamp) {
        // Line ends first: what the wire will see as a Bcc field must be seen as one here.
        WireMessage wire = WireMessage.of(message);
        HeaderLines.check(wire);
        List<String> authors = wire.headers("From");
        if (authors.size() != 1) {
            // RFC 5322 3.6: exactly one. Two Froms make readers and DMARC see different authors.
            throw new IllegalArgumentException(
                    "Header From stands " + authors.size() + " times in the ready message, want 1");
        }
        List<Mailbox> from = AddressList.parse("From", authors.get(0));
        if (from.isEmpty()) {
            throw new IllegalArgumentException("Header From of the ready message names nobody");
        }
        EmailAddress author = from.get(0).address();
        List<Mailbox> recipients = new ArrayList<>();
        for (String name : List.of("To", "Cc", "Bcc")) {
            for (String value : wire.headers(name)) {
                recipients.addAll(AddressList.parse(name, value));
            }
        }
        StringBuilder front = new StringBuilder();
        if (!wire.hasField("Date")) {
            front.append(HeaderText.unstructured("Date", MessageStamp.date(stamp.now())));
        }
        WireMessage kept = wire.without(PRIVATE_FIELDS);
        Optional<String> given = wire.header("Message-ID").filter(id -> !id.isEmpty());
        String id = given.or(() -> newId).orElseGet(() -> stamp.messageId(author.asciiDomain()));
        if (given.isEmpty()) {
            front.append(HeaderText.unstructured("Message-ID", id));
            kept = kept.without("Message-ID");
        }
        byte[] content =
                kept.prepend(front.toString().getBytes(StandardCharsets.UTF_8)).content();
        return new ReadyMessage(content, id, author, AddressList.addresses(recipients));
    }
}
