package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A request as a stub got it; the path and the query as they were on the wire. */
public record StubRequest(String method, String rawPath, String rawQuery, Map<String, String> headers, String body) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public String path() {
        return decode(rawPath);
    }

    /** The part of the path at a place, from 0, decoded. */
    public String part(int index) {
        String[] parts = rawPath.substring(1).split("/");
        return index < parts.length ? decode(parts[index]) : "";
    }

    public boolean is(String wantedMethod, String pathPattern) {
        return method.equals(wantedMethod) && path().matches(pathPattern);
    }

    public Map<String, String> query() {
        return parameters(rawQuery);
    }

    public Map<String, String> form() {
        return parameters(body);
    }

    public JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + body, e);
        }
    }

    private static Map<String, String> parameters(String s) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String pair : s.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                all.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return all;
    }

    private static String decode(String s) {
        return URLDecoder.decode(s.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return method + " " + rawPath + (rawQuery.isEmpty() ? "" : "?" + rawQuery) + " " + body;
    }
}
