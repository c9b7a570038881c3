package io.github.cameldeliverability.store;

import java.time.Instant;

/** Times as the database's columns hold them: whole milliseconds since 1970. */
final class Millis {

    private Millis() {}

    static long of(Instant time) {
        try {
            return time.toEpochMilli();
        } catch (ArithmeticException e) {
            // Instant.MAX and MIN mean never and always.
            return time.getEpochSecond() > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
        }
    }

    static Instant toInstant(long millis) {
        return Instant.ofEpochMilli(millis);
    }
}
