package io.github.cameldeliverability.feedback;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A header: fields in order, names in lower case, values unfolded and raw (encoded words not decoded). Immutable. */
public final class HeaderBlock {

    public static final HeaderBlock EMPTY = new HeaderBlock(List.of());

    /** One field. */
    public record Field(String name, String value) {}

    private final List<Field> fields;

    public HeaderBlock(List<Field> fields) {
        this.fields = List.copyOf(fields);
    }

    /**
     * Reads fields from text lines up to the first line that cannot belong to a header. Folded lines are joined (RFC 5322
     * 2.2.3); at most {@code limit} fields are kept.
     */
    public static HeaderBlock parse(List<String> lines, int from, int limit) {
        List<Field> fields = new ArrayList<>();
        String name = null;
        StringBuilder value = new StringBuilder();
        for (int i = from; i < lines.size() && fields.size() < limit; i++) {
            String line = lines.get(i);
            if (line.isBlank()) {
                break;
            }
            if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                if (name != null) {
                    value.append(' ').append(line.strip());
                }
                continue;
            }
            int colon = nameEnd(line);
            if (colon < 0) {
                if (name != null && line.startsWith(">")) {
                    continue;
                }
                break;
            }
            if (name != null) {
                fields.add(new Field(name, value.toString()));
            }
            name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            value.setLength(0);
            value.append(line.substring(colon + 1).strip());
        }
        if (name != null) {
            fields.add(new Field(name, value.toString()));
        }
        return new HeaderBlock(fields);
    }

    /** Where the colon of a field name stands, or -1 if the line does not begin with a field name (RFC 5322 2.2). */
    static int nameEnd(String line) {
        for (int i = 0; i < line.length() && i < 80; i++) {
            char c = line.charAt(i);
            if (c == ':') {
                return i == 0 ? -1 : i;
            }
            if (c == ' ' || c == '\t') {
                // Obsolete syntax (RFC 5322 4.5.8) lets blanks stand before the colon, nothing else.
                int j = i;
                while (j < line.length() && (line.charAt(j) == ' ' || line.charAt(j) == '\t')) {
                    j++;
                }
                return i > 0 && j < line.length() && line.charAt(j) == ':' ? j : -1;
            }
            if (c <= ' ' || c >= 0x7f) {
                return -1;
            }
        }
        return -1;
    }

    public Optional<String> first(String name) {
        for (Field f : fields) {
            if (f.name().equals(name)) {
                return Optional.of(f.value());
            }
        }
        return Optional.empty();
    }

    /** The first value, or the empty text. */
    public String text(String name) {
        return first(name).orElse("");
    }

    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        for (Field f : fields) {
            if (f.name().equals(name)) {
                values.add(f.value());
            }
        }
        return values;
    }

    public boolean has(String name) {
        return first(name).isPresent();
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    public List<Field> fields() {
        return fields;
    }
}
