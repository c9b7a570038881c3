package io.github.cameldeliverability.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Makes queue ids: 16 characters of lower-case base32 ({@code 0-9a-v}) over 48 bits of milliseconds and 32 bits of chance.
 *
 * <p>As text they sort by time of making; within a process each is greater than the one before, even if the clock steps
 * back. Two processes make the same id only if both time and chance agree. Thread-safe.
 */
public final class QueueIds {

    private static final int LENGTH = 16;

    /** Large enough that ids of one millisecond do not tell how many were made, small enough for 65,536 of them. */
    private static final int STEP = 1 << 16;

    private final Clock clock;
    private final RandomGenerator random;
    private long lastMillis = -1;
    private long lastChance;

    public QueueIds(Clock clock, RandomGenerator random) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.random = Objects.requireNonNull(random, "random");
    }

    public String next() {
        long millis;
        long chance;
        synchronized (this) {
            long now = clock.millis();
            if (now > lastMillis) {
                lastMillis = now;
                lastChance = random.nextInt() & 0xffff_ffffL;
            } else {
                lastChance += 1 + random.nextInt(STEP);
                if (lastChance > 0xffff_ffffL) {
                    lastMillis++;
                    lastChance &= 0xffff_ffffL;
                }
            }
            millis = lastMillis;
            chance = lastChance;
        }
        byte[] octets = new byte[10];
        ByteBuffer.wrap(octets)
                .putShort((short) (millis >> 32))
                .putInt((int) millis)
                .putInt((int) chance);
        return Base32.encode(octets);
    }

    /**
     * The id that a caller's key stands for in a stream: the same for the same key, and as good as unique (80 bits of
     * SHA-256). Such ids do not sort by time.
     */
    public static String named(String stream, String key) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(stream.getBytes(StandardCharsets.UTF_8));
            sha.update((byte) 0);
            return Base32.encode(Arrays.copyOf(sha.digest(key.getBytes(StandardCharsets.UTF_8)), 10));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * When an id was made, to the millisecond.
     *
     * @throws IllegalArgumentException if it is none of ours
     */
    public static Instant timeOf(String queueId) {
        long millis = 0;
        for (int i = 0; i < queueId.length(); i++) {
            int value = Base32.value(queueId.charAt(i));
            if (value < 0 || queueId.length() != LENGTH) {
                break;
            }
            // The first 48 bits are nine digits and the upper three bits of the tenth.
            millis = i < 9 ? millis << 5 | value : i == 9 ? millis << 3 | value >> 2 : millis;
            if (i == LENGTH - 1) {
                return Instant.ofEpochMilli(millis);
            }
        }
        throw new IllegalArgumentException("not a queue id: \"" + queueId + "\"");
    }
}
