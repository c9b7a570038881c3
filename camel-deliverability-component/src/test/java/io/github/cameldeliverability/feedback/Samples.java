package io.github.cameldeliverability.feedback;

import io.github.cameldeliverability.verdict.RulePackEngine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** The returned mails of {@code src/test/resources/feedback} and what each means. */
final class Samples {

    static final Instant NOW = Instant.parse("2026-04-15T08:00:00Z");
    static final FeedbackReader READER = new FeedbackReader(RulePackEngine.builtIn(), Clock.fixed(NOW, ZoneOffset.UTC));

    /** One line of {@code expected.txt}. */
    record Expected(String file, String kind, String format, List<String> recipients) {
        @Override
        public String toString() {
            return file;
        }
    }

    private Samples() {}

    static List<Expected> all() {
        List<Expected> all = new ArrayList<>();
        for (String line : new String(resource("expected.txt"), StandardCharsets.UTF_8).split("\n")) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] f = line.split(" \\| ");
                List<String> recipients = f[3].strip().equals("-")
                        ? List.of()
                        : List.of(f[3].strip().split(" ; "));
                all.add(new Expected(f[0].strip(), f[1].strip(), f[2].strip(), recipients));
            }
        }
        return all;
    }

    static byte[] mail(String name) {
        return resource(name + ".eml");
    }

    static byte[] resource(String name) {
        try (InputStream in = Samples.class.getResourceAsStream("/feedback/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("no sample " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
