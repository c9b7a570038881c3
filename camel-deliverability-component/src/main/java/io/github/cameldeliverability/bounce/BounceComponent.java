package io.github.cameldeliverability.bounce;

import io.github.cameldeliverability.intake.Correlator;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.mail.spi.VerdictEngine;
import io.github.cameldeliverability.token.HmacReturnTokens;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Makes {@code bounce:ruleset} endpoints, which share the rules that they name. */
@Component("bounce")
public class BounceComponent extends DefaultComponent {

    /** The name under which the store keeps the secret of return addresses; the mx component uses the same. */
    public static final String SECRET_NAME = "return-tokens";

    private static final long STORE_TIMEOUT_SECONDS = 30;

    @Metadata
    private BounceConfiguration configuration = new BounceConfiguration();

    private final Map<String, RuleFiles> rules = new HashMap<>();
    private Optional<ScheduledExecutorService> timer = Optional.empty();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        if (remaining == null || remaining.isBlank()) {
            throw new IllegalArgumentException("The name of a set of rules is missing, want bounce:default in: " + uri);
        }
        BounceEndpoint endpoint = new BounceEndpoint(uri, this, remaining, configuration.copy());
        setProperties(endpoint, parameters);
        return endpoint;
    }

    @Override
    protected void doStop() throws Exception {
        synchronized (this) {
            rules.clear();
            timer.ifPresent(getCamelContext().getExecutorServiceManager()::shutdownNow);
            timer = Optional.empty();
        }
        super.doStop();
    }

    /** Blocking with the first call for these packs: reads, checks and compiles them. Changed files are followed. */
    synchronized VerdictEngine rules(String packs) throws IOException {
        return ruleFiles(packs == null ? "" : packs.strip());
    }

    private RuleFiles ruleFiles(String packs) throws IOException {
        RuleFiles known = rules.get(packs);
        if (known != null) {
            return known;
        }
        RuleFiles files = packs.isEmpty()
                ? RuleFiles.open(getCamelContext(), RulePackEngine.builtIn(), Optional.empty())
                : RuleFiles.open(getCamelContext(), ruleFiles("").current(), Optional.of(packs));
        if (!packs.isEmpty()) {
            timer = timer.or(() -> Optional.of(getCamelContext()
                    .getExecutorServiceManager()
                    .newSingleThreadScheduledExecutor(this, "BounceRules")));
            files.follow(timer.get());
        }
        rules.put(packs, files);
        return files;
    }

    /** Blocking: waits for the store's secret where none is given. */
    Correlator correlator(Store store, Optional<String> secret)
            throws InterruptedException, ExecutionException, TimeoutException {
        byte[] key = secret.isPresent()
                ? secret.get().getBytes(StandardCharsets.UTF_8)
                : store.secret(SECRET_NAME).toCompletableFuture().get(STORE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return new Correlator(new HmacReturnTokens(key), store.events());
    }

    public BounceConfiguration getConfiguration() {
        return configuration;
    }

    /**
     * The options that endpoints start from.
     */
    public void setConfiguration(BounceConfiguration configuration) {
        this.configuration = configuration;
    }
}
