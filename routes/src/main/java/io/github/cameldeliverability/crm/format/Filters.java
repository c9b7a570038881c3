package io.github.cameldeliverability.crm.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What may stand behind a {@code |} in a template: {@code ${address|lower|md5}}, {@code ${evidence|max:255}}. */
final class Filters {

    interface Filter {
        JsonNode apply(JsonNode in, String argument, Scope scope);
    }

    private static final Map<String, Filter> ALL = new TreeMap<>();

    static {
        text("url", (s, a) -> url(s));
        text("lower", (s, a) -> s.toLowerCase(Locale.ROOT));
        text("text", (s, a) -> s);
        text("md5", (s, a) -> md5(s));
        text("base64", (s, a) -> Base64.getEncoder().encodeToString(s.getBytes(StandardCharsets.UTF_8)));
        // OData 4.01, 5.1.1.14.1: a quote inside a text is written twice.
        text("odata", (s, a) -> s.replace("'", "''"));
        text("soql", (s, a) -> soql(s));
        text("max", (s, a) -> max(s, Integer.parseInt(a)));
        text("day", (s, a) -> s.length() >= 10 ? s.substring(0, 10) : s);
        text("cut", (s, a) -> s.substring(0, Math.max(0, s.length() - Integer.parseInt(a))));
        // The wildcards of SQL's LIKE, as PostgreSQL and SQLite escape them.
        text("like", (s, a) -> s.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_"));
        text("prefix", (s, a) -> s.isEmpty() ? "" : a + s);
        ALL.put("soqlList", (n, a, c) -> quoted(n));
        ALL.put("or", (n, a, c) -> Values.isTrue(n) ? n : TextNode.valueOf(a));
        ALL.put(
                "number",
                (n, a, c) -> n.isNumber()
                        ? n
                        : LongNode.valueOf(Long.parseLong(n.asText().strip())));
        ALL.put("bool", (n, a, c) -> BooleanNode.valueOf(Values.isTrue(n)));
        ALL.put("not", (n, a, c) -> BooleanNode.valueOf(!Values.isTrue(n)));
        ALL.put(
                "same",
                (n, a, c) -> BooleanNode.valueOf(
                        Values.same(n, Template.parse("${" + a + "}").node(c))));
        ALL.put("is", (n, a, c) -> BooleanNode.valueOf(Values.same(n, TextNode.valueOf(a))));
        ALL.put("unless", (n, a, c) -> Values.same(n, TextNode.valueOf(a)) ? TextNode.valueOf("") : n);
        ALL.put("then", (n, a, c) -> TextNode.valueOf(Values.isTrue(n) ? a : ""));
        ALL.put("entries", (n, a, c) -> entries(n));
        ALL.put("split", (n, a, c) -> split(n));
        ALL.put("join", (n, a, c) -> TextNode.valueOf(join(n, a.isEmpty() ? "," : a)));
        ALL.put("count", (n, a, c) -> LongNode.valueOf(n.size()));
        ALL.put("json", (n, a, c) -> TextNode.valueOf(n.toString()));
        ALL.put("seconds", (n, a, c) -> time(n, 1_000));
        ALL.put("millis", (n, a, c) -> time(n, 1));
        ALL.put("query", (n, a, c) -> TextNode.valueOf(query(n, a)));
    }

    private interface TextFilter {
        String apply(String s, String argument);
    }

    private Filters() {}

    private static void text(String name, TextFilter filter) {
        ALL.put(name, (n, a, c) -> TextNode.valueOf(filter.apply(Template.text(n), a)));
    }

    static Filter named(String name) {
        Filter f = ALL.get(name);
        if (f == null) {
            throw new IllegalArgumentException("unknown filter '" + name + "'; there are " + names());
        }
        return f;
    }

    static Set<String> names() {
        return Collections.unmodifiableSet(ALL.keySet());
    }

    static String url(String s) {
        return URLEncoder.encode(s, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String md5(String s) {
        try {
            // Mailchimp names its members by it; nothing is protected by it.
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(s.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String soql(String s) {
        return s.replace("\\", "\\\\").replace("'", "\\'");
    }

    private static String max(String s, int length) {
        return s.length() <= length ? s : s.substring(0, length);
    }

    private static JsonNode quoted(JsonNode list) {
        List<String> all = new ArrayList<>();
        list.forEach(n -> all.add("'" + soql(n.asText()) + "'"));
        return TextNode.valueOf(String.join(",", all));
    }

    private static JsonNode split(JsonNode n) {
        if (n.isArray()) {
            return n;
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (String part : Template.text(n).split(",")) {
            if (!part.isBlank()) {
                list.add(part.strip());
            }
        }
        return list;
    }

    private static String join(JsonNode n, String between) {
        List<String> all = new ArrayList<>();
        n.forEach(x -> all.add(x.asText()));
        return String.join(between, all);
    }

    private static JsonNode entries(JsonNode map) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        map.properties().forEach(f -> list.addObject().put("key", f.getKey()).set("value", f.getValue()));
        return list;
    }

    private static JsonNode time(JsonNode n, long unit) {
        return n.asText().isEmpty()
                ? TextNode.valueOf("")
                : LongNode.valueOf(Instant.parse(n.asText()).toEpochMilli() / unit);
    }

    /** {@code fields[A]=1&fields[B]=2}, as PHP servers read maps. */
    private static String query(JsonNode map, String name) {
        List<String> all = new ArrayList<>();
        map.properties()
                .forEach(f -> all.add(url(name) + "[" + url(f.getKey()) + "]=" + url(Template.text(f.getValue()))));
        return String.join("&", all);
    }
}
