package io.github.cameldeliverability.bounce;

import io.github.cameldeliverability.compose.MailBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;

/** Gets the bytes of a mail, headers included, out of what a route may hold. */
final class MailSource {

    /** Header fields beyond this are not looked at: no mail server lets such a header through. */
    private static final int MAX_HEADER = 1024 * 1024;

    private MailSource() {}

    /**
     * @return empty if the body is nothing that holds a mail
     * @throws IOException if the body cannot be read to its end
     */
    static Optional<MailBytes> read(Exchange exchange, int maxSize) throws IOException {
        Object body = exchange.getMessage().getBody();
        // Before any conversion: camel-mail's converter from a message to a stream gives its content without the
        // headers.
        Optional<MailBytes> mail = MailBytes.of(body, maxSize);
        if (mail.isPresent()) {
            return mail;
        }
        if (body instanceof byte[] bytes) {
            return Optional.of(
                    bytes.length <= maxSize
                            ? new MailBytes(bytes, false)
                            : new MailBytes(Arrays.copyOf(bytes, maxSize), true));
        }
        InputStream in = body instanceof CharSequence text
                ? new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8))
                : exchange.getMessage().getBody(InputStream.class);
        if (in == null) {
            return Optional.empty();
        }
        try {
            byte[] bytes = in.readNBytes(maxSize);
            return Optional.of(new MailBytes(bytes, bytes.length == maxSize && in.read() >= 0));
        } finally {
            if (body instanceof StreamCache cache) {
                cache.reset();
            } else {
                in.close();
            }
        }
    }

    /** The names of the mail's own header fields (RFC 5322 2.2), in lower case. */
    static Set<String> fieldNames(byte[] mail) {
        Set<String> names = new TreeSet<>();
        int end = Math.min(mail.length, MAX_HEADER);
        int start = 0;
        while (start < end && mail[start] != '\r' && mail[start] != '\n') {
            int i = start;
            while (i < end && mail[i] != '\n' && mail[i] != ':') {
                i++;
            }
            if (i < end && mail[i] == ':') {
                names.add(new String(mail, start, i - start, StandardCharsets.ISO_8859_1)
                        .strip()
                        .toLowerCase(Locale.ROOT));
            }
            while (i < end && mail[i] != '\n') {
                i++;
            }
            start = i + 1;
        }
        return names;
    }
}
