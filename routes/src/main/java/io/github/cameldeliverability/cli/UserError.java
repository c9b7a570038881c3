package io.github.cameldeliverability.cli;

/** A mistake of the person at the keyboard: the message names what was wrong and the fix; exit code 2. */
final class UserError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UserError(String message) {
        super(message);
    }

    UserError(String message, Throwable cause) {
        super(message, cause);
    }
}
