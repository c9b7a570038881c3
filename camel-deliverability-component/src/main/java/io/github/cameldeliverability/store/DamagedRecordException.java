package io.github.cameldeliverability.store;

/** A stored record that cannot be read; becomes an {@code IOException} before it leaves the room. */
final class DamagedRecordException extends RuntimeException {

    DamagedRecordException(String message) {
        super(message);
    }
}
