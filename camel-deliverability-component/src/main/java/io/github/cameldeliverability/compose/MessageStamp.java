package io.github.cameldeliverability.compose;

import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** Makes the two fields that every message must or should have: Date and Message-ID (RFC 5322 3.6). Thread-safe. */
public final class MessageStamp {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    private final Clock clock;
    private final RandomGenerator random;

    /** @param random thread-safe, as {@code SecureRandom} is */
    public MessageStamp(Clock clock, RandomGenerator random) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.random = Objects.requireNonNull(random, "random");
    }

    Instant now() {
        return clock.instant();
    }

    static String date(Instant at) {
        return DATE.format(at.atOffset(ZoneOffset.UTC));
    }

    /** {@code <TIME.RANDOM@domain>}: unique without asking anybody (RFC 5322 3.6.4). */
    public String messageId(String asciiDomain) {
        String domain = asciiDomain.startsWith("[") || asciiDomain.isEmpty() ? "localhost.invalid" : asciiDomain;
        return "<" + Long.toString(clock.millis(), 36) + "." + word(12) + "@" + domain + ">";
    }

    /** Random letters and digits from this many random octets. */
    String word(int octets) {
        byte[] bytes = new byte[octets];
        random.nextBytes(bytes);
        return new BigInteger(1, bytes).toString(36);
    }
}
