package io.github.cameldeliverability.mailbox;

import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes wrong with a mailbox: one line in the log, written by whoever saw it. What Camel hears of it afterwards, so that
 * its health check knows, is not logged again.
 */
final class MailboxFaults implements ExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(MailboxFaults.class);

    @Override
    public void handleException(Throwable exception) {
        handleException(null, null, exception);
    }

    @Override
    public void handleException(String message, Throwable exception) {
        handleException(message, null, exception);
    }

    @Override
    public void handleException(String message, Exchange exchange, Throwable exception) {
        LOG.debug("{}", Optional.ofNullable(message).orElse("A mailbox failed"), exception);
    }

    /** What happens when a connection is closed that is closed already, or dead. */
    static void ignored(Exception e) {
        LOG.debug("While closing a mailbox: {}", e.toString(), e);
    }

    /** The words of the outermost exception that has some, with its innermost cause where that says more. */
    static String reason(Throwable e) {
        Throwable inner = e;
        while (inner.getCause() != null && inner.getCause() != inner) {
            inner = inner.getCause();
        }
        String outer = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        String cause = inner == e || inner.getMessage() == null || outer.contains(inner.getMessage())
                ? ""
                : " (" + inner.getClass().getSimpleName() + ": " + inner.getMessage() + ")";
        return (outer + cause).replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }
}
