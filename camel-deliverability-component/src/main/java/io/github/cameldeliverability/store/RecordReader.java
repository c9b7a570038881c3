package io.github.cameldeliverability.store;

import io.github.cameldeliverability.mail.EmailAddress;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** Reads what {@link RecordWriter} wrote. A damaged record is a {@link DamagedRecordException}, nothing else. */
final class RecordReader {

    private final String what;
    private final byte[] buffer;
    private int position;

    /** @param what names the record in messages */
    RecordReader(String what, byte[] buffer) {
        this.what = what;
        this.buffer = buffer;
    }

    /** Reads the version octet that begins every record. */
    void version(int known) {
        int version = octet();
        if (version != known) {
            throw new DamagedRecordException(what + " record has version " + version + ", this program reads " + known);
        }
    }

    int octet() {
        if (position >= buffer.length) {
            throw damaged("it ends too early");
        }
        return buffer[position++] & 0xff;
    }

    /** Whether nothing is left, as in records of releases that knew less. */
    boolean isAtEnd() {
        return position >= buffer.length;
    }

    boolean flag() {
        return octet() != 0;
    }

    long number() {
        long zigzag = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int octet = octet();
            zigzag |= (octet & 0x7fL) << shift;
            if (octet < 0x80) {
                return (zigzag >>> 1) ^ -(zigzag & 1);
            }
        }
        throw damaged("a number is too long");
    }

    int size() {
        long value = number();
        // Every element takes at least one octet, so a larger count is damage and must not reserve memory.
        if (value < 0 || value > buffer.length - position) {
            throw damaged("a length of " + value + " does not fit");
        }
        return (int) value;
    }

    int smallNumber() {
        long value = number();
        if (value != (int) value) {
            throw damaged("number out of range: " + value);
        }
        return (int) value;
    }

    String text() {
        int size = size();
        String value = new String(buffer, position, size, StandardCharsets.UTF_8);
        position += size;
        return value;
    }

    void skipText() {
        // In two steps: reading the size moves the position.
        int size = size();
        position += size;
    }

    Optional<String> optionalText() {
        return flag() ? Optional.of(text()) : Optional.empty();
    }

    Instant instant() {
        long seconds = number();
        long nanos = number();
        try {
            return Instant.ofEpochSecond(seconds, nanos);
        } catch (DateTimeException | ArithmeticException e) {
            throw damaged("no time: " + e.getMessage());
        }
    }

    Optional<Instant> optionalInstant() {
        return flag() ? Optional.of(instant()) : Optional.empty();
    }

    EmailAddress address() {
        String localPart = text();
        String domain = text();
        try {
            return new EmailAddress(localPart, domain);
        } catch (IllegalArgumentException e) {
            throw damaged(e.getMessage());
        }
    }

    DamagedRecordException damaged(String why) {
        return new DamagedRecordException(what + " record is damaged: " + why);
    }
}
