package io.github.cameldeliverability.bounce;

import io.github.cameldeliverability.feedback.FeedbackReader;
import io.github.cameldeliverability.feedback.ReadLimits;
import io.github.cameldeliverability.intake.Correlator;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import io.github.cameldeliverability.mx.SharedStores;
import java.time.Clock;
import java.util.Optional;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Understand returned mail, complaints, automatic replies and SMTP replies.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "bounce",
        title = "Bounce",
        syntax = "bounce:ruleset",
        category = {Category.MAIL},
        producerOnly = true,
        remote = false,
        headersClass = BounceConstants.class)
public class BounceEndpoint extends DefaultEndpoint {

    @UriPath
    @Metadata(
            required = true,
            description =
                    "The name of the set of rules: `default` for the built-in ones, or any name for them with packs of"
                            + " your own (option rules).")
    private final String ruleset;

    @UriParam
    private BounceConfiguration configuration;

    private volatile Store store;
    private volatile VerdictEngine verdicts;
    private volatile FeedbackReader reader;
    private volatile Correlator correlator;

    public BounceEndpoint(String uri, BounceComponent component, String ruleset, BounceConfiguration configuration) {
        super(uri, component);
        this.ruleset = ruleset;
        this.configuration = configuration;
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public Producer createProducer() {
        return new BounceProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException(
                "bounce: has no consumer; consume the mailbox and send the mails to it: "
                        + "from(\"imaps:...\").to(\"bounce:" + ruleset + "\")");
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        BounceComponent component = (BounceComponent) getComponent();
        if (configuration.getMaxSize() < 1) {
            throw new IllegalArgumentException("maxSize must be positive: " + configuration.getMaxSize());
        }
        verdicts = component.rules(configuration.getRules());
        ReadLimits d = ReadLimits.DEFAULT;
        reader = new FeedbackReader(
                verdicts,
                Clock.systemUTC(),
                new ReadLimits(
                        configuration.getMaxSize(),
                        d.textBytes(),
                        d.parts(),
                        d.depth(),
                        d.headerFields(),
                        d.recipients()));
        if (configuration.isCorrelate()) {
            store = SharedStores.of(getCamelContext()).acquire(configuration.getStore());
            correlator = component.correlator(store, Optional.ofNullable(configuration.getTokenSecret()));
        }
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        correlator = null;
        Store s = store;
        store = null;
        if (s != null) {
            SharedStores.of(getCamelContext()).release(s);
        }
    }

    FeedbackReader reader() {
        return reader;
    }

    VerdictEngine verdicts() {
        return verdicts;
    }

    /** Empty where {@code correlate=false}. */
    Optional<Correlator> correlator() {
        return Optional.ofNullable(correlator);
    }

    public String getRuleset() {
        return ruleset;
    }

    public BounceConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(BounceConfiguration configuration) {
        this.configuration = configuration;
    }
}
