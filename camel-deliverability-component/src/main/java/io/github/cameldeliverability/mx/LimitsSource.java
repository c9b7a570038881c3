package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.shaping.LimitBook;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of limits that the component names, read anew when it was changed. Not thread-safe: one thread asks. */
final class LimitsSource {

    private static final Logger LOG = LoggerFactory.getLogger(LimitsSource.class);

    private final CamelContext context;
    private final String location;
    private String seen = "";
    private String trouble = "";

    LimitsSource(CamelContext context, String location) {
        this.context = context;
        this.location = ResourceHelper.hasScheme(location) ? location : "file:" + location;
    }

    /**
     * Blocking: reads the file for the first time.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if it cannot be used: file, line, key and the fix
     */
    LimitBook first() throws IOException {
        seen = text();
        LimitBook book = LimitBook.parse(location, seen);
        tell(book);
        return book;
    }

    /** Blocking: the new book if the file was changed and can be used. A file that cannot leaves the old one in force. */
    Optional<LimitBook> changed() {
        try {
            String text = text();
            if (text.equals(seen)) {
                return Optional.empty();
            }
            LimitBook book = LimitBook.parse(location, text);
            seen = text;
            trouble = "";
            LOG.info("event=limits-reloaded file=\"{}\"", location);
            tell(book);
            return Optional.of(book);
        } catch (IOException | IllegalArgumentException e) {
            String now = String.valueOf(e.getMessage());
            if (!now.equals(trouble)) {
                trouble = now;
                LOG.error("event=limits-not-reloaded reason=\"{}\": the limits in force stay", now);
            }
            return Optional.empty();
        }
    }

    private String text() throws IOException {
        try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(context, location)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IOException(
                    "providers of the mx component cannot be read from " + location + ": " + e.getMessage(), e);
        }
    }

    private static void tell(LimitBook book) {
        book.findings().forEach(f -> LOG.warn("event=limits-finding {}", f));
    }
}
