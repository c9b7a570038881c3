package io.github.cameldeliverability.bounce;

import io.github.cameldeliverability.intake.Correlator;
import io.github.cameldeliverability.mail.spi.ReturnTokens;
import io.github.cameldeliverability.mail.spi.Store;
import io.github.cameldeliverability.verdict.RulePackEngine;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Makes {@code bounce:ruleset} endpoints, which share the rules that they name. */
@Component("bounce")
public class BounceComponent extends DefaultComponent {

    @Metadata
    private BounceConfiguration configuration = new BounceConfiguration();

    private final Map<String, RulePackEngine> rules = new HashMap<>();

    private BiFunction<Store, Optional<String>, ReturnTokens> tokens;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        if (remaining == null || remaining.isBlank()) {
            throw new IllegalArgumentException(
                    "The name of a set of rules is missing, want bounce:default in: " + uri);
        }
        BounceEndpoint endpoint = new BounceEndpoint(uri, this, remaining, configuration.copy());
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** Blocking with the first call for these packs: reads, checks and compiles them. */
    synchronized RulePackEngine rules(String packs) throws IOException {
        String key = packs == null ? "" : packs;
        RulePackEngine engine = rules.get(key);
        if (engine == null) {
            engine = key.isBlank() ? RulePackEngine.builtIn() : UserRules.layer(getCamelContext(), rules(null), key);
            rules.put(key, engine);
        }
        return engine;
    }

    Correlator correlator(Store store, Optional<String> secret) {
        return new Correlator(tokens.apply(store, secret), store.events());
    }

    void tokensFrom(BiFunction<Store, Optional<String>, ReturnTokens> tokens) {
        this.tokens = tokens;
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
