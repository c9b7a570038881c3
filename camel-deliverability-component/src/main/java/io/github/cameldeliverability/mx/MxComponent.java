package io.github.cameldeliverability.mx;

import io.github.cameldeliverability.compose.MessageStamp;
import io.github.cameldeliverability.delivery.DeliveryListener;
import io.github.cameldeliverability.dns.AddressFamily;
import io.github.cameldeliverability.mail.EffectKey;
import io.github.cameldeliverability.mail.Lane;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.shaping.KeyText;
import io.github.cameldeliverability.shaping.KillSwitch;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.SSLContextParametersAware;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;
import org.apache.camel.support.jsse.SSLContextParameters;

/** Owns what the endpoints share: the streams, the engine that delivers them, and the threads on which routes go on. */
@ManagedResource(description = "Mail straight to MX hosts")
@Component("mx")
public class MxComponent extends HealthCheckComponent implements SSLContextParametersAware {

    /** Routes go on there and may wait for databases: more than there are processors. */
    private static final int REPLY_THREADS = 10;

    private static final String JMX = "JMX";
    private static final long ORDER_SECONDS = 30;

    @Metadata
    private MxConfiguration configuration = new MxConfiguration();

    @Metadata(defaultValue = SharedStores.DEFAULT_STORE)
    private String store = SharedStores.DEFAULT_STORE;

    @Metadata
    private String dnsServers;

    @Metadata(label = "advanced")
    private AddressFamily addressFamily;

    @Metadata(label = "advanced", defaultValue = "25")
    private int smtpPort = 25;

    @Metadata(label = "advanced")
    private int workerThreads;

    @Metadata(label = "advanced", defaultValue = "30d", javaType = "java.time.Duration")
    private long eventRetention = 2_592_000_000L;

    @Metadata(label = "advanced")
    private String reactions;

    @Metadata(label = "advanced")
    private String rules;

    @Metadata
    private String providers;

    @Metadata(label = "security", secret = true)
    private String tokenSecret;

    @Metadata(label = "security")
    private SSLContextParameters sslContextParameters;

    @Metadata(label = "security", defaultValue = "false")
    private boolean useGlobalSslContextParameters;

    @Metadata(label = "advanced", autowired = true)
    private DeliveryListener deliveryListener;

    private final MessageStamp stamp = new MessageStamp(Clock.systemUTC(), new SecureRandom());
    private volatile MxStreams streams = new MxStreams(this);
    private volatile Optional<ReplyThreads> replyThreads = Optional.empty();
    private MailEngine.Factory engineFactory = MxEngine::open;

    public MxComponent() {}

    public MxComponent(CamelContext context) {
        super(context);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        if (remaining == null || !remaining.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException("The name of a stream is made of letters, digits, '.', '_' and '-': "
                    + "want mx:transactional, got mx:" + remaining);
        }
        Set<String> stated = new HashSet<>(parameters.keySet());
        MxEndpoint endpoint = new MxEndpoint(uri, this, remaining, configuration.copy());
        setProperties(endpoint, parameters);
        endpoint.setStated(stated);
        return endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        if (smtpPort < 1 || smtpPort > 65_535) {
            throw new IllegalArgumentException("smtpPort of the mx component must be 1 to 65535: " + smtpPort);
        }
        if (eventRetention <= 0) {
            throw new IllegalArgumentException(
                    "eventRetention of the mx component must be positive: " + eventRetention + " ms");
        }
        replyThreads = Optional.of(new ReplyThreads(getCamelContext(), this, Math.max(REPLY_THREADS, threads())));
    }

    @Override
    protected void doStop() throws Exception {
        streams.close();
        replyThreads.ifPresent(ReplyThreads::stop);
        super.doStop();
    }

    /** What holds for a lane now, and who says so; empty where nothing is delivered. */
    public List<String> explain(Lane lane) {
        return streams.engine().map(e -> e.explain(lane)).orElse(List.of());
    }

    @ManagedOperation(description = "The effects on the mail of this node, a line each")
    public List<String> effects() {
        return streams.engine().map(MailEngine::effects).orElse(List.of());
    }

    @ManagedOperation(description = "What holds for a lane (stream, source address or default, provider), a line each")
    public List<String> explain(String stream, String source, String provider) {
        return explain(new Lane(stream, source, provider));
    }

    @ManagedOperation(description = "Ends an effect: recovers by steps; cancelled again, it is over at once")
    public boolean cancelEffect(String id) throws Exception {
        return order(s -> s.effects().cancel(id, JMX));
    }

    @ManagedOperation(description = "Sets another end for an effect, seconds from now")
    public boolean extendEffect(String id, long seconds) throws Exception {
        if (seconds <= 0) {
            throw new IllegalArgumentException(
                    "want seconds from now, not " + seconds + "; cancelEffect ends an effect");
        }
        Instant until = Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.MILLIS);
        return order(s -> s.effects().extend(id, until, JMX));
    }

    @ManagedOperation(description = "Stops mail until it is revived; the key is like: stream=news provider=yahoo")
    public String kill(String key, String why) throws Exception {
        return order(s -> new KillSwitch(s.effects(), new SecureRandom()).kill(key(key), JMX, why, Instant.now()))
                .id();
    }

    @ManagedOperation(description = "Ends a kill of exactly this key; the mail comes back by steps")
    public boolean revive(String key) throws Exception {
        return order(s -> new KillSwitch(s.effects(), new SecureRandom()).revive(key(key), JMX));
    }

    @ManagedOperation(description = "Reads the rules of effects anew")
    public void reloadReactions() throws Exception {
        Optional<MailEngine> engine = streams.engine();
        if (engine.isPresent()) {
            engine.get().reloadReactions();
        }
    }

    private static EffectKey key(String text) {
        return KeyText.read(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "want stream=NAME, provider=NAME or tag=WORD, together all must hold; not: " + text));
    }

    /** Blocking: gives the store an order. */
    private <T> T order(Function<Store, CompletionStage<T>> order) throws Exception {
        SharedStores stores = SharedStores.of(getCamelContext());
        Store s = stores.acquire(store);
        try {
            return order.apply(s).toCompletableFuture().get(ORDER_SECONDS, TimeUnit.SECONDS);
        } finally {
            stores.release(s);
        }
    }

    /**
     * Moves the warm-ups on to the present day, writes down where they are, and says it, line by line. They are right
     * without it: this is for schedulers that want it at a moment of their own.
     */
    public List<String> tickWarmups() {
        Optional<MailEngine> engine = streams.engine();
        engine.ifPresent(MailEngine::tickWarmups);
        return engine.map(MailEngine::warmups).orElse(List.of());
    }

    MxStreams streams() {
        return streams;
    }

    ReplyThreads replyThreads() {
        return replyThreads.orElseThrow(() -> new IllegalStateException("The mx component is not started"));
    }

    MessageStamp stamp() {
        return stamp;
    }

    MailEngine.Factory engineFactory() {
        return engineFactory;
    }

    /** For tests: the engine that stands in for the built-in one. */
    void setEngineFactory(MailEngine.Factory factory) {
        engineFactory = factory;
    }

    MailEngine.Settings engineSettings() throws Exception {
        List<String> dns = dnsServers == null
                ? List.of()
                : Stream.of(dnsServers.split(","))
                        .map(String::strip)
                        .filter(s -> !s.isEmpty())
                        .toList();
        SSLContextParameters tls =
                sslContextParameters != null ? sslContextParameters : retrieveGlobalSslContextParameters();
        Optional<SSLContext> context =
                tls == null ? Optional.empty() : Optional.of(tls.createSSLContext(getCamelContext()));
        return new MailEngine.Settings(
                dns,
                Optional.ofNullable(addressFamily),
                smtpPort,
                threads(),
                Optional.ofNullable(tokenSecret),
                context,
                Duration.ofMillis(eventRetention),
                Optional.ofNullable(reactions),
                Optional.ofNullable(rules).filter(r -> !r.isBlank()),
                Optional.ofNullable(providers).filter(p -> !p.isBlank()),
                deliveryListener == null ? event -> {} : deliveryListener);
    }

    private int threads() {
        return workerThreads > 0
                ? workerThreads
                : Math.max(2, Runtime.getRuntime().availableProcessors());
    }

    public MxConfiguration getConfiguration() {
        return configuration;
    }

    /** The options that endpoints have where they state no others. */
    public void setConfiguration(MxConfiguration configuration) {
        this.configuration = configuration;
    }

    public String getStore() {
        return store;
    }

    /**
     * The database that holds queue, events and suppressions: a file, relative to the working directory, or the name of a
     * Store bean. The mx, bounce and suppression components of one context that name the same file share it.
     */
    public void setStore(String store) {
        this.store = store;
    }

    public String getDnsServers() {
        return dnsServers;
    }

    /** The resolvers to ask, comma-separated host or host:port. Those of the system if not set. */
    public void setDnsServers(String dnsServers) {
        this.dnsServers = dnsServers;
    }

    public AddressFamily getAddressFamily() {
        return addressFamily;
    }

    /**
     * Which addresses of mail hosts are asked for and tried, and in which order. Not set, those of the families that this
     * machine has an address of, IPv4 first; it looks again each minute.
     */
    public void setAddressFamily(AddressFamily addressFamily) {
        this.addressFamily = addressFamily;
    }

    public int getSmtpPort() {
        return smtpPort;
    }

    /** The port of every mail host (RFC 5321 says 25); another one is for tests. */
    public void setSmtpPort(int smtpPort) {
        this.smtpPort = smtpPort;
    }

    public int getWorkerThreads() {
        return workerThreads;
    }

    /** Threads that sign and prepare messages. One a processor if 0, but at least 2. */
    public void setWorkerThreads(int workerThreads) {
        this.workerThreads = workerThreads;
    }

    public long getEventRetention() {
        return eventRetention;
    }

    /**
     * How long delivery events are kept in the store, as the history of a recipient, once they were consumed. Events that
     * nobody consumes are kept three times as long.
     */
    public void setEventRetention(long eventRetention) {
        this.eventRetention = eventRetention;
    }

    public String getProviders() {
        return providers;
    }

    /**
     * A YAML file, or a resource such as classpath:limits.yaml, with limits of providers, domains and streams, limits that
     * lanes share, warm-ups, quotas and retry schedules, on top of the built-in ones. A changed file is taken up without a
     * restart.
     */
    public void setProviders(String providers) {
        this.providers = providers;
    }

    public String getRules() {
        return rules;
    }

    /**
     * Rule packs that say what replies mean, comma-separated, asked before the built-in ones: file: and a file or folder, or
     * a resource such as classpath:ours.yaml. Changed files are taken up without a restart.
     */
    public void setRules(String rules) {
        this.rules = rules;
    }

    public String getReactions() {
        return reactions;
    }

    /**
     * Files of rules that say what is done when servers refuse often, comma-separated, on top of the built-in rules. They
     * are read again when they change.
     */
    public void setReactions(String reactions) {
        this.reactions = reactions;
    }

    public String getTokenSecret() {
        return tokenSecret;
    }

    /**
     * The secret that VERP tokens are made with; all nodes and the bounce endpoints need the same. One that the store makes
     * and keeps if not set.
     */
    public void setTokenSecret(String tokenSecret) {
        this.tokenSecret = tokenSecret;
    }

    public DeliveryListener getDeliveryListener() {
        return deliveryListener;
    }

    /**
     * Is told of every delivery event of this node after it was recorded, for metrics and progress. Not durable: routes
     * that must see every event consume from mx.
     */
    public void setDeliveryListener(DeliveryListener deliveryListener) {
        this.deliveryListener = deliveryListener;
    }

    public SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    /** Trust, protocols and ciphers of the TLS sessions. Whether certificates are checked is the option tlsPolicy. */
    public void setSslContextParameters(SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
    }

    @Override
    public boolean isUseGlobalSslContextParameters() {
        return useGlobalSslContextParameters;
    }

    /** Whether the context's global TLS parameters are used where sslContextParameters is not set. */
    @Override
    public void setUseGlobalSslContextParameters(boolean useGlobalSslContextParameters) {
        this.useGlobalSslContextParameters = useGlobalSslContextParameters;
    }
}
