package io.github.cameldeliverability.shaping;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A mapping of a rule file, read strictly; every complaint names the place and what is allowed. */
final class RuleFields {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})\\s*(ms|s|m|h|d)");
    private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)\\s*%");

    private final String place;
    private final Map<?, ?> map;

    private RuleFields(String place, Map<?, ?> map) {
        this.place = place;
        this.map = map;
    }

    static RuleFields of(String place, Object value, String... allowed) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(place + ": must be a mapping of keys to values");
        }
        Set<String> known = Set.of(allowed);
        for (Object key : map.keySet()) {
            if (!known.contains(String.valueOf(key))) {
                throw new IllegalArgumentException(
                        place + ": unknown key \"" + key + "\", known are " + String.join(", ", allowed));
            }
        }
        return new RuleFields(place, map);
    }

    String place() {
        return place;
    }

    boolean has(String key) {
        return map.get(key) != null;
    }

    /** An empty mapping where the key is missing. */
    RuleFields nested(String key, String... allowed) {
        return of(place + ": " + key, has(key) ? map.get(key) : Map.of(), allowed);
    }

    /** The elements of a list; none where the key is missing. */
    List<?> list(String key) {
        Object value = map.get(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw bad(key, "must be a list");
    }

    Optional<String> text(String key) {
        return Optional.ofNullable(map.get(key)).map(v -> scalar(key, v));
    }

    String required(String key) {
        return text(key).orElseThrow(() -> bad(key, "is missing"));
    }

    /** A list of scalars, or one scalar for a list of one. */
    List<String> texts(String key) {
        Object value = map.get(key);
        if (value == null) {
            return List.of();
        }
        List<String> all = new ArrayList<>();
        for (Object element : value instanceof List<?> list ? list : List.of(value)) {
            all.add(scalar(key, element));
        }
        return List.copyOf(all);
    }

    <T> List<T> words(String key, Function<String, Optional<T>> parser, Iterable<String> known) {
        List<T> all = new ArrayList<>();
        for (String word : texts(key)) {
            all.add(parser.apply(word)
                    .orElseThrow(() -> bad(key, "\"" + word + "\" is unknown; known are " + String.join(", ", known))));
        }
        return all;
    }

    int count(String key, int otherwise) {
        Object value = map.get(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Integer n && n >= 1) {
            return n;
        }
        throw bad(key, "must be a whole number from 1: " + value);
    }

    /** A share such as {@code 0.3%}. */
    OptionalDouble share(String key) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return OptionalDouble.empty();
        }
        Matcher m = SHARE.matcher(text.get().strip());
        if (!m.matches() || Double.parseDouble(m.group(1)) > 100) {
            throw bad(key, "must be a share such as 0.3%, at most 100%: " + text.get());
        }
        return OptionalDouble.of(Double.parseDouble(m.group(1)) / 100);
    }

    OptionalDouble number(String key) {
        Object value = map.get(key);
        if (value == null) {
            return OptionalDouble.empty();
        }
        if (value instanceof Number n && n.doubleValue() > 0 && Double.isFinite(n.doubleValue())) {
            return OptionalDouble.of(n.doubleValue());
        }
        throw bad(key, "must be a positive number: " + value);
    }

    Optional<Duration> duration(String key) {
        return text(key).map(t -> parseDuration(t)
                .orElseThrow(() -> bad(key, "must be a time such as 90s, 5m, 2h or 1d: " + t)));
    }

    static Optional<Duration> parseDuration(String text) {
        Matcher m = DURATION.matcher(text.strip());
        if (!m.matches() || Integer.parseInt(m.group(1)) == 0) {
            return Optional.empty();
        }
        long n = Long.parseLong(m.group(1));
        return Optional.of(
                switch (m.group(2)) {
                    case "ms" -> Duration.ofMillis(n);
                    case "s" -> Duration.ofSeconds(n);
                    case "m" -> Duration.ofMinutes(n);
                    case "h" -> Duration.ofHours(n);
                    default -> Duration.ofDays(n);
                });
    }

    private String scalar(String key, Object value) {
        if (value instanceof String || value instanceof Number) {
            String text = String.valueOf(value);
            if (!text.isBlank()) {
                return text.strip();
            }
        }
        throw bad(key, "must be text; put it in quotes");
    }

    IllegalArgumentException bad(String key, String what) {
        return new IllegalArgumentException(place + ": " + key + " " + what);
    }
}
