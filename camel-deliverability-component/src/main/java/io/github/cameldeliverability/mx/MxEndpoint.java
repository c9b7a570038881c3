package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.mail.Lane;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.SynchronousDelegateProducer;

/**
 * Deliver mail straight to the recipients' mail hosts from a durable queue, and learn what became of each recipient.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "mx",
        title = "MX",
        syntax = "mx:stream",
        category = {Category.MAIL},
        headersClass = MxConstants.class)
@ManagedResource(description = "Managed mx endpoint")
public class MxEndpoint extends DefaultEndpoint implements EndpointServiceLocation {

    @UriPath(
            description =
                    "The stream that owns the mail: its identity, keys, limits and queue, for example transactional")
    @Metadata(required = true)
    private final String stream;

    @UriParam
    private final MxConfiguration configuration;

    @UriParam(label = "advanced")
    private boolean synchronous;

    private volatile Set<String> stated = Set.of();

    public MxEndpoint(String uri, MxComponent component, String stream, MxConfiguration configuration) {
        super(uri, component);
        this.stream = stream;
        this.configuration = configuration;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        check("concurrentConsumers", configuration.getConcurrentConsumers(), 1, 1000);
        check("batchSize", configuration.getBatchSize(), 1, 10_000);
        check("lease", configuration.getLease(), 1000, Long.MAX_VALUE);
        check("failureDelay", configuration.getFailureDelay(), 0, Long.MAX_VALUE);
        // All endpoints of all routes are made before any of them starts: a stream starts with what all of them state.
        getComponent().streams().join(this);
    }

    private void check(String option, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(option + "=" + value + " of " + this + " must be at least " + min
                    + (max < Long.MAX_VALUE ? " and at most " + max : ""));
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        // Once more, for a start after a stop.
        getComponent().streams().join(this);
    }

    @Override
    protected void doStop() throws Exception {
        getComponent().streams().leave(this);
        super.doStop();
    }

    @Override
    public Producer createProducer() throws Exception {
        MxProducer producer = new MxProducer(this);
        return synchronous ? new SynchronousDelegateProducer(producer) : producer;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        Consumer consumer = configuration.getFeed() == EventFeed.EFFECTS
                ? new EffectConsumer(this, processor)
                : new MxConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public MxComponent getComponent() {
        return (MxComponent) super.getComponent();
    }

    public String getStream() {
        return stream;
    }

    public MxConfiguration getConfiguration() {
        return configuration;
    }

    public boolean isSynchronous() {
        return synchronous;
    }

    /** Whether the producer blocks its caller instead of going on asynchronously. */
    public void setSynchronous(boolean synchronous) {
        this.synchronous = synchronous;
    }

    /** What holds for a lane of this stream now and who set it, line by line. */
    @ManagedOperation(
            description =
                    "The limits in force for a lane and who set each: stream/source/provider, or a provider's name")
    public String explain(String lane) {
        Lane which = lane.indexOf('/') >= 0 ? Lane.parse(lane) : new Lane(stream, Lane.DEFAULT_SOURCE, lane.strip());
        return getComponent()
                .streams()
                .engine()
                .map(e -> String.join("\n", e.explain(which)))
                .orElse("the mx component delivers no stream");
    }

    /** Where the warm-ups of all streams are, line by line. */
    @ManagedOperation(description = "Where the warm-ups are")
    public String warmups() {
        return getComponent()
                .streams()
                .engine()
                .map(e -> String.join("\n", e.warmups()))
                .orElse("the mx component delivers no stream");
    }

    @Override
    public String getServiceUrl() {
        return "mx:" + stream;
    }

    @Override
    public String getServiceProtocol() {
        return "smtp";
    }

    HeaderFilterStrategy headerFilter() {
        return configuration.getHeaderFilterStrategy() != null
                ? configuration.getHeaderFilterStrategy()
                : MxHeaderFilterStrategy.of(configuration.getHeaderFields());
    }

    void setStated(Set<String> names) {
        stated = names.stream().map(n -> n.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether the URI names the option, be it with its default value. */
    boolean isStated(String option) {
        return stated.contains(option.toLowerCase(Locale.ROOT));
    }
}
