package io.github.cameldeliverability.crm.stub;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The suppression list of an SES account, which checks the signature of each call. */
public final class SesStub implements StubServer.Handler {

    /** Address to reason. */
    public final Map<String, String> reasons = new ConcurrentSkipListMap<>();

    @Override
    public StubReply apply(StubRequest r) {
        if (!signature(r).equals(r.headers().getOrDefault("Authorization", "").replaceFirst(".*Signature=", ""))) {
            return StubReply.of(403, "{\"message\":\"The request signature we calculated does not match\"}");
        }
        if (r.is("PUT", "/v2/email/suppression/addresses")) {
            reasons.put(
                    r.json().path("EmailAddress").asText(),
                    r.json().path("Reason").asText());
            return StubReply.of(200, "{}");
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        if (r.is("GET", "/v2/email/suppression/addresses")) {
            String after = r.query().getOrDefault("NextToken", "");
            ArrayNode rows = answer.putArray("SuppressedDestinationSummaries");
            reasons.forEach((a, reason) -> {
                if (rows.isEmpty() && a.compareTo(after) > 0) {
                    rows.addObject()
                            .put("EmailAddress", a)
                            .put("Reason", reason)
                            .put("LastUpdateTime", 1.7723664E9);
                    answer.put("NextToken", a);
                }
            });
            return StubReply.ok(answer);
        }
        if (r.is("GET", "/v2/email/suppression/addresses/.+") && reasons.containsKey(r.part(4))) {
            answer.putObject("SuppressedDestination")
                    .put("EmailAddress", r.part(4))
                    .put("Reason", reasons.get(r.part(4)));
            return StubReply.ok(answer);
        }
        return StubReply.of(404, "{\"message\":\"Email address does not exist on your suppression list.\"}");
    }

    /** Signature Version 4, made anew from what came over the wire. */
    private static String signature(StubRequest r) {
        String time = r.headers().getOrDefault("X-Amz-Date", "");
        if (time.length() < 8) {
            return "no time";
        }
        String names = r.headers().getOrDefault("Authorization", "").replaceAll(".*SignedHeaders=([^,]*),.*", "$1");
        StringBuilder headers = new StringBuilder();
        for (String name : names.split(";")) {
            headers.append(name).append(':').append(r.headers().get(name)).append('\n');
        }
        String query = new TreeMap<>(r.query())
                .entrySet().stream()
                        .map(e -> escape(e.getKey()) + "=" + escape(e.getValue()))
                        .collect(java.util.stream.Collectors.joining("&"));
        String path = r.rawPath().replace("%", "%25").replace("@", "%40");
        String canonical = String.join("\n", r.method(), path, query, headers, names, hex(sha256(r.body())));
        String scope = time.substring(0, 8) + "/eu-west-1/ses/aws4_request";
        byte[] key = "AWS4ses-secret".getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/")) {
            key = hmac(key, part);
        }
        return hex(hmac(key, String.join("\n", "AWS4-HMAC-SHA256", time, scope, hex(sha256(canonical)))));
    }

    private static String escape(String s) {
        return java.net.URLEncoder.encode(s, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static byte[] sha256(String s) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(s.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String s) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(s.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
