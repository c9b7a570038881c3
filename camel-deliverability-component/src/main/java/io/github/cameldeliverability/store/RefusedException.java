package io.github.cameldeliverability.store;

/**
 * An operation was refused for what it asks, before it wrote anything, so that the others of its batch are not touched.
 * Trying again cannot help; the caller sees {@link #reason}.
 */
final class RefusedException extends Exception {

    private final transient RuntimeException reason;

    RefusedException(RuntimeException reason) {
        super(reason.getMessage(), reason, false, false);
        this.reason = reason;
    }

    RuntimeException reason() {
        return reason;
    }
}
