package io.github.cameldeliverability.dkim;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A list of {@code name=value} pairs (RFC 6376 3.2), as in signature fields and key records. Immutable. */
final class TagList {

    private final Map<String, String> tags;

    private TagList(Map<String, String> tags) {
        this.tags = tags;
    }

    /** @throws DkimSyntaxException on a pair without "=", a bad name, a name that comes twice */
    static TagList parse(String text) {
        Map<String, String> tags = new LinkedHashMap<>();
        int at = 0;
        while (at < text.length()) {
            int semicolon = text.indexOf(';', at);
            int end = semicolon < 0 ? text.length() : semicolon;
            String pair = trim(text.substring(at, end));
            at = end + 1;
            if (pair.isEmpty()) {
                // RFC 6376 3.2: one ";" may stand at the end; we let empty pairs pass anywhere, as all others do.
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new DkimSyntaxException("no \"=\" in \"" + shown(pair) + "\"");
            }
            String name = trim(pair.substring(0, equals));
            if (!isName(name)) {
                throw new DkimSyntaxException("not a tag name: \"" + shown(name) + "\"");
            }
            // RFC 6376 3.2: tags with duplicate names must not occur; if they do, the whole list is invalid.
            if (tags.put(name, trim(pair.substring(equals + 1))) != null) {
                throw new DkimSyntaxException("tag " + name + "= comes twice");
            }
        }
        return new TagList(tags);
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(tags.get(name));
    }

    String require(String name) {
        String value = tags.get(name);
        if (value == null || value.isEmpty()) {
            throw new DkimSyntaxException("tag " + name + "= is missing or empty");
        }
        return value;
    }

    /** The name of the first tag; empty for an empty list. */
    String first() {
        return tags.isEmpty() ? "" : tags.keySet().iterator().next();
    }

    /** The items of a list with colons, without white space. */
    static List<String> colonList(String value) {
        List<String> items = new ArrayList<>();
        for (String item : value.split(":", -1)) {
            items.add(trim(item));
        }
        return items;
    }

    /** Base64 that may be folded anywhere (RFC 6376 2.10). */
    static byte[] base64(String name, String value) {
        try {
            return Base64.getDecoder().decode(withoutSpace(value));
        } catch (IllegalArgumentException e) {
            throw new DkimSyntaxException("tag " + name + "= is not base64", e);
        }
    }

    static String withoutSpace(String value) {
        StringBuilder b = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            if (!isSpace(value.charAt(i))) {
                b.append(value.charAt(i));
            }
        }
        return b.toString();
    }

    private static String trim(String s) {
        int start = 0;
        int end = s.length();
        while (start < end && isSpace(s.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(s.charAt(end - 1))) {
            end--;
        }
        return s.substring(start, end);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && (i == 0 || !(c == '_' || (c >= '0' && c <= '9')))) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** Remote text on its way into a reason: short, printable. */
    static String shown(String s) {
        String cut = s.length() > 40 ? s.substring(0, 40) + "..." : s;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
