package io.github.cameldeliverability.mx;

/** A message that fell back from a stream came to it again: it is refused, and offering it again cannot help. */
final class FallbackLoopException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    FallbackLoopException(String message) {
        super(message);
    }
}
