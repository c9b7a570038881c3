package io.github.cameldeliverability.compose;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * The bytes of a {@code jakarta.mail} message as it was received, headers included, up to a size.
 *
 * @param content the message, or its beginning
 * @param truncated whether the message goes on
 */
public record MailBytes(byte[] content, boolean truncated) {

    /**
     * Blocking where the message still has to be fetched from its mailbox.
     *
     * @param body a message, or the multipart content of one
     * @return empty for any other object
     * @throws IOException if the message cannot be read
     */
    public static Optional<MailBytes> of(Object body, int maxSize) throws IOException {
        Message message = null;
        if (body instanceof Message m) {
            message = m;
        } else if (body instanceof Multipart multipart && multipart.getParent() instanceof Message m) {
            message = m;
        }
        if (message == null) {
            return Optional.empty();
        }
        Bounded out = new Bounded(maxSize);
        try {
            message.writeTo(out);
        } catch (Full e) {
            return Optional.of(new MailBytes(out.toByteArray(), true));
        } catch (MessagingException e) {
            throw new IOException("Cannot read the message: " + e.getMessage(), e);
        }
        return Optional.of(new MailBytes(out.toByteArray(), false));
    }

    private static final class Full extends IOException {
        Full(int maxSize) {
            super("more than " + maxSize + " bytes");
        }
    }

    private static final class Bounded extends OutputStream {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final int maxSize;

        Bounded(int maxSize) {
            this.maxSize = maxSize;
        }

        @Override
        public void write(int b) throws IOException {
            if (kept.size() >= maxSize) {
                throw new Full(maxSize);
            }
            kept.write(b);
        }

        @Override
        public void write(byte[] b, int offset, int length) throws IOException {
            int room = Math.min(length, maxSize - kept.size());
            kept.write(b, offset, room);
            if (room < length) {
                throw new Full(maxSize);
            }
        }

        byte[] toByteArray() {
            return kept.toByteArray();
        }
    }
}
