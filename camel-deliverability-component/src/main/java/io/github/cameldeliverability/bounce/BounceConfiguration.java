package io.github.cameldeliverability.bounce;

import io.github.cameldeliverability.mx.SharedStores;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options of the {@code bounce} endpoint. */
@Configurer
@UriParams
public class BounceConfiguration implements Cloneable {

    /** Larger than any mail that a large receiver takes. */
    static final int DEFAULT_MAX_SIZE = 32 * 1024 * 1024;

    @UriParam(label = "producer", defaultValue = SharedStores.DEFAULT_STORE)
    private String store = SharedStores.DEFAULT_STORE;

    @UriParam(label = "producer", defaultValue = "true")
    private boolean correlate = true;

    @UriParam(label = "producer,security", secret = true)
    private String tokenSecret;

    @UriParam(label = "producer", defaultValue = "33554432")
    private int maxSize = DEFAULT_MAX_SIZE;

    @UriParam(label = "producer")
    private String rules;

    @UriParam(label = "producer", defaultValue = "false")
    private boolean reports;

    public BounceConfiguration copy() {
        try {
            return (BounceConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    public String getStore() {
        return store;
    }

    /**
     * The store that knows what was sent: the path of a database file, or the name of a Store bean. The same as that of the
     * mx endpoint.
     */
    public void setStore(String store) {
        this.store = store;
    }

    public boolean isCorrelate() {
        return correlate;
    }

    /**
     * Whether mails are tied to messages of ours. Without it no store is opened, and nothing is authenticated.
     */
    public void setCorrelate(boolean correlate) {
        this.correlate = correlate;
    }

    public String getTokenSecret() {
        return tokenSecret;
    }

    /**
     * The secret of the tokens in return addresses, at least 16 octets, the same as that of the mx component. By default
     * the store holds one that was drawn at random.
     */
    public void setTokenSecret(String tokenSecret) {
        this.tokenSecret = tokenSecret;
    }

    public int getMaxSize() {
        return maxSize;
    }

    /**
     * How many bytes of a mail are read. What a larger mail says is understood from its beginning, where bounces say it, and
     * the header CamelBounceTruncated is set.
     */
    public void setMaxSize(int maxSize) {
        this.maxSize = maxSize;
    }

    public String getRules() {
        return rules;
    }

    /**
     * Rule packs of your own, layered on top of the built-in ones: YAML files or directories such as file:rules.yaml, or class
     * path resources such as classpath:rules.yaml, separated by commas.
     */
    public void setRules(String rules) {
        this.rules = rules;
    }

    public boolean isReports() {
        return reports;
    }

    /**
     * Whether the body becomes a list of MailReport where the mail holds DMARC or TLS reports. Without it the body is a
     * Feedback of kind none. Complaints stay a Feedback in both cases, since that is what suppresses.
     */
    public void setReports(boolean reports) {
        this.reports = reports;
    }
}
