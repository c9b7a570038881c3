package io.github.cameldeliverability.shaping;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;

/** Every limit that a lane can have. Layers, files, merging and EXPLAIN go by this list, so that none is forgotten. */
public enum Limit {
    /** Sessions open at the same time. */
    CONNECTIONS("connections", Kind.COUNT),
    /** New sessions a second; 0 means no limit. */
    CONNECTIONS_PER_SECOND("connectionsPerSecond", Kind.RATE),
    /** Recipients a second; 0 means no limit. */
    MESSAGES_PER_SECOND("messagesPerSecond", Kind.RATE),
    /** Recipients that may go at once after a rest; left open, a second's worth. */
    BURST("burst", Kind.COUNT),
    /** Octets of content a second; 0 means no limit. */
    BYTES_PER_SECOND("bytesPerSecond", Kind.BYTES),
    /** Transactions before a session is closed in good order. */
    MESSAGES_PER_CONNECTION("messagesPerConnection", Kind.COUNT),
    /** RCPT commands in one transaction. */
    RECIPIENTS_PER_TRANSACTION("recipientsPerTransaction", Kind.COUNT),
    /** Recipients an hour by the clock; 0 means none at all. Left open: no cap. */
    HOURLY_CAP("hourlyCap", Kind.CAP),
    /** Recipients a calendar day; 0 means none at all. Left open: no cap. */
    DAILY_CAP("dailyCap", Kind.CAP),
    /** Whose midnight begins the day of the caps. */
    TIME_ZONE("timeZone", Kind.ZONE);

    /** What the value is. */
    enum Kind {
        /** A whole number, at least 1. */
        COUNT("a whole number, at least 1"),
        /** A number a second; in files also N/s, N/m, N/h, N/d. */
        RATE("N, N/m, N/h or N/d (a rate, 0 for no limit)"),
        /** Octets a second; in files also with KB, MB, GB and a unit of time. */
        BYTES("N, NKB, NMB or NGB, each with /m, /h or /d if it is not a second"),
        /** A whole number, 0 or more. */
        CAP("a whole number, 0 or more"),
        /** A zone id such as Europe/Kyiv. */
        ZONE("a time zone such as UTC or Europe/Kyiv");

        final String wanted;

        Kind(String wanted) {
            this.wanted = wanted;
        }
    }

    private final String key;
    private final Kind kind;

    Limit(String key, Kind kind) {
        this.key = key;
        this.kind = kind;
    }

    /** As in files and in EXPLAIN. */
    public String key() {
        return key;
    }

    Kind kind() {
        return kind;
    }

    static Optional<Limit> byKey(String key) {
        for (Limit limit : values()) {
            if (limit.key.equals(key)) {
                return Optional.of(limit);
            }
        }
        return Optional.empty();
    }

    /**
     * Reads a value as files state it.
     *
     * @throws IllegalArgumentException saying what is wanted
     */
    Object parse(String text) {
        try {
            Object value =
                    switch (kind) {
                        case COUNT, CAP -> Long.valueOf(text.strip().replace("_", ""));
                        case RATE -> rate(text);
                        case BYTES -> bytes(text);
                        case ZONE -> ZoneId.of(text.strip());
                    };
            check(value);
            return value;
        } catch (NumberFormatException | DateTimeException e) {
            throw new IllegalArgumentException(key + ": want " + kind.wanted + ", not " + text, e);
        }
    }

    /** @throws IllegalArgumentException if a value of the right type is out of range */
    void check(Object value) {
        boolean good =
                switch (kind) {
                    case COUNT -> value instanceof Long n && n >= 1 && n <= Integer.MAX_VALUE;
                    case CAP -> value instanceof Long n && n >= 0;
                    case RATE, BYTES -> value instanceof Double d && d >= 0 && Double.isFinite(d);
                    case ZONE -> value instanceof ZoneId;
                };
        if (!good) {
            throw new IllegalArgumentException(key + " must be " + kind.wanted + ": " + value);
        }
    }

    /** For people. */
    String show(Object value) {
        return switch (kind) {
            case RATE -> perSecond((Double) value, "");
            case BYTES -> perSecond((Double) value, " B");
            default -> String.valueOf(value);
        };
    }

    private static String perSecond(double n, String unit) {
        return n == 0 ? "no limit" : n + unit + "/s";
    }

    private static double rate(String text) {
        int slash = text.indexOf('/');
        double number = Double.parseDouble((slash < 0 ? text : text.substring(0, slash)).strip());
        return number / seconds(slash < 0 ? "s" : text.substring(slash + 1).strip());
    }

    private static double bytes(String text) {
        int slash = text.indexOf('/');
        String amount = (slash < 0 ? text : text.substring(0, slash)).strip().toUpperCase(Locale.ROOT);
        double factor = 1;
        for (String unit : new String[] {"KB", "MB", "GB"}) {
            factor *= 1024;
            if (amount.endsWith(unit)) {
                amount = amount.substring(0, amount.length() - 2).strip();
                return Double.parseDouble(amount)
                        * factor
                        / seconds(slash < 0 ? "s" : text.substring(slash + 1).strip());
            }
        }
        return rate(text);
    }

    private static double seconds(String unit) {
        return switch (unit) {
            case "s" -> 1;
            case "m" -> 60;
            case "h" -> 3600;
            case "d" -> 86_400;
            default -> throw new NumberFormatException("unit of time " + unit);
        };
    }
}
