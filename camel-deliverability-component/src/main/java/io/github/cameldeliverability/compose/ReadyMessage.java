package io.github.cameldeliverability.compose;

import io.github.cameldeliverability.mail.EmailAddress;
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
import java.util.Set;

/**
 * A message that came whole: checked, without the fields that must not leave, with a Date and a Message-ID.
 *
 * @param content the message; its body is as it was given
 * @param messageId with angle brackets
 * @param from the first author
 * @param recipients of To, Cc and Bcc, without duplicates; may be empty
 */
public record ReadyMessage(byte[] content, String messageId, EmailAddress from, List<EmailAddress> recipients) {

    // RFC 5322 3.6.3: Bcc is for us alone. RFC 5321 4.4: an originating client sends no Return-Path.
    private static final Set<String> PRIVATE_FIELDS = Set.of("bcc", "resent-bcc", "return-path");

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
     * @throws IllegalArgumentException naming the line or header that is wrong
     */
    public static ReadyMessage of(byte[] message, MessageStamp stamp) {
        HeaderSection header = HeaderSection.of(message);
        List<HeaderSection.Located> authors = header.all("From");
        if (authors.size() != 1) {
            // RFC 5322 3.6: exactly one. Two Froms make readers and DMARC see different authors.
            throw new IllegalArgumentException(
                    "Header From stands " + authors.size() + " times in the ready message, want 1");
        }
        List<Mailbox> from = AddressList.parse("From", authors.get(0).value());
        if (from.isEmpty()) {
            throw new IllegalArgumentException("Header From of the ready message names nobody");
        }
        EmailAddress author = from.get(0).address();
        List<Mailbox> recipients = new ArrayList<>();
        for (String name : List.of("To", "Cc", "Bcc")) {
            for (HeaderSection.Located f : header.all(name)) {
                recipients.addAll(AddressList.parse(name, f.value()));
            }
        }
        StringBuilder front = new StringBuilder();
        if (header.all("Date").isEmpty()) {
            front.append(HeaderText.unstructured("Date", MessageStamp.date(stamp.now())));
        }
        Optional<String> given = header.first("Message-ID").filter(id -> !id.isEmpty());
        String id = given.orElseGet(() -> stamp.messageId(author.asciiDomain()));
        if (given.isEmpty()) {
            front.append(HeaderText.unstructured("Message-ID", id));
        }
        Set<String> without = PRIVATE_FIELDS;
        if (given.isEmpty() && !header.all("Message-ID").isEmpty()) {
            without = Set.of("bcc", "resent-bcc", "return-path", "message-id");
        }
        return new ReadyMessage(
                header.rewritten(front.toString(), without), id, author, AddressList.addresses(recipients));
    }
}
