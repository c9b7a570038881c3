package io.github.cameldeliverability.routes.esp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Reads JSON of strangers, bounded in depth. */
final class Json {

    private static final int MAX_DEPTH = 50;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build());

    private static final DateTimeFormatter SPACED = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private Json() {}

    static JsonNode read(String text) throws EspRefusal {
        try {
            JsonNode node = MAPPER.readTree(text);
            return node == null ? MissingNode.getInstance() : node;
        } catch (JsonProcessingException e) {
            throw EspRefusal.unreadable("the body is no JSON");
        }
    }

    static String text(JsonNode node, String... path) {
        JsonNode n = node;
        for (String name : path) {
            n = n.path(name);
        }
        return n.isValueNode() && !n.isNull() ? n.asText() : "";
    }

    /** Seconds since 1970, perhaps with a fraction, or a date and time; the fallback for anything else. */
    static Instant time(String text, Instant otherwise) {
        String t = text.strip();
        try {
            if (t.matches("[0-9]{1,11}(\\.[0-9]{1,9})?")) {
                return Instant.ofEpochMilli((long) (Double.parseDouble(t) * 1000));
            }
            if (t.matches("[0-9]{13}")) {
                return Instant.ofEpochMilli(Long.parseLong(t));
            }
            return t.length() == 19 && t.charAt(10) == ' '
                    ? LocalDateTime.parse(t, SPACED).toInstant(ZoneOffset.UTC)
                    : OffsetDateTime.parse(t).toInstant();
        } catch (DateTimeException e) {
            return otherwise;
        }
    }
}
