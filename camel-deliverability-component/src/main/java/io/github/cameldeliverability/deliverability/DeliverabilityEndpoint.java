package io.github.cameldeliverability.deliverability;

import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mx.SharedStores;
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
 * See what holds mail back and why, and change it.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "deliverability",
        title = "Deliverability",
        syntax = "deliverability:operation",
        category = {Category.MAIL},
        producerOnly = true,
        remote = false,
        headersClass = DeliverabilityConstants.class)
public class DeliverabilityEndpoint extends DefaultEndpoint {

    @UriPath
    @Metadata(
            required = true,
            description = "What to do: explain, effects, cancel-effect, extend-effect, kill or revive.")
    private final DeliverabilityOperation operation;

    @UriParam(defaultValue = SharedStores.DEFAULT_STORE)
    private String store = SharedStores.DEFAULT_STORE;

    @UriParam
    private String stream;

    @UriParam
    private String provider;

    @UriParam
    private String tag;

    private volatile Store opened;

    public DeliverabilityEndpoint(String uri, DeliverabilityComponent component, DeliverabilityOperation operation) {
        super(uri, component);
        this.operation = operation;
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public Producer createProducer() {
        return new DeliverabilityProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException(
                "deliverability: has no consumer; effects are followed by from(\"mx:stream?feed=EFFECTS\")");
    }

    @Override
    protected void doStart() throws Exception {
        opened = SharedStores.of(getCamelContext()).acquire(store);
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        Store closing = opened;
        opened = null;
        if (closing != null) {
            SharedStores.of(getCamelContext()).release(closing);
        }
    }

    Store opened() {
        Store s = opened;
        if (s == null) {
            throw new IllegalStateException("The endpoint is not started: " + this);
        }
        return s;
    }

    public DeliverabilityOperation getOperation() {
        return operation;
    }

    public String getStore() {
        return store;
    }

    /** The database of the engine: a file, relative to the working directory, or the name of a Store bean. */
    public void setStore(String store) {
        this.store = store;
    }

    public String getStream() {
        return stream;
    }

    /** The stream, where the exchange names none. */
    public void setStream(String stream) {
        this.stream = stream;
    }

    public String getProvider() {
        return provider;
    }

    /** The provider, as in events, where the exchange names none. */
    public void setProvider(String provider) {
        this.provider = provider;
    }

    public String getTag() {
        return tag;
    }

    /** The tag, where the exchange names none. */
    public void setTag(String tag) {
        this.tag = tag;
    }
}
