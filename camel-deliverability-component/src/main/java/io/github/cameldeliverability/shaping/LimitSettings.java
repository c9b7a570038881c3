package io.github.cameldeliverability.shaping;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Limits of a lane, each of which may be left open so that layers can be put over one another. Immutable. */
public final class LimitSettings {

    /** Nothing set. */
    public static final LimitSettings NONE = new LimitSettings(new EnumMap<>(Limit.class));

    /** What holds for a receiver of whom nothing is known; RFC 5321 4.5.3.1.8 promises 100 recipients a transaction. */
    public static final LimitSettings DEFAULTS = NONE.withConnections(10)
            .withConnectionsPerSecond(0)
            .withMessagesPerSecond(0)
            .with(Limit.BYTES_PER_SECOND, 0.0)
            .withMessagesPerConnection(100)
            .withRecipientsPerTransaction(100)
            .with(Limit.TIME_ZONE, ZoneOffset.UTC);

    private final Map<Limit, Object> values;

    private LimitSettings(Map<Limit, Object> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    public OptionalInt connections() {
        return whole(Limit.CONNECTIONS);
    }

    /** New connections; 0 means no limit. */
    public OptionalDouble connectionsPerSecond() {
        return rate(Limit.CONNECTIONS_PER_SECOND);
    }

    /** Recipients; 0 means no limit. */
    public OptionalDouble messagesPerSecond() {
        return rate(Limit.MESSAGES_PER_SECOND);
    }

    /** Recipients at once after a rest. */
    public OptionalInt burst() {
        return whole(Limit.BURST);
    }

    /** Octets of content; 0 means no limit. */
    public OptionalDouble bytesPerSecond() {
        return rate(Limit.BYTES_PER_SECOND);
    }

    public OptionalInt messagesPerConnection() {
        return whole(Limit.MESSAGES_PER_CONNECTION);
    }

    public OptionalInt recipientsPerTransaction() {
        return whole(Limit.RECIPIENTS_PER_TRANSACTION);
    }

    /** Recipients an hour. */
    public OptionalLong hourlyCap() {
        return cap(Limit.HOURLY_CAP);
    }

    /** Recipients a calendar day. */
    public OptionalLong dailyCap() {
        return cap(Limit.DAILY_CAP);
    }

    /** Whose midnight begins the day. */
    public Optional<ZoneId> timeZone() {
        return Optional.ofNullable((ZoneId) values.get(Limit.TIME_ZONE));
    }

    /** The limits that are not left open. */
    public Set<Limit> limits() {
        return values.keySet();
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    Optional<Object> value(Limit limit) {
        return Optional.ofNullable(values.get(limit));
    }

    public LimitSettings withConnections(int n) {
        return with(Limit.CONNECTIONS, (long) n);
    }

    public LimitSettings withConnectionsPerSecond(double rate) {
        return with(Limit.CONNECTIONS_PER_SECOND, rate);
    }

    public LimitSettings withMessagesPerSecond(double rate) {
        return with(Limit.MESSAGES_PER_SECOND, rate);
    }

    public LimitSettings withMessagesPerConnection(int n) {
        return with(Limit.MESSAGES_PER_CONNECTION, (long) n);
    }

    public LimitSettings withRecipientsPerTransaction(int n) {
        return with(Limit.RECIPIENTS_PER_TRANSACTION, (long) n);
    }

    public LimitSettings withDailyCap(long n) {
        return with(Limit.DAILY_CAP, n);
    }

    public LimitSettings withHourlyCap(long n) {
        return with(Limit.HOURLY_CAP, n);
    }

    /**
     * With one limit as a file states it: {@code with("dailyCap", "500")}.
     *
     * @throws IllegalArgumentException for an unknown name or a value that is not understood
     */
    public LimitSettings with(String key, String value) {
        Limit limit = Limit.byKey(key).orElseThrow(() -> new IllegalArgumentException(key + " is no limit"));
        return with(limit, limit.parse(value));
    }

    LimitSettings with(Limit limit, Object value) {
        limit.check(value);
        Map<Limit, Object> copy = new EnumMap<>(Limit.class);
        copy.putAll(values);
        copy.put(limit, value);
        return new LimitSettings(copy);
    }

    /** These settings, and where they are open the others. */
    public LimitSettings over(LimitSettings others) {
        Map<Limit, Object> merged = new EnumMap<>(Limit.class);
        merged.putAll(others.values);
        merged.putAll(values);
        return new LimitSettings(merged);
    }

    private OptionalInt whole(Limit limit) {
        Object value = values.get(limit);
        return value == null ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact((Long) value));
    }

    private OptionalLong cap(Limit limit) {
        Object value = values.get(limit);
        return value == null ? OptionalLong.empty() : OptionalLong.of((Long) value);
    }

    private OptionalDouble rate(Limit limit) {
        Object value = values.get(limit);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of((Double) value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LimitSettings o && o.values.equals(values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        StringBuilder b = new StringBuilder();
        values.forEach((limit, value) -> b.append(b.isEmpty() ? "" : ", ")
                .append(limit.key())
                .append('=')
                .append(value));
        return b.isEmpty() ? "nothing" : b.toString();
    }
}
