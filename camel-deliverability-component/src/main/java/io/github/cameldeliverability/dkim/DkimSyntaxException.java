package io.github.cameldeliverability.dkim;

/** A DKIM-Signature field or a key record that is not what RFC 6376 asks for; the message says what is wrong. */
public final class DkimSyntaxException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public DkimSyntaxException(String message) {
        super(message);
    }

    public DkimSyntaxException(String message, Throwable cause) {
        super(message, cause);
    }
}
