package io.github.cameldeliverability.crm.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4
 * (<a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">how it is made</a>).
 */
final class SigV4 {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String accessKey;
    private final String secretKey;
    private final String service;
    private final String region;
    private final Clock clock;

    /** @param scope service and region, {@code ses/eu-west-1} */
    SigV4(String accessKey, String secretKey, String scope, Clock clock) {
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        int slash = scope.indexOf('/');
        if (slash < 1 || slash == scope.length() - 1) {
            throw new IllegalArgumentException("auth.service: wanted SERVICE/REGION, not " + scope);
        }
        this.service = scope.substring(0, slash);
        this.region = scope.substring(slash + 1);
        this.clock = clock;
    }

    HttpCall sign(HttpCall call) {
        String time = TIME.format(clock.instant());
        String day = time.substring(0, 8);
        URI uri = call.toUri();
        Map<String, String> signed = new TreeMap<>();
        signed.put("host", uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort());
        signed.put("x-amz-date", time);
        call.headers().forEach((k, v) -> signed.put(k.toLowerCase(Locale.ROOT), v.strip()));
        if (!call.contentType().isEmpty()) {
            signed.put("content-type", call.contentType());
        }
        String names = String.join(";", signed.keySet());
        String request = String.join(
                "\n",
                call.method(),
                // The path is encoded a second time: for all services but S3.
                Arrays.stream(uri.getRawPath().split("/", -1))
                        .map(HttpCall::escape)
                        .collect(Collectors.joining("/")),
                query(call),
                signed.entrySet().stream()
                        .map(e -> e.getKey() + ":" + e.getValue() + "\n")
                        .collect(Collectors.joining()),
                names,
                hex(sha256(call.body())));
        String scope = day + "/" + region + "/" + service + "/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n"
                + hex(sha256(request.getBytes(StandardCharsets.UTF_8)));
        byte[] key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
        for (String step : List.of(day, region, service, "aws4_request")) {
            key = hmac(key, step);
        }
        return call.withHeader("X-Amz-Date", time)
                .withHeader(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=" + accessKey + "/" + scope + ", SignedHeaders=" + names
                                + ", Signature=" + hex(hmac(key, toSign)));
    }

    private static String query(HttpCall call) {
        List<String> pairs = new ArrayList<>();
        call.query()
                .forEach((k, values) -> values.forEach(v -> pairs.add(HttpCall.escape(k) + "=" + HttpCall.escape(v))));
        return pairs.stream().sorted().collect(Collectors.joining("&"));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
