package io.github.cameldeliverability.routes.esp;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What the checks of the services share. */
final class Signatures {

    /** A clock may be ahead of ours. */
    private static final Duration AHEAD = Duration.ofMinutes(5);

    private Signatures() {}

    static byte[] hmac(String algorithm, String key, byte[] data) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), algorithm));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    /** Compares without telling by its time where the difference is. */
    static boolean same(String stated, String wanted) {
        return MessageDigest.isEqual(stated.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
    }

    static boolean sameHex(String stated, byte[] wanted) {
        return same(stated.strip().toLowerCase(Locale.ROOT), HexFormat.of().formatHex(wanted));
    }

    static boolean sameBase64(String stated, byte[] wanted) {
        return same(stated.strip(), Base64.getEncoder().encodeToString(wanted));
    }

    /** @throws EspRefusal if the time is no time, too old or in the future */
    static void checkAge(Instant signed, Duration maxAge, Clock clock) throws EspRefusal {
        Instant now = clock.instant();
        if (signed.isBefore(now.minus(maxAge))) {
            throw EspRefusal.forbidden("the request was signed too long ago: " + signed);
        }
        if (signed.isAfter(now.plus(AHEAD))) {
            throw EspRefusal.forbidden("the request was signed in the future: " + signed);
        }
    }

    static Instant seconds(String text) throws EspRefusal {
        try {
            return Instant.ofEpochSecond(Long.parseLong(text.strip()));
        } catch (NumberFormatException | java.time.DateTimeException e) {
            throw EspRefusal.unauthorized("the time of the signature is no number of seconds");
        }
    }

    /**
     * HTTP authentication (RFC 7617, RFC 6750): a secret with a colon is user and password, any other a bearer token, which
     * may also stand in a header of its own.
     */
    static void checkPassword(EspRequest request, String secret) throws EspRefusal {
        Optional<String> authorization = request.header("Authorization");
        Optional<String> own = request.header("X-Webhook-Token");
        if (authorization.isEmpty() && own.isEmpty()) {
            throw EspRefusal.unauthorized("no Authorization header, want the secret of the route");
        }
        String wanted = secret.contains(":")
                ? "Basic " + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8))
                : "Bearer " + secret;
        boolean good = authorization.isPresent() && same(scheme(authorization.get()), wanted);
        boolean goodOwn = !secret.contains(":") && own.isPresent() && same(own.get(), secret);
        if (!good && !goodOwn) {
            throw EspRefusal.forbidden("the password or token is wrong");
        }
    }

    /** RFC 9110 11.1: the name of the scheme is not case-sensitive. */
    private static String scheme(String authorization) {
        int space = authorization.indexOf(' ');
        if (space < 0) {
            return authorization;
        }
        String scheme = authorization.substring(0, space).toLowerCase(Locale.ROOT);
        String name = scheme.equals("basic") ? "Basic" : scheme.equals("bearer") ? "Bearer" : scheme;
        return name + " " + authorization.substring(space + 1).strip();
    }
}
