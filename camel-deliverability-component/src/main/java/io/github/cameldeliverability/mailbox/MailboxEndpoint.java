package io.github.cameldeliverability.mailbox;

import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mx.SharedStores;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.ScheduledPollEndpoint;

/**
 * Take mails out of a mailbox over IMAP (at once, by IDLE) or POP3, each once, as bytes.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "mailbox",
        title = "Mailbox",
        syntax = "mailbox:host:port",
        category = {Category.MAIL},
        consumerOnly = true,
        headersClass = MailboxConstants.class)
public class MailboxEndpoint extends ScheduledPollEndpoint implements EndpointServiceLocation {

    private static final long DEFAULT_DELAY = 60_000;

    @UriPath
    @Metadata(required = true, description = "The mail server.")
    private final String host;

    @UriPath
    @Metadata(description = "Its port; by default that of the protocol: 993, 143, 995 or 110.")
    private int port;

    @UriParam
    private MailboxConfiguration configuration;

    private volatile Store store;

    public MailboxEndpoint(String uri, MailboxComponent component, String host, MailboxConfiguration configuration) {
        super(uri, component);
        this.host = host;
        this.configuration = configuration;
        setDelay(DEFAULT_DELAY);
        setInitialDelay(0);
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("mailbox: reads mailboxes; to send mail use mx:STREAM");
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        configuration.check();
        MailboxConsumer consumer = new MailboxConsumer(this, processor);
        configureConsumer(consumer);
        consumer.chooseScheduler();
        return consumer;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        store = SharedStores.of(getCamelContext()).acquire(configuration.getStore());
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        Store s = store;
        store = null;
        if (s != null) {
            SharedStores.of(getCamelContext()).release(s);
        }
    }

    Store store() {
        return store;
    }

    /** As people write it: {@code bounces@imap.example.com:993}. */
    String title() {
        return configuration.getUsername() + "@" + host + ":" + effectivePort();
    }

    int effectivePort() {
        return port > 0 ? port : configuration.getProtocol().port();
    }

    @Override
    public String getServiceUrl() {
        return host + ":" + effectivePort();
    }

    @Override
    public String getServiceProtocol() {
        return configuration.getProtocol().id();
    }

    public String getHost() {
        return host;
    }

    public int getPort() {
        return port;
    }

    public void setPort(int port) {
        this.port = port;
    }

    public MailboxConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(MailboxConfiguration configuration) {
        this.configuration = configuration;
    }
}
