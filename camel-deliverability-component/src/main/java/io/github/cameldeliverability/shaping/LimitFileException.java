package io.github.cameldeliverability.shaping;

/** A file of limits cannot be used; the message names file, line, key and what is wanted. */
public final class LimitFileException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    LimitFileException(String message) {
        super(message);
    }

    LimitFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
