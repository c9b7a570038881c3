package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.EmailAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Writes the compact records that the database keeps as blobs: variable-length numbers, texts with their length in
 * front, one octet for absent values. Not thread-safe.
 */
final class RecordWriter {

    private byte[] buffer;
    private int length;

    RecordWriter(int sizeHint) {
        buffer = new byte[Math.max(16, sizeHint)];
    }

    RecordWriter octet(int value) {
        room(1);
        buffer[length++] = (byte) value;
        return this;
    }

    RecordWriter flag(boolean value) {
        return octet(value ? 1 : 0);
    }

    /** Seven bits an octet, lowest first; small numbers of either sign are short. */
    RecordWriter number(long value) {
        room(10);
        long zigzag = (value << 1) ^ (value >> 63);
        while ((zigzag & ~0x7fL) != 0) {
            buffer[length++] = (byte) (zigzag | 0x80);
            zigzag >>>= 7;
        }
        buffer[length++] = (byte) zigzag;
        return this;
    }

    RecordWriter text(String value) {
        byte[] octets = value.getBytes(StandardCharsets.UTF_8);
        number(octets.length);
        room(octets.length);
        System.arraycopy(octets, 0, buffer, length, octets.length);
        length += octets.length;
        return this;
    }

    RecordWriter optionalText(Optional<String> value) {
        flag(value.isPresent());
        value.ifPresent(this::text);
        return this;
    }

    RecordWriter instant(Instant value) {
        return number(value.getEpochSecond()).number(value.getNano());
    }

    RecordWriter optionalInstant(Optional<Instant> value) {
        flag(value.isPresent());
        value.ifPresent(this::instant);
        return this;
    }

    RecordWriter address(EmailAddress value) {
        return text(value.localPart()).text(value.domain());
    }

    byte[] toBytes() {
        return Arrays.copyOf(buffer, length);
    }

    private void room(int more) {
        if (buffer.length - length < more) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
        }
    }
}
