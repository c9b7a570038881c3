package io.github.cameldeliverability.bounce;

import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;

/**
 * The body is no mail, or cannot be read as one. Trying again does not help: a route sets the mail aside
 * ({@code onException(UnreadableMailException.class)}). A mail that is no bounce is not unreadable.
 */
public class UnreadableMailException extends CamelExchangeException {

    private static final long serialVersionUID = 1L;

    public UnreadableMailException(String message, Exchange exchange, Throwable cause) {
        super(message, exchange, cause);
    }
}
