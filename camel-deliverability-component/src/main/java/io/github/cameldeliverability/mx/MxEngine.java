package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.spi.Store;
import org.apache.camel.CamelContext;

/** Puts the rooms together: the only class that sees them all. */
final class MxEngine {

    private MxEngine() {}

    static MailEngine open(CamelContext context, MailEngine.Settings settings, Store store) {
        MailEngine.Factory factory = context.getRegistry().findSingleByType(MailEngine.Factory.class);
        if (factory == null) {
            throw new IllegalStateException(
                    "No mail engine: the registry holds no bean of type " + MailEngine.Factory.class.getName());
        }
        try {
            return factory.open(context, settings, store);
        } catch (Exception e) {
            throw new IllegalStateException("Cannot put the mail engine together: " + e.getMessage(), e);
        }
    }
}
