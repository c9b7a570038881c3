package io.github.cameldeliverability.crm.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.cameldeliverability.crm.format.Call;
import io.github.cameldeliverability.crm.format.Scope;
import io.github.cameldeliverability.crm.format.Template;
import io.github.cameldeliverability.crm.format.Tree;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request, ready but for the proof of who makes it. Immutable.
 *
 * @param uri without the query
 * @param headers names in any case
 * @param form null unless the body is a form
 * @param json null unless the body is JSON
 */
public record HttpCall(
        String method,
        String uri,
        Map<String, List<String>> query,
        Map<String, String> headers,
        Map<String, List<String>> form,
        JsonNode json) {

    /** Fills in the templates of a call. */
    public static HttpCall of(Call call, String base, Map<String, String> headers, Scope scope) {
        String path = Template.render(call.path(), scope);
        String uri = path.contains("://") ? path : Template.render(base, scope) + path;
        Map<String, List<String>> query = new LinkedHashMap<>();
        int mark = uri.indexOf('?');
        if (mark >= 0) {
            // A link to a next page brings its query along, encoded.
            for (String pair : uri.substring(mark + 1).split("&")) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                add(query, decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
            uri = uri.substring(0, mark);
        }
        parameters(call.query(), scope).forEach(query::put);
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((k, v) -> all.put(k, Template.render(v, scope)));
        call.headers().forEach((k, v) -> all.put(k, Template.render(v, scope)));
        all.values().removeIf(String::isEmpty);
        return new HttpCall(
                call.method(),
                uri,
                query,
                all,
                call.form() == null ? null : parameters(call.form(), scope),
                call.body() == null ? null : Tree.render(call.body(), scope));
    }

    private static Map<String, List<String>> parameters(Map<String, Object> from, Scope scope) {
        Map<String, List<String>> to = new LinkedHashMap<>();
        Tree.render(from, scope).properties().forEach(f -> {
            if (f.getValue().isArray()) {
                f.getValue().forEach(v -> add(to, f.getKey(), v.asText()));
            } else if (!f.getValue().isNull()) {
                add(
                        to,
                        f.getKey(),
                        f.getValue().isValueNode()
                                ? f.getValue().asText()
                                : f.getValue().toString());
            }
        });
        return to;
    }

    private static void add(Map<String, List<String>> to, String name, String value) {
        to.computeIfAbsent(name, k -> new ArrayList<>()).add(value);
    }

    private static String decode(String s) {
        return java.net.URLDecoder.decode(s, StandardCharsets.UTF_8);
    }

    public HttpCall withHeader(String name, String value) {
        Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(headers);
        more.put(name, value);
        return new HttpCall(method, uri, query, more, form, json);
    }

    public HttpCall withQuery(Map<String, List<String>> more) {
        Map<String, List<String>> all = new LinkedHashMap<>(query);
        all.putAll(more);
        return new HttpCall(method, uri, all, headers, form, json);
    }

    public HttpCall withBody(Map<String, List<String>> newForm, JsonNode newJson) {
        return new HttpCall(method, uri, query, headers, newForm, newJson);
    }

    public URI toUri() {
        return URI.create(query.isEmpty() ? uri : uri + "?" + encode(query));
    }

    /** The body's bytes; empty if there is none. */
    public byte[] body() {
        if (form != null) {
            return encode(form).getBytes(StandardCharsets.UTF_8);
        }
        return json == null ? new byte[0] : json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The type of the body, unless a header field says otherwise; empty if there is no body. */
    public String contentType() {
        if (headers.containsKey("Content-Type")) {
            return headers.get("Content-Type");
        }
        return form != null ? "application/x-www-form-urlencoded" : json != null ? "application/json" : "";
    }

    static String encode(Map<String, List<String>> parameters) {
        List<String> all = new ArrayList<>();
        parameters.forEach((k, values) -> values.forEach(v -> all.add(escape(k) + "=" + escape(v))));
        return String.join("&", all);
    }

    static String escape(String s) {
        // RFC 3986 2.3: these need no escape, and Signature Version 4 wants them without.
        return URLEncoder.encode(s, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    @Override
    public String toString() {
        return method + " " + toUri();
    }
}
