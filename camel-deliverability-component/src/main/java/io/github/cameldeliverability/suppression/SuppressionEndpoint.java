package io.github.cameldeliverability.suppression;

import io.github.cameldeliverability.intake.SoftBounceRule;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mx.SharedStores;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.ScheduledPollEndpoint;

/**
 * Ask, change and follow a list of e-mail addresses that must not be mailed.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "suppression",
        title = "Suppression List",
        syntax = "suppression:list",
        category = {Category.MAIL},
        remote = false,
        headersClass = SuppressionConstants.class)
public class SuppressionEndpoint extends ScheduledPollEndpoint {

    @UriPath
    @Metadata(required = true, description = "The name of the list.")
    private final String list;

    @UriParam
    private SuppressionConfiguration configuration;

    private volatile Store store;
    private SuppressionLinks links;

    public SuppressionEndpoint(
            String uri, SuppressionComponent component, String list, SuppressionConfiguration configuration) {
        super(uri, component);
        this.list = list;
        this.configuration = configuration;
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public Producer createProducer() {
        // What is wrong with the options is said at the start, not by the first exchange.
        softBounceRule();
        SuppressionOptions.checks(configuration.getExempt(), configuration.getCanonical());
        SuppressionOptions.scopes(configuration.getScopes());
        return new SuppressionProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (configuration.getConsumer() == null || configuration.getConsumer().isBlank()) {
            throw new IllegalArgumentException(
                    "The option consumer is missing: the name under which the position in the" + " feed of list " + list
                            + " is kept");
        }
        if (configuration.getBatchSize() < 1) {
            throw new IllegalArgumentException("batchSize must be 1 or more: " + configuration.getBatchSize());
        }
        if (configuration.getRetryDelay() < 1 || configuration.getMaxRetryDelay() < configuration.getRetryDelay()) {
            throw new IllegalArgumentException("retryDelay must be positive and at most maxRetryDelay: "
                    + configuration.getRetryDelay() + " and " + configuration.getMaxRetryDelay() + " ms");
        }
        if (configuration.getReplayFrom() != null) {
            SuppressionOptions.instant("replayFrom", configuration.getReplayFrom());
        }
        SuppressionConsumer consumer = new SuppressionConsumer(this, processor, Clock.systemUTC());
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    protected void doStart() throws Exception {
        store = SharedStores.of(getCamelContext()).acquire(configuration.getStore());
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        Store s = store;
        store = null;
        forgetLinks();
        if (s != null) {
            SharedStores.of(getCamelContext()).release(s);
        }
    }

    synchronized SuppressionLinks links() {
        if (links == null) {
            links = new SuppressionLinks(list, store(), configuration.getTokenSecret());
        }
        return links;
    }

    SoftBounceRule softBounceRule() {
        return new SoftBounceRule(
                configuration.getSoftBounceLimit(),
                Math.min(configuration.getSoftBounceDays(), Math.max(1, configuration.getSoftBounceLimit())),
                Duration.ofMillis(configuration.getSoftBounceDecay()),
                Duration.ofMillis(configuration.getCoolDown()),
                Duration.ofMillis(configuration.getMaxCoolDown()));
    }

    Store store() {
        Store s = store;
        if (s == null) {
            throw new IllegalStateException("The endpoint is not started: " + this);
        }
        return s;
    }

    private synchronized void forgetLinks() {
        links = null;
    }

    public String getList() {
        return list;
    }

    public SuppressionConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(SuppressionConfiguration configuration) {
        this.configuration = configuration;
    }
}
