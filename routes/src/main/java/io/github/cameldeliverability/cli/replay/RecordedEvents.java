package io.github.cameldeliverability.cli.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.cameldeliverability.mail.SmtpPhase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a file of delivery events, a JSON object a line, as {@code send --events} writes it. */
public final class RecordedEvents {

    private static final ObjectMapper JSON = new ObjectMapper();

    private RecordedEvents() {}

    /**
     * Hands out the events in the order of the file. Blank lines are passed over, and a last line without its end: an engine
     * may be writing it.
     *
     * @return how many there were
     * @throws IOException if the file cannot be read or a line is no event; the message names file, line and what is wrong
     */
    public static long read(Path file, Consumer<RecordedEvent> sink) throws IOException {
        long events = 0;
        long number = 0;
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            String line = in.readLine();
            while (line != null) {
                String next = in.readLine();
                number++;
                if (!line.isBlank()) {
                    RecordedEvent event;
                    try {
                        event = event(JSON.readTree(line));
                    } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
                        if (next == null && !line.stripTrailing().endsWith("}")) {
                            return events;
                        }
                        throw new IOException(file + ":" + number + ": no delivery event: " + firstLine(e), e);
                    }
                    sink.accept(event);
                    events++;
                }
                line = next;
            }
        }
        return events;
    }

    private static RecordedEvent event(JsonNode n) {
        return new RecordedEvent(
                Instant.parse(must(n, "at")),
                must(n, "stream"),
                must(n, "queueId"),
                must(n, "recipient"),
                must(n, "outcome"),
                text(n, "reason"),
                text(n, "reply"),
                text(n, "phase").map(RecordedEvents::phase),
                text(n, "provider"),
                text(n, "host").map(h -> h.split(" ", 2)[0]),
                n.path("attempt").asInt(),
                Duration.ofMillis(Math.max(0, n.path("elapsedMillis").asLong())),
                text(n, "nextAttempt").map(Instant::parse));
    }

    private static SmtpPhase phase(String name) {
        for (SmtpPhase p : SmtpPhase.values()) {
            if (p.name().equalsIgnoreCase(name)) {
                return p;
            }
        }
        throw new IllegalArgumentException("\"phase\" is \"" + name + "\"; known are "
                + Stream.of(SmtpPhase.values())
                        .map(p -> p.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", ")));
    }

    private static String must(JsonNode n, String field) {
        return text(n, field).orElseThrow(() -> new IllegalArgumentException("\"" + field + "\" is missing"));
    }

    private static Optional<String> text(JsonNode n, String field) {
        return n.path(field).isTextual() ? Optional.of(n.path(field).textValue()) : Optional.empty();
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
