package io.github.cameldeliverability.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A mapping of a pack, read strictly; every complaint names the place. */
final class YamlFields {

    private final String place;
    private final Map<?, ?> map;

    private YamlFields(String place, Map<?, ?> map) {
        this.place = place;
        this.map = map;
    }

    static YamlFields of(String place, Object value) {
        if (value instanceof Map<?, ?> map) {
            return new YamlFields(place, map);
        }
        throw new RulePackException(place + ": must be a mapping of keys to values");
    }

    void allow(String... keys) {
        Set<String> allowed = Set.of(keys);
        for (Object key : map.keySet()) {
            if (!allowed.contains(String.valueOf(key))) {
                throw new RulePackException(
                        place + ": unknown key \"" + key + "\", known are " + String.join(", ", keys));
            }
        }
    }

    boolean has(String key) {
        return map.get(key) != null;
    }

    YamlFields nested(String key) {
        return of(place + ": " + key, map.get(key));
    }

    Optional<String> optional(String key) {
        Object value = map.get(key);
        if (value == null) {
            return Optional.empty();
        }
        return Optional.of(scalar(key, value));
    }

    String required(String key) {
        return optional(key).orElseThrow(() -> bad(key, "is missing"));
    }

    boolean flag(String key, boolean otherwise) {
        Object value = map.get(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean b) {
            return b;
        }
        throw bad(key, "must be true or false");
    }

    int number(String key, int otherwise) {
        Object value = map.get(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Integer n) {
            return n;
        }
        throw bad(key, "must be a whole number");
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

    /** A list of scalars, or one scalar for a list of one. */
    List<String> strings(String key) {
        Object value = map.get(key);
        if (value == null) {
            return List.of();
        }
        List<String> out = new ArrayList<>();
        for (Object element : value instanceof List<?> list ? list : List.of(value)) {
            out.add(scalar(key, element));
        }
        return List.copyOf(out);
    }

    private String scalar(String key, Object value) {
        if (value instanceof String || value instanceof Integer) {
            String text = String.valueOf(value);
            if (!text.isBlank()) {
                return text;
            }
        }
        throw bad(key, "must be text; put it in quotes");
    }

    <T> T parsed(String key, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw bad(key, e.getMessage());
        }
    }

    <T> T known(String key, String text, Function<String, Optional<T>> parser) {
        return parser.apply(text).orElseThrow(() -> bad(key, "is unknown: \"" + text + "\""));
    }

    RulePackException bad(String key, String what) {
        return new RulePackException(place + ": " + key + " " + what);
    }
}
