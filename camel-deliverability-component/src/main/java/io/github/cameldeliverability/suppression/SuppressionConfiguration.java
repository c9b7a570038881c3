package io.github.cameldeliverability.suppression;

import io.github.cameldeliverability.intake.SuppressionPolicy;
import io.github.cameldeliverability.mail.SuppressionKind;
import io.github.cameldeliverability.mx.SharedStores;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options of the {@code suppression} endpoint. */
@Configurer
@UriParams
public class SuppressionConfiguration implements Cloneable {

    @UriParam(defaultValue = SharedStores.DEFAULT_STORE)
    private String store = SharedStores.DEFAULT_STORE;

    @UriParam(label = "producer", defaultValue = "CHECK")
    private SuppressionOperation operation = SuppressionOperation.CHECK;

    @UriParam(label = "producer")
    private String stream;

    @UriParam(label = "producer")
    private String scope;

    @UriParam(label = "producer")
    private String scopes;

    @UriParam(label = "producer")
    private String exempt;

    @UriParam(label = "producer,advanced")
    private String canonical;

    @UriParam(label = "producer", defaultValue = "5")
    private int softBounceLimit = 5;

    @UriParam(label = "producer,advanced", defaultValue = "3")
    private int softBounceDays = 3;

    @UriParam(label = "producer,advanced", javaType = "java.time.Duration", defaultValue = "14d")
    private long softBounceDecay = 1_209_600_000L;

    @UriParam(label = "producer,advanced", javaType = "java.time.Duration", defaultValue = "3d")
    private long coolDown = 259_200_000L;

    @UriParam(label = "producer,advanced", javaType = "java.time.Duration", defaultValue = "90d")
    private long maxCoolDown = 7_776_000_000L;

    @UriParam(label = "producer,security", secret = true)
    private String tokenSecret;

    @UriParam(label = "producer,advanced", javaType = "java.time.Duration", defaultValue = "7d")
    private long tokenValidity = 604_800_000L;

    @UriParam(label = "producer,advanced")
    private String rule;

    @UriParam(label = "producer,advanced")
    private String provider;

    @UriParam(label = "producer,advanced")
    private String source;

    @UriParam(label = "producer,advanced")
    private String from;

    @UriParam(label = "producer,advanced")
    private String to;

    @UriParam(label = "producer")
    private boolean apply;

    @UriParam(label = "producer")
    private boolean dryRun;

    @UriParam(label = "producer,advanced")
    private boolean hashed;

    @UriParam(label = "producer", defaultValue = "MANUAL")
    private SuppressionKind kind = SuppressionKind.MANUAL;

    @UriParam(label = "producer", javaType = "java.time.Duration")
    private long expireAfter;

    @UriParam(label = "producer,security", defaultValue = "QUARANTINE")
    private SuppressionPolicy.Unauthenticated unauthenticated = SuppressionPolicy.Unauthenticated.QUARANTINE;

    @UriParam(label = "producer", defaultValue = "STREAM")
    private SuppressionPolicy.OptOutScope optOutScope = SuppressionPolicy.OptOutScope.STREAM;

    @UriParam(label = "producer", defaultValue = "NDJSON")
    private SuppressionFormat format = SuppressionFormat.NDJSON;

    @UriParam(label = "producer,advanced", defaultValue = "1000")
    private int limit = 1000;

    @UriParam(label = "consumer")
    private String consumer;

    @UriParam(label = "consumer")
    private String replayFrom;

    @UriParam(label = "consumer,advanced")
    private long maxLag;

    @UriParam(label = "consumer", defaultValue = "100")
    private int batchSize = 100;

    @UriParam(label = "consumer", defaultValue = "false")
    private boolean batch;

    @UriParam(label = "consumer", defaultValue = "OBJECT")
    private SuppressionBody body = SuppressionBody.OBJECT;

    @UriParam(label = "consumer", javaType = "java.time.Duration", defaultValue = "10s")
    private long retryDelay = 10_000;

    @UriParam(label = "consumer", javaType = "java.time.Duration", defaultValue = "10m")
    private long maxRetryDelay = 600_000;

    public SuppressionConfiguration copy() {
        try {
            return (SuppressionConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    public String getStore() {
        return store;
    }

    /**
     * The store that holds the list: the path of a database file, or the name of a Store bean. All endpoints that name the
     * same store share it.
     */
    public void setStore(String store) {
        this.store = store;
    }

    public SuppressionOperation getOperation() {
        return operation;
    }

    /**
     * What the producer does. The header CamelSuppressionOperation may choose another one for an exchange.
     */
    public void setOperation(SuppressionOperation operation) {
        this.operation = operation;
    }

    public String getStream() {
        return stream;
    }

    /**
     * The stream that is meant: CHECK asks its scope besides the global one, and APPLY puts complaints and unsubscriptions
     * into its scope where the feedback was not tied to a message of ours.
     */
    public void setStream(String stream) {
        this.stream = stream;
    }

    public String getScope() {
        return scope;
    }

    /**
     * The scope: global, stream:NAME, list:NAME or tenant:NAME. ADD and IMPORT add to it (default global); REMOVE removes from it (default from all
     * scopes).
     */
    public void setScope(String scope) {
        this.scope = scope;
    }

    public SuppressionKind getKind() {
        return kind;
    }

    /**
     * Why the addresses that ADD and IMPORT add must not be mailed, where neither header nor row says so.
     */
    public void setKind(SuppressionKind kind) {
        this.kind = kind;
    }

    public long getExpireAfter() {
        return expireAfter;
    }

    /**
     * After which time entries made by ADD and IMPORT end by themselves. 0 means never.
     */
    public void setExpireAfter(long expireAfter) {
        this.expireAfter = expireAfter;
    }

    public SuppressionPolicy.Unauthenticated getUnauthenticated() {
        return unauthenticated;
    }

    /**
     * What APPLY does with bounces and complaints that no token of ours proves, which anybody can forge. QUARANTINE withholds
     * and reports them, COUNT withholds them, ACCEPT believes them: for mail that was sent without VERP.
     */
    public void setUnauthenticated(SuppressionPolicy.Unauthenticated unauthenticated) {
        this.unauthenticated = unauthenticated;
    }

    public SuppressionPolicy.OptOutScope getOptOutScope() {
        return optOutScope;
    }

    /**
     * Where APPLY lets complaints and unsubscriptions count: for the stream that they answer, or for all streams.
     */
    public void setOptOutScope(SuppressionPolicy.OptOutScope optOutScope) {
        this.optOutScope = optOutScope;
    }

    public SuppressionFormat getFormat() {
        return format;
    }

    /**
     * The text form of IMPORT and EXPORT.
     */
    public void setFormat(SuppressionFormat format) {
        this.format = format;
    }

    public int getLimit() {
        return limit;
    }

    /**
     * How many entries LIST gives at most, and EXPORT and IMPORT handle at a time.
     */
    public void setLimit(int limit) {
        this.limit = limit;
    }

    public String getConsumer() {
        return consumer;
    }

    /**
     * The name under which the position in the change feed is kept. Each name gets every change, from the first one on. Needed
     * to consume.
     */
    public void setConsumer(String consumer) {
        this.consumer = consumer;
    }

    public int getBatchSize() {
        return batchSize;
    }

    /**
     * How many changes are read at a time, and how many an exchange holds with batch=true.
     */
    public void setBatchSize(int batchSize) {
        this.batchSize = batchSize;
    }

    public boolean isBatch() {
        return batch;
    }

    /**
     * Whether an exchange holds a list of changes instead of one change. The list succeeds or fails as a whole.
     */
    public void setBatch(boolean batch) {
        this.batch = batch;
    }

    public long getRetryDelay() {
        return retryDelay;
    }

    /**
     * After which time a change whose exchange failed is given out again; each further time it is twice as long. The header
     * CamelSuppressionRetryDelay may say otherwise.
     */
    public void setRetryDelay(long retryDelay) {
        this.retryDelay = retryDelay;
    }

    public long getMaxRetryDelay() {
        return maxRetryDelay;
    }

    /**
     * The longest time after which a change is given out again.
     */
    public void setMaxRetryDelay(long maxRetryDelay) {
        this.maxRetryDelay = maxRetryDelay;
    }

    public SuppressionBody getBody() {
        return body;
    }

    /**
     * What the consumer puts into the body: SuppressionChange objects, or JSON text.
     */
    public void setBody(SuppressionBody body) {
        this.body = body;
    }

    public String getScopes() {
        return scopes;
    }

    /**
     * Scopes that CHECK asks besides global and the stream's, separated by commas: list:NAME, tenant:NAME.
     */
    public void setScopes(String scopes) {
        this.scopes = scopes;
    }

    public String getExempt() {
        return exempt;
    }

    /**
     * Kinds that CHECK does not count, separated by commas: unsubscribe, complaint. Dead addresses always count.
     */
    public void setExempt(String exempt) {
        this.exempt = exempt;
    }

    public String getCanonical() {
        return canonical;
    }

    /**
     * Forms of an address that count as the same person, separated by commas: plus (ann+news is ann), gmail (dots and
     * googlemail.com). ADD, IMPORT and APPLY enter them as entries of their own, CHECK asks for them. None unless named here.
     */
    public void setCanonical(String canonical) {
        this.canonical = canonical;
    }

    public int getSoftBounceLimit() {
        return softBounceLimit;
    }

    /**
     * How many soft bounces, such as of a full mailbox, make APPLY give an address a pause. 0 counts none.
     */
    public void setSoftBounceLimit(int softBounceLimit) {
        this.softBounceLimit = softBounceLimit;
    }

    public int getSoftBounceDays() {
        return softBounceDays;
    }

    /**
     * On how many different days (UTC) these soft bounces must have come.
     */
    public void setSoftBounceDays(int softBounceDays) {
        this.softBounceDays = softBounceDays;
    }

    public long getSoftBounceDecay() {
        return softBounceDecay;
    }

    /**
     * Each such time without a soft bounce takes one off the count. A delivery makes all forgotten.
     */
    public void setSoftBounceDecay(long softBounceDecay) {
        this.softBounceDecay = softBounceDecay;
    }

    public long getCoolDown() {
        return coolDown;
    }

    /**
     * How long the first pause for soft bounces is; each further one is twice as long.
     */
    public void setCoolDown(long coolDown) {
        this.coolDown = coolDown;
    }

    public long getMaxCoolDown() {
        return maxCoolDown;
    }

    /**
     * The longest pause for soft bounces.
     */
    public void setMaxCoolDown(long maxCoolDown) {
        this.maxCoolDown = maxCoolDown;
    }

    public String getRule() {
        return rule;
    }

    /**
     * UNDO: the rule that judged wrongly, pack/rule.
     */
    public void setRule(String rule) {
        this.rule = rule;
    }

    public String getProvider() {
        return provider;
    }

    /**
     * UNDO: the provider that refused.
     */
    public void setProvider(String provider) {
        this.provider = provider;
    }

    public String getSource() {
        return source;
    }

    /**
     * UNDO: what made the entries, such as session, dsn, soft or import.
     */
    public void setSource(String source) {
        this.source = source;
    }

    public String getFrom() {
        return from;
    }

    /**
     * UNDO: when the incident began, an ISO-8601 instant such as 2026-12-31T00:00:00Z.
     */
    public void setFrom(String from) {
        this.from = from;
    }

    public String getTo() {
        return to;
    }

    /**
     * UNDO: the first moment after the incident.
     */
    public void setTo(String to) {
        this.to = to;
    }

    public boolean isApply() {
        return apply;
    }

    /**
     * Whether UNDO changes the list. Without it UNDO says what it would do.
     */
    public void setApply(boolean apply) {
        this.apply = apply;
    }

    public boolean isDryRun() {
        return dryRun;
    }

    /**
     * Whether IMPORT only says what it would do.
     */
    public void setDryRun(boolean dryRun) {
        this.dryRun = dryRun;
    }

    public boolean isHashed() {
        return hashed;
    }

    /**
     * Whether EXPORT gives keyed hashes instead of addresses, and no evidence.
     */
    public void setHashed(boolean hashed) {
        this.hashed = hashed;
    }

    public String getReplayFrom() {
        return replayFrom;
    }

    /**
     * Moves the consumer's position once so that it gets all changes from this ISO-8601 instant on. A restart with the same
     * value does not replay again.
     */
    public void setReplayFrom(String replayFrom) {
        this.replayFrom = replayFrom;
    }

    public long getMaxLag() {
        return maxLag;
    }

    /**
     * Health: how many changes the consumer may be behind before it is reported down. 0 means any number.
     */
    public void setMaxLag(long maxLag) {
        this.maxLag = maxLag;
    }

    public String getTokenSecret() {
        return tokenSecret;
    }

    /**
     * The secrets that tokens of links are made with, separated by commas: the first mints, all of them are accepted. Needed where
     * the mx component has a tokenSecret. One that the store makes and keeps if not set.
     */
    public void setTokenSecret(String tokenSecret) {
        this.tokenSecret = tokenSecret;
    }

    public long getTokenValidity() {
        return tokenValidity;
    }

    /**
     * How long a token of INVITE works.
     */
    public void setTokenValidity(long tokenValidity) {
        this.tokenValidity = tokenValidity;
    }
}
