package io.github.cameldeliverability.compose;

import io.github.cameldeliverability.mail.EmailAddress;
import io.github.cameldeliverability.mail.ReversePath;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.util.Properties;

/**
 * A whole message for a transport of jakarta.mail that asks the message for its envelope: it goes to one recipient, whoever
 * its header fields name, and its octets stay as they are. Not thread-safe.
 */
public final class EnvelopedMessage extends MimeMessage {

    private final ReversePath from;
    private final EmailAddress to;

    /**
     * @param content in wire form
     * @param from the envelope's sender; where it is null, the author stands for it
     * @param to the envelope's recipient
     * @throws IllegalArgumentException if the header section cannot be read
     */
    public static EnvelopedMessage of(byte[] content, ReversePath from, EmailAddress to) {
        try {
            return new EnvelopedMessage(content, from, to);
        } catch (MessagingException e) {
            throw new IllegalArgumentException("the message cannot be read: " + e.getMessage(), e);
        }
    }

    private EnvelopedMessage(byte[] content, ReversePath from, EmailAddress to) throws MessagingException {
        super(Session.getInstance(new Properties()), new ByteArrayInputStream(content));
        this.from = from;
        this.to = to;
    }

    @Override
    public Address[] getFrom() throws MessagingException {
        return from.isNull() ? super.getFrom() : new Address[] {address(from.toString())};
    }

    @Override
    public Address[] getAllRecipients() throws MessagingException {
        return new Address[] {address(to.toString())};
    }

    private static InternetAddress address(String text) throws MessagingException {
        return new InternetAddress(text);
    }

    /** Does nothing: transports call it, and it would write the message anew. */
    @Override
    public void saveChanges() {}
}
