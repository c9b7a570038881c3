package io.github.cameldeliverability.dkim;

/** A private key that cannot sign; the message names the file and says why, and never shows the key. */
public final class DkimKeyException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public DkimKeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
